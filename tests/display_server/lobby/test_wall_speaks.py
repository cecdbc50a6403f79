"""The whole way, from the clerk's call to what the wall says: real server, real page, real words."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Page, Response

from tests.display_server.hall import Hall, Screens
from tests.support.eventually import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def sounds_of(page: Page) -> list[Response]:
    """The answers that the page gets when it asks for spoken calls, as they come."""
    heard: list[Response] = []
    page.on("response", lambda response: heard.append(response) if "/say/" in response.url else None)
    return heard


def said(response: Response) -> list[str]:
    return [call.split(":", 1)[1] for call in parse_qs(urlsplit(response.url).query)["call"]]


async def wall_with_ears(screens: Screens) -> tuple[Page, list[Response]]:
    wall = await screens.wall()
    heard = sounds_of(wall)
    await wall.locator('[data-health="live"]').wait_for(state="attached")
    return wall, heard


async def called(heard: list[Response], *calls: str) -> bool:
    async def all_came() -> bool:
        return {call for response in heard for call in said(response)} >= set(calls)

    return await eventually(all_came, within_s=30)


async def test_two_clerks_of_one_moment_are_both_spoken(hall: Hall, screens: Screens) -> None:
    for counter in ("1", "2"):
        await hall.command(f"counters/{counter}/open")
    await hall.numbers(2)
    _, heard = await wall_with_ears(screens)
    done = await asyncio.gather(*(hall.command(f"counters/{counter}/call-next") for counter in ("1", "2")))
    expected = [f"{call['ticket']['number']}:{counter}" for call, counter in zip(done, ("1", "2"), strict=True)]
    assert await called(heard, *expected)
    assert {response.status for response in heard} == {200}


async def test_a_recall_asks_for_other_words(hall: Hall, screens: Screens) -> None:
    await hall.command("counters/1/open")
    (number,) = await hall.numbers(1)
    _, heard = await wall_with_ears(screens)
    await hall.command("counters/1/call-next")
    assert await called(heard, f"{number}:1")
    recall_at = len(heard)

    async def recalled() -> bool:
        try:
            return bool(await hall.command("counters/1/recall"))
        except AssertionError:  # too soon
            return False

    assert await eventually(recalled, within_s=20)

    async def again() -> bool:
        return any("again=1" in response.url for response in heard[recall_at:])

    assert await eventually(again, within_s=20)

"""What is announced and what is only shown: the module itself, in the browser that it is written for."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from queue_core.domain.model import LAST_CALLS_KEPT
from tests.display_server.hall import Hall, screens_in

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

_PLAY = """async ([heard, steps, most]) => {
  const { Announcements } = await import("/static/lobby/announcements.js");
  const announcements = new Announcements(heard, () => true, most);
  const said = [];
  for (const step of steps) {
    if (step === "next") said.push(announcements.next()?.id ?? null);
    else announcements.sync(step);
  }
  return { said, due: announcements.due, shown: announcements.shown.map((call) => call.id) };
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def page(hall: Hall, browser: Browser) -> AsyncIterator[Page]:
    async with screens_in(browser, hall) as screens:
        yield await screens.wall()


def call(seq: int, at_ms: int | None = None) -> dict[str, Any]:
    return {"id": f"A{seq:03d}-{seq}", "number": f"A{seq:03d}", "at_ms": seq * 1000 if at_ms is None else at_ms}


async def play(page: Page, *steps: Any, heard: Any = None, most: int = LAST_CALLS_KEPT) -> dict[str, Any]:
    return dict(await page.evaluate(_PLAY, [heard, list(steps), most]))


async def test_what_was_called_before_the_screen_was_there_is_shown_but_not_announced(page: Page) -> None:
    played = await play(page, [call(2), call(1)], "next")
    assert played == {"said": [None], "due": 0, "shown": ["A002-2", "A001-1"]}


async def test_new_calls_are_announced_in_order_and_shown_only_then(page: Page) -> None:
    played = await play(page, [call(1)], [call(3), call(2), call(1)], "next")
    assert played == {"said": ["A002-2"], "due": 1, "shown": ["A002-2", "A001-1"]}


async def test_calls_of_one_millisecond_keep_the_order_of_the_log(page: Page) -> None:
    played = await play(page, [], [call(2, at_ms=5), call(1, at_ms=5)], "next", "next")
    assert played["said"] == ["A001-1", "A002-2"]


async def test_an_undone_call_is_neither_announced_nor_shown(page: Page) -> None:
    played = await play(page, [call(1)], [call(2), call(1)], [call(1)], "next")
    assert played == {"said": [None], "due": 0, "shown": ["A001-1"]}


async def test_the_days_first_call_undone_before_its_turn_is_not_announced(page: Page) -> None:
    played = await play(page, [], [call(2), call(1)], [call(2)], "next", "next")
    assert played == {"said": ["A002-2", None], "due": 0, "shown": ["A002-2"]}


async def test_a_call_undone_after_its_announcement_leaves_the_screen(page: Page) -> None:
    played = await play(page, [call(1)], [call(2), call(1)], "next", [call(1)], "next")
    assert played == {"said": ["A002-2", None], "due": 0, "shown": ["A001-1"]}


async def test_a_recall_is_a_call_of_its_own(page: Page) -> None:
    again = {**call(1), "id": "A001-7", "at_ms": 9000}
    played = await play(page, [call(1)], [again], "next")
    assert played == {"said": ["A001-7"], "due": 0, "shown": ["A001-7"]}


async def test_the_same_state_twice_announces_nothing_twice(page: Page) -> None:
    played = await play(page, [], [call(1)], [call(1)], "next", [call(1)], "next")
    assert played["said"] == ["A001-1", None]


async def test_a_call_that_fell_out_of_a_full_list_is_announced_all_the_same(page: Page) -> None:
    played = await play(page, [], [call(2), call(1)], [call(3), call(2)], "next", "next", "next", most=2)
    assert played["said"] == ["A001-1", "A002-2", "A003-3"]


async def test_a_new_day_forgets_what_was_due(page: Page) -> None:
    played = await play(page, [], [call(1)], [], "next")
    assert played == {"said": [None], "due": 0, "shown": []}


async def test_a_reloaded_page_goes_on_after_what_it_had_announced(page: Page) -> None:
    played = await play(page, [call(3), call(2), call(1)], "next", "next", heard={"at_ms": 2000, "seq": 2})
    assert played["said"] == ["A003-3", None]


async def test_after_a_new_epoch_numbering_starts_anew_but_time_goes_on(page: Page) -> None:
    played = await play(page, [call(900, at_ms=1000)], [call(3, at_ms=2000), call(900, at_ms=1000)], "next")
    assert played["said"] == ["A003-3"]

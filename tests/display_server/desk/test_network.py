"""A slow or cut connection: one call, never two; the page says how things stand and keeps what it last knew."""

import asyncio

import pytest
from playwright.async_api import Page, Route, WebSocketRoute, expect

from tests.display_server.desk.clerk import at_counter, call_next, open_desk
from tests.display_server.hall import Hall, Screens
from tests.support.eventually import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RECOVERS_WITHIN_MS = 40_000


class Gate:
    """Holds the calls of a desk back until it is opened. `keys` are the idempotency keys that came: one for a command,
    however often the page sends it because nobody answered in time."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self._opened = asyncio.Event()

    async def hold(self, route: Route) -> None:
        self.keys.add(route.request.headers["idempotency-key"])
        await self._opened.wait()
        await route.continue_()

    def open(self) -> None:
        self._opened.set()


async def test_a_slow_network_makes_one_call_of_many_presses(hall: Hall, screens: Screens) -> None:
    first, _ = await hall.numbers(2)
    desk, gate = await open_desk(screens), Gate()
    await desk.route("**/call-next", gate.hold)
    for _ in range(3):
        await desk.keyboard.press("n")
        await desk.locator("[data-part=next]").click(force=True)
    await expect(desk.locator("[data-part=slow]")).to_have_text("Wird noch gesendet … Es geschieht nur einmal.")
    await expect(desk.locator("[data-part=next]")).to_have_attribute("aria-busy", "true")
    gate.open()
    await expect(at_counter(desk)).to_have_text(first)
    await expect(desk.locator("[data-part=slow]")).to_be_hidden()
    assert len(gate.keys) == 1
    assert (await hall.public())["totals"]["called"] == 1


async def test_an_answer_that_got_lost_is_asked_for_again_with_the_same_key(hall: Hall, screens: Screens) -> None:
    first, _ = await hall.numbers(2)
    desk = await open_desk(screens)
    keys: list[str] = []

    async def lose_the_first_answer(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            await route.continue_()
            return
        await route.fetch()
        await route.abort()

    await desk.route("**/call-next", lose_the_first_answer)
    await desk.keyboard.press("n")
    await expect(at_counter(desk)).to_have_text(first)
    assert await eventually(lambda: len(keys) == 2)
    assert len(set(keys)) == 1
    totals = (await hall.public())["totals"]
    assert (totals["called"], totals["waiting"]) == (1, 1)


@pytest.mark.slow
async def test_without_a_connection_the_last_state_stays_and_is_marked(hall: Hall, screens: Screens) -> None:
    first, second = await hall.numbers(2)
    desk = await open_desk(screens)
    await call_next(desk, first)
    hall.building.office.kill_server()
    try:
        away = desk.locator("[data-part=away]")
        await expect(away).to_contain_text("Keine Verbindung. So war der Stand um", timeout=RECOVERS_WITHIN_MS)
        await expect(at_counter(desk)).to_have_text(first)
        await expect(desk.locator("[data-part=waiting] tr")).to_contain_text(second)
        assert await marked(desk)
    finally:
        hall.building.office.start()
    await expect(away).to_be_hidden(timeout=RECOVERS_WITHIN_MS)
    assert not await marked(desk)


@pytest.mark.slow
async def test_a_server_without_its_store_says_that_it_is_the_store(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    hall.building.office.freeze_store()
    try:
        await expect(desk.locator("[data-part=away]")).to_contain_text(
            "seinen Speicher nicht", timeout=RECOVERS_WITHIN_MS
        )
        await expect(desk.locator("[data-part=waiting] tr")).to_contain_text(number)
    finally:
        hall.building.office.thaw_store()
    await expect(desk.locator("[data-part=away]")).to_be_hidden(timeout=RECOVERS_WITHIN_MS)


async def marked(desk: Page) -> bool:
    return bool(await desk.locator("[data-desk]").evaluate("page => page.hasAttribute('data-stale')"))


async def test_a_page_that_is_told_nothing_more_ends_no_visit_that_it_never_saw(hall: Hall, screens: Screens) -> None:
    """The stream stalls, commands go through: a second press would have finished the visitor just called."""
    first, second, _ = await hall.numbers(3)
    desk, flowing = await open_desk(screens), asyncio.Event()
    flowing.set()

    def listen(page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        server.on_message(lambda frame: page.send(frame) if flowing.is_set() else None)

    await desk.route_web_socket("**/stream*", listen)
    await desk.reload()
    await call_next(desk, first)
    flowing.clear()
    for _ in range(2):
        async with desk.expect_response("**/call-next") as answer:
            await press_until_sent(desk)
    assert (await (await answer.value).json())["code"] == "other_ticket"
    await expect(desk.locator("[data-part=problem]")).to_contain_text("Inzwischen hätte es jemand anderen getroffen")
    counters = (await hall.public())["counters"]
    assert [c["number"] for c in counters if c["number"]] == [second]


async def press_until_sent(desk: Page) -> None:
    """The guard against double clicks lets a press through after its time."""
    sent: list[str] = []
    desk.on("request", lambda request: sent.append(request.url))

    async def is_sent() -> bool:
        await desk.keyboard.press("n")
        return any("call-next" in url for url in sent)

    assert await eventually(is_sent)

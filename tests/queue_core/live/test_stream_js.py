"""The browser's end of the stream, in a real browser."""

import itertools
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from queue_core.domain.commands import Recall
from queue_core.domain.views.patch import diff
from queue_core.domain.views.view import View
from queue_core.live.codes import Close
from tests.queue_core.domain.views.scenes import Morning
from tests.queue_core.domain.views.test_patch import seen
from tests.queue_core.live.house import STAFF_TOKEN, House, open_house
from tests.queue_core.live.rig import HALL
from tests.support.browser import left_empty
from tests.support.eventually import eventually
from tests.support.zones import ONE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OPEN = """async ({url, token}) => {
  const { Stream } = await import("/stream.js");
  window.heard = [];
  window.stream = new Stream(url, { token: async () => token });
  for (const type of ["event", "health", "refused", "upgrade"]) {
    stream.addEventListener(type, ({ detail }) => {
      heard.push([type, detail.event?.type ?? detail.health ?? detail.code]);
    });
  }
  stream.open();
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def house(valkey_url: str) -> AsyncIterator[House]:
    async with open_house(valkey_url) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, house: House) -> AsyncIterator[Page]:
    async with left_empty(browser):
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{house.port}/")
        yield page


async def follow(page: Page, url: str, token: str = "") -> None:
    await page.evaluate(OPEN, {"url": url, "token": token})


async def shows(house: House, page: Page, view: View) -> None:
    async def probe() -> bool:
        state = json.loads(house.hub.state(HALL, view))
        here = [state.pop("epoch"), state.pop("seq"), state.pop("current")]
        shown: Any = await page.evaluate("window.stream.state")
        return bool(shown == state and all(here))

    await eventually(probe)


async def heard(page: Page) -> list[list[str]]:
    found: list[list[str]] = await page.evaluate("window.heard")
    return found


async def test_the_browser_merges_as_the_server_does(page: Page) -> None:
    morning = Morning()
    states = [seen(View.DESK, morning)]
    states += [seen(View.DESK, morning) for _ in morning.random_events(1, 200)]
    steps = [diff(a, b) for a, b in itertools.pairwise(states)]
    merged = await page.evaluate(
        """async ([state, steps]) => {
          const { merge } = await import("/stream.js");
          return steps.map((patch) => (state = merge(state, patch)));
        }""",
        [states[0], steps],
    )
    assert merged == states[1:]


async def test_a_page_shows_what_the_zone_is_and_hears_its_calls(house: House, page: Page) -> None:
    await follow(page, "/api/v1/zones/hall/stream?view=lobby", STAFF_TOKEN)
    await shows(house, page, View.LOBBY)
    await house.rig.open()
    await house.rig.issue()
    await house.rig.call()
    await shows(house, page, View.LOBBY)
    assert ["event", "called"] in await heard(page)
    assert ["health", "live"] in await heard(page)


async def test_a_page_that_lost_its_connection_catches_up_without_a_snapshot(house: House, page: Page) -> None:
    await follow(page, "/api/v1/zones/hall/stream?view=desk", STAFF_TOKEN)
    await house.rig.open()
    await house.rig.issue()
    await shows(house, page, View.DESK)
    [client] = house.hub.clients
    client.end(Close.TOO_SLOW, "test")
    await house.rig.call()
    await eventually(lambda: house.hub.clients and client not in house.hub.clients)
    await house.rig.engine.do(HALL, Recall(ONE))
    await shows(house, page, View.DESK)
    assert [kind for type_, kind in await heard(page) if type_ == "event"][-2:] == ["called", "recalled"]


async def test_a_page_notices_a_gap_and_starts_over(house: House, page: Page) -> None:
    await follow(page, "/api/v1/zones/hall/stream?view=desk", STAFF_TOKEN)
    await house.rig.open()
    await shows(house, page, View.DESK)
    await page.evaluate("window.stream.position.seq -= 1")
    await house.rig.issue()
    await shows(house, page, View.DESK)


async def test_a_page_that_may_not_is_told_and_stops(page: Page) -> None:
    await follow(page, "/api/v1/zones/hall/stream?view=desk", "wrong")
    await eventually(lambda: _has(page, ["refused", 4401]))


async def test_server_sent_events_do_the_same(house: House, page: Page) -> None:
    await house.rig.open()
    await follow(page, "/public/events")
    await house.rig.issue()
    await shows(house, page, View.PUBLIC)
    await house.rig.call()
    await shows(house, page, View.PUBLIC)
    assert ["event", "called"] in await heard(page)
    [client] = house.hub.clients
    client.end(Close.RESTART, "test")
    await eventually(lambda: house.hub.clients and client not in house.hub.clients)
    await house.rig.engine.do(HALL, Recall(ONE))
    await eventually(lambda: _has(page, ["event", "recalled"]))


async def test_the_page_knows_the_time_of_the_zone(house: House, page: Page) -> None:
    await house.rig.engine.set_clock(HALL, house.hub.now_ms(HALL) + 3_600_000, 20)
    await follow(page, "/api/v1/zones/hall/stream?view=waits")
    await eventually(lambda: page.evaluate("window.stream.clock?.rate"))
    assert abs(await page.evaluate("window.stream.now()") - house.hub.now_ms(HALL)) < 20_000
    assert await page.evaluate("window.stream.clock.rate") == 20


async def _has(page: Page, what: list[object]) -> bool:
    return what in await heard(page)


async def test_a_page_comes_back_when_it_was_told_to_and_else_at_random_up_to_a_growing_limit(page: Page) -> None:
    pauses = await page.evaluate(
        """async () => {
          const { Stream } = await import("/stream.js");
          const stream = new Stream("/api/v1/zones/hall/stream?view=waits");
          Math.random = () => 1;
          const end = (reason) => stream.pauseMs(1012, reason);
          const told = [end("restart retry_ms=1234"), end("restart retry_ms=99999999"), end("restart")];
          return [...told, ...Array.from({ length: 8 }, () => stream.pauseMs(1006, ""))];
        }"""
    )
    assert pauses == [1234, 60_000, 5_000, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]


@pytest.mark.parametrize("url", ["/api/v1/zones/hall/stream?view=public", "/public/events"])
async def test_the_hint_of_a_server_that_stops_is_heeded(house: House, page: Page, url: str) -> None:
    await follow(page, url)
    await shows(house, page, View.PUBLIC)
    await page.evaluate("window.pauses = []; window.stream.again = (ms) => window.pauses.push(ms); 0")
    [client] = house.hub.clients
    client.end(Close.RESTART, "restart", 4_321)
    await eventually(lambda: page.evaluate("window.pauses.length"))
    assert await page.evaluate("window.pauses") == [4_321]


async def test_a_page_that_waits_comes_back_at_once_when_the_network_does(house: House, page: Page) -> None:
    await follow(page, "/api/v1/zones/hall/stream?view=public")
    await shows(house, page, View.PUBLIC)
    [client] = house.hub.clients
    client.end(Close.RESTART, "restart", 60_000)
    await eventually(lambda: page.evaluate("window.stream.link === null"))
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await eventually(lambda: house.hub.clients and client not in house.hub.clients)


async def test_a_page_that_slept_makes_a_new_connection_and_goes_on_from_where_it_was(house: House, page: Page) -> None:
    await follow(page, "/api/v1/zones/hall/stream?view=public")
    await house.rig.open()
    await shows(house, page, View.PUBLIC)
    [client] = house.hub.clients
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert list(house.hub.clients) == [client]
    position = await page.evaluate("window.stream.position")
    await page.evaluate("window.stream.heardMs = 0; document.dispatchEvent(new Event('visibilitychange'))")
    await eventually(lambda: house.hub.clients and client not in house.hub.clients)
    assert await page.evaluate("window.stream.position") == position
    await house.rig.issue()
    await house.rig.call()
    await shows(house, page, View.PUBLIC)
    assert ["event", "called"] in await heard(page)


async def test_a_page_that_was_closed_stays_away(house: House, page: Page) -> None:
    await follow(page, "/api/v1/zones/hall/stream?view=public")
    await shows(house, page, View.PUBLIC)
    await page.evaluate("window.stream.close(); window.dispatchEvent(new Event('online'))")
    await eventually(lambda: not house.hub.clients)
    assert await page.evaluate("window.stream.link") is None

"""The public page and the own ticket in real Chromium: live with scripts, whole without."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, Request, expect

from public_feed.face import face
from queue_core.domain.model import TicketId
from queue_core.domain.principal import Role
from queue_core.domain.quality import Quality
from queue_core.estimate.forecast import Forecast, Later, Range
from queue_core.store.estimates import Estimates
from queue_core.web.words import ORDER
from tests.public_feed.weeks import rhythm
from tests.support.axe import violations
from tests.support.browser import left_empty
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice, open_web_office
from tests.support.web_server import free_listener, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PHONE = {"width": 390, "height": 844}
FIRST_VIEW_MOST_BYTES = 100_000
#: A stream is retried within 10 s.
BACK_WITHIN_MS = 15_000


@dataclass(slots=True)
class Street:
    """An office, and a browser outside."""

    office: WebOffice
    address: str
    browser: Browser
    _drawn: list[str] = field(default_factory=list)

    async def page(self, path: str, **options: Any) -> Page:
        return await (await self.context(**options)).new_page() if not path else await self._opened(path, options)

    async def context(self, **options: Any) -> BrowserContext:
        return await self.browser.new_context(**{"locale": "de-DE", "viewport": PHONE, **options})

    async def _opened(self, path: str, options: dict[str, Any]) -> Page:
        page = await (await self.context(**options)).new_page()
        await page.goto(f"{self.address}{path}")
        return page

    async def draw(self, **more: Any) -> str:
        """The path of the ticket's own page, once the hub knows it."""
        ticket = await self.office.draw(**more)
        known = self.office.hub.snapshot(self.office.zone.id).tickets
        await eventually(lambda: TicketId(ticket["id"]) in known)
        return self.office.frame.links.path(self.office.zone.id, TicketId(ticket["id"]))

    async def estimate(self, p10_s: int, p90_s: int, later: Later | None = None) -> None:
        """As if an estimator said so of everybody who waits."""
        zone = self.office.zone.id
        snapshot = self.office.hub.snapshot(zone)
        said = Range(p10_s, (p10_s + p90_s) // 2, p90_s, "simulation")
        waiting = [ticket.id for ticket in snapshot.waiting()]
        forecast = Forecast(
            self.office.hub.now_ms(zone),
            snapshot.seq,
            tickets=dict.fromkeys(waiting, said),
            services=dict.fromkeys(self.office.zone.services, said),
            later=dict.fromkeys(waiting, later) if later else {},
            method=said.method,
        )
        await Estimates(self.office.store.client, zone, lease_s=5).publish(forecast.to_json())

    async def counter(self, *moves: str) -> None:
        for move in moves:
            answer = await self.office.command(f"counters/1/{move}", role=Role.COUNTER)
            assert answer.is_success, answer.text


@asynccontextmanager
async def open_street(browser: Browser, url: str, data: Path) -> AsyncIterator[Street]:
    listener = free_listener()
    port = listener.getsockname()[1]
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(open_web_office(url, data, faces=[face], port=port))
        await stack.enter_async_context(serving(office.app, listener))
        yield Street(office, f"http://127.0.0.1:{port}", await stack.enter_async_context(left_empty(browser)))


@pytest_asyncio.fixture(loop_scope="session")
async def street(browser: Browser, valkey_url: str, tmp_path: Path) -> AsyncIterator[Street]:
    async with open_street(browser, valkey_url, tmp_path) as opened:
        yield opened


def news(page: Page) -> Locator:
    """What is seen of a ticket's waiting; screen readers are told beside it."""
    return page.locator(".own-news")


async def test_the_own_page_says_come_now_the_moment_the_number_is_called(street: Street) -> None:
    page = await street.page(await street.draw())
    await street.counter("open")
    await expect(news(page).get_by_text("Sie sind als Nächstes dran")).to_be_visible()
    await street.counter("call-next")
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_visible()
    await expect(page.get_by_text("Counter 1")).to_be_visible()
    await expect(page).to_have_title("Bitte kommen Sie jetzt: Counter 1")
    await street.counter("start")
    await expect(page.get_by_text("Sie sind an der Reihe")).to_be_visible()
    await street.counter("finish")
    await expect(page.get_by_role("heading", name="Diese Nummer gilt nicht mehr")).to_be_visible()
    await expect(page.get_by_text("Ihre Nummer", exact=True)).to_be_hidden()


async def test_a_call_that_was_taken_back_is_taken_back_on_the_own_page(street: Street) -> None:
    page = await street.page(await street.draw())
    await street.counter("open", "call-next")
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_visible()
    await street.counter("undo")
    await expect(news(page).get_by_text("Sie sind als Nächstes dran")).to_be_visible()
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_hidden()


async def test_what_comes_then_is_shown_until_the_visit_goes_on_to_it(street: Street) -> None:
    page = await street.page(await street.draw(further=["short"]))
    then = page.get_by_text("danach: Short")
    await expect(then).to_be_visible()
    assert await violations(page) == []
    await street.counter("open", "call-next", "start")
    await expect(page.get_by_text("Sie sind an der Reihe")).to_be_visible()
    await expect(then).to_be_visible()
    await street.counter("finish")
    await expect(then).to_be_hidden()
    await expect(page.locator("[data-field=service]")).to_have_text("Short")


async def test_a_service_that_is_added_at_the_counter_is_shown_at_once(street: Street) -> None:
    ticket = await street.office.draw()
    page = await street.page(street.office.frame.links.path(street.office.zone.id, TicketId(ticket["id"])))
    await expect(page.get_by_text("danach: Short")).to_be_hidden()
    await street.counter("open", "call-next", "start")
    added = await street.office.command(f"tickets/{ticket['id']}/add-service", {"service": "short"}, Role.COUNTER)
    assert added.is_success, added.text
    await expect(page.get_by_text("danach: Short")).to_be_visible()


async def test_the_people_before_me_become_fewer(street: Street) -> None:
    await street.draw()
    page = await street.page(await street.draw())
    await expect(news(page).get_by_text("Etwa 1 Person vor Ihnen")).to_be_visible()
    await street.counter("open", "call-next")
    await expect(news(page).get_by_text("Sie sind als Nächstes dran")).to_be_visible()


async def test_a_wait_that_grows_says_why_and_tells_screen_readers_at_once(street: Street) -> None:
    await street.draw()
    page = await street.page(await street.draw())
    spoken = page.locator("[data-spoken]")
    await street.estimate(600, 1500)
    await expect(news(page).get_by_text("etwa 10 bis 25 Minuten")).to_be_visible()
    await expect(news(page).get_by_text("länger geworden")).to_be_hidden()
    await expect(spoken).to_be_empty()
    await street.estimate(1500, 2400, Later.COUNTER_CLOSED)
    why = "Ihre Wartezeit ist länger geworden. Ein Schalter hat geschlossen."
    await expect(news(page).get_by_text(why)).to_be_visible()
    await expect(spoken).to_have_text(f"etwa 1 Person vor Ihnen. etwa 25 bis 40 Minuten. {why}")
    await street.estimate(300, 600)
    await expect(news(page).get_by_text("etwa 5 bis 10 Minuten")).to_be_visible()
    await expect(news(page).get_by_text("länger geworden")).to_be_hidden()
    await expect(spoken).to_contain_text("etwa 25 bis 40 Minuten")


async def test_small_changes_are_said_only_after_a_minute_of_calm(street: Street) -> None:
    await street.draw()
    page = await street.page("")
    await page.clock.install()
    await page.goto(f"{street.address}{await street.draw()}")
    spoken = page.locator("[data-spoken]")
    await street.estimate(600, 1500)
    await expect(news(page).get_by_text("etwa 10 bis 25 Minuten")).to_be_visible()
    await expect(spoken).to_be_empty()
    await page.clock.run_for(61_000)
    await expect(spoken).to_have_text("etwa 1 Person vor Ihnen. etwa 10 bis 25 Minuten")


async def test_who_may_come_later_only_is_told_that_first(street: Street) -> None:
    path = await street.draw()
    await street.counter("open", "call-next")
    ticket = next(iter(street.office.hub.snapshot(street.office.zone.id).tickets))
    await street.office.command(f"tickets/{ticket}/return", {"mode": "after", "after_s": 1800})
    page = await street.page(path)
    await expect(news(page).get_by_text("nicht vor")).to_be_visible()
    await street.estimate(1800, 3000)
    await expect(news(page).get_by_text(re.compile("nicht vor .* Uhr; etwa 30 bis 50 Minuten"))).to_be_visible()
    await expect(news(page).get_by_text("niemand vor Ihnen")).to_be_visible()


async def test_a_missed_call_says_what_to_do(street: Street) -> None:
    page = await street.page(await street.draw())
    await street.counter("open", "call-next", "miss")
    await expect(news(page).get_by_text("Sie wurden aufgerufen")).to_be_visible()


async def test_giving_the_number_back_wants_a_second_touch(street: Street) -> None:
    page = await street.page(await street.draw())
    await expect(page.get_by_role("button", name="Nummer zurückgeben")).to_be_hidden()
    await page.get_by_text("Ich möchte nicht mehr warten").click()
    await page.get_by_role("button", name="Nummer zurückgeben").click()
    await expect(page.get_by_text("zurückgegeben")).to_be_visible()


async def test_without_scripts_the_own_page_is_whole_and_can_be_left(street: Street) -> None:
    page = await street.page(await street.draw(), java_script_enabled=False)
    await expect(page.get_by_role("heading", name="A001")).to_be_visible()
    await expect(news(page).get_by_text("Sie sind als Nächstes dran")).to_be_visible()
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_hidden()
    await page.get_by_text("Ich möchte nicht mehr warten").click()
    await page.get_by_role("button", name="Nummer zurückgeben").click()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def test_the_public_page_is_live(street: Street) -> None:
    page = await street.page("/")
    new = page.locator("[data-service=new]")
    await expect(new.get_by_text("Niemand wartet")).to_be_visible()
    await street.draw()
    await expect(new.get_by_text("1 Person wartet")).to_be_visible()
    await street.counter("open", "call-next")
    await expect(new.locator("[data-field=last]")).to_have_text("A001")
    await expect(new.get_by_text("1 Schalter offen")).to_be_visible()


async def test_without_scripts_the_public_page_is_whole(street: Street) -> None:
    await street.draw()
    page = await street.page("/", java_script_enabled=False)
    await expect(page.locator("[data-service=new]").get_by_text("1 Person wartet")).to_be_visible()
    await expect(page.get_by_text("Geöffnet")).to_be_visible()


@pytest.mark.parametrize("language", ORDER)
async def test_the_first_view_is_small(street: Street, language: str) -> None:
    await street.office.remember(Quality(tickets=200, within=162), rhythm("new", "short"))
    page = await street.page("")
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    await page.goto(f"{street.address}/?lang={language}", wait_until="load")
    await page.evaluate("document.fonts.ready")
    await eventually(lambda: len(finished) >= 6)
    sizes = [await request.sizes() for request in list(finished)]
    assert sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) < FIRST_VIEW_MOST_BYTES


async def test_nothing_comes_from_elsewhere(street: Street) -> None:
    page = await street.page("")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{street.address}/")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert [url for url in asked if not url.startswith((street.address, "data:"))] == []
    assert await page.context.cookies() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_is_accessible(street: Street, scheme: str) -> None:
    own = await street.page(await street.draw(), color_scheme=scheme)
    home = await street.page("/", color_scheme=scheme)
    over = await street.page("/t/nonsense", color_scheme=scheme)
    assert [await violations(page) for page in (own, home, over)] == [[], [], []]
    await street.office.remember(Quality(tickets=200, within=162), rhythm("new", "short", opens=0, closes=96))
    usual = await street.page("/", color_scheme=scheme)
    await usual.locator(".public-usual summary").first.click()
    week = await street.page("/z/hall/week", color_scheme=scheme)
    await week.locator(".usual-table summary").first.click()
    await street.estimate(1500, 2400, Later.OVERTAKEN)
    await expect(news(own).get_by_text("länger geworden")).to_be_visible()
    assert [await violations(page) for page in (usual, week, own)] == [[], [], []]
    await street.counter("open", "call-next")
    await expect(own.get_by_text("Bitte kommen Sie jetzt")).to_be_visible()
    assert await violations(own) == []


async def test_a_wide_page_does_not_scroll_sideways(street: Street) -> None:
    await street.office.remember(rhythm=rhythm("new", "short", opens=0, closes=96))
    narrow = await street.page("/z/hall/week", viewport={"width": 320, "height": 640})
    assert await narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")
    narrow = await street.page("/", viewport={"width": 320, "height": 640})
    await narrow.locator(".public-usual summary").first.click()
    assert await narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_page_says_when_the_connection_is_gone_and_comes_back_alone(street: Street) -> None:
    page = await street.page("")
    await page.clock.install()
    await page.goto(f"{street.address}{await street.draw()}")
    await expect(news(page).get_by_text("Sie sind als Nächstes dran")).to_be_visible()
    await page.context.set_offline(True)
    await page.clock.run_for(16_000)
    await expect(page.get_by_text("Keine Verbindung")).to_be_visible()
    await page.context.set_offline(False)
    await page.clock.resume()
    await expect(page.get_by_text("Keine Verbindung")).to_be_hidden(timeout=BACK_WITHIN_MS)


async def test_whoever_was_missed_is_put_back_by_one_button(street: Street) -> None:
    mine = await street.draw()
    page = await street.page(mine)
    button = page.get_by_role("button", name="Ich bin da")
    await expect(button).to_be_hidden()
    for verb in ("open", "call-next", "miss"):
        await street.office.command(f"counters/1/{verb}", role=Role.COUNTER)
    await expect(button).to_be_visible()
    assert await violations(page) == []
    await button.click()
    await expect(page.locator("[data-ticket]")).to_have_attribute("data-state", "waiting")
    await expect(button).to_be_hidden()

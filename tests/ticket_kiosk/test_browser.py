"""The kiosk in real Chromium: two touches to a number, once, also when the network goes away in between."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, Position, Route, expect

from queue_core.estimate.forecast import Forecast, Range
from queue_core.store.estimates import Estimates
from tests.support.axe import violations
from tests.support.browser import chromium
from tests.support.web_office import WebOffice, open_web_office
from tests.support.web_server import free_listener, serving
from ticket_kiosk.face import face

pytestmark = pytest.mark.browser

PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)
#: Before the retries give up; each waits at most 5 s.
BACK_WITHIN_MS = 15_000
TARGET_MM = 20
CORNER: Position = {"x": 15, "y": 15}


@dataclass(slots=True)
class Terminal:
    page: Page
    context: BrowserContext
    office: WebOffice

    async def choose(self, service: str = "new") -> None:
        await self.page.locator(f"[data-service={service}]").click()

    async def draw(self) -> None:
        """Away from where the service was touched: a second touch there would count for the screen before."""
        await self.page.get_by_role("button", name="Nummer ziehen").click(position=CORNER)

    async def estimate(self, p10_s: int, p90_s: int, ahead: int) -> None:
        """As if an estimator said so of every service."""
        zone = self.office.zone
        said = Range(p10_s, (p10_s + p90_s) // 2, p90_s, "simulation")
        forecast = Forecast(
            self.office.hub.now_ms(zone.id),
            self.office.hub.snapshot(zone.id).seq,
            services=dict.fromkeys(zone.services, said),
            ahead=dict.fromkeys(zone.services, ahead),
        )
        await Estimates(self.office.store.client, zone.id, lease_s=5).publish(forecast.to_json())

    async def drawn_numbers(self) -> int:
        snapshot, _ = await self.office.engine.read(self.office.zone.id)
        return snapshot.issued_today()


@asynccontextmanager
async def open_terminal(
    url: str, data: Path, size: tuple[int, int] = PORTRAIT, **options: object
) -> AsyncIterator[Terminal]:
    listener = free_listener()
    port = listener.getsockname()[1]
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(open_web_office(url, data, faces=[face], port=port))
        await stack.enter_async_context(serving(office.app, listener))
        browser = await stack.enter_async_context(chromium())
        viewport = {"width": size[0], "height": size[1]}
        context = await browser.new_context(viewport=viewport, **options)  # type: ignore[arg-type]
        page = await context.new_page()
        await page.goto(f"http://127.0.0.1:{port}/kiosk/entrance")
        await page.locator("[data-ready]").wait_for()
        yield Terminal(page, context, office)


@pytest_asyncio.fixture
async def terminal(valkey_url: str, tmp_path: Path) -> AsyncIterator[Terminal]:
    async with open_terminal(valkey_url, tmp_path) as opened:
        yield opened


async def test_two_touches_lead_to_a_number(terminal: Terminal) -> None:
    await terminal.choose()
    await expect(terminal.page.get_by_role("heading", name="New")).to_be_visible()
    await terminal.draw()
    await expect(terminal.page.locator("#ticket")).to_have_text("A001")
    await expect(terminal.page.locator("[data-qr]")).to_be_visible()


async def test_the_ticket_says_how_many_are_before_and_how_long_it_takes(terminal: Terminal) -> None:
    await terminal.office.draw("new")
    await terminal.estimate(600, 1500, ahead=1)
    new = terminal.page.locator("[data-service=new]")
    await expect(new.get_by_text("etwa 10 bis 25 Minuten")).to_be_visible()
    await expect(new.get_by_text("etwa 1 Person vor Ihnen")).to_be_visible()
    await terminal.choose()
    confirm = terminal.page.locator("[data-on=confirm]").first
    await expect(confirm.get_by_text("etwa 10 bis 25 Minuten")).to_be_visible()
    await expect(confirm.get_by_text("etwa 1 Person vor Ihnen")).to_be_visible()
    await terminal.draw()
    ticket = terminal.page.locator("[data-on=ticket]")
    await expect(ticket.get_by_text("etwa 1 Person vor Ihnen")).to_be_visible()


async def test_on_paper_it_is_one_receipt_and_nothing_else(terminal: Terminal) -> None:
    page = terminal.page
    await terminal.choose()
    await terminal.draw()
    await expect(page.locator("#ticket")).to_have_text("A001")
    paper = page.locator("[data-receipt]")
    await expect(paper).to_be_hidden()
    await page.emulate_media(media="print")
    await expect(paper.get_by_text("A001")).to_be_visible()
    await expect(paper.locator("img")).to_be_visible()
    await expect(page.get_by_role("button", include_hidden=False)).to_have_count(0)
    assert (await page.pdf(prefer_css_page_size=True)).count(b"/Type /Page\n") == 1


async def test_a_double_tap_draws_one_number(terminal: Terminal) -> None:
    await terminal.choose()
    await terminal.page.get_by_role("button", name="Nummer ziehen").dblclick()
    await expect(terminal.page.locator("#ticket")).to_have_text("A001")
    assert await terminal.drawn_numbers() == 1


async def test_a_draw_whose_answer_got_lost_is_asked_for_again_and_draws_no_second_number(terminal: Terminal) -> None:
    lost: list[str] = []

    async def lose_first_answer(route: Route) -> None:
        if lost:
            await route.continue_()
            return
        answer = await route.fetch()
        lost.append(await answer.text())
        await route.abort()

    await terminal.page.route("**/tickets*", lose_first_answer)
    await terminal.choose()
    await terminal.draw()
    await expect(terminal.page.locator("#ticket")).to_have_text("A001", timeout=BACK_WITHIN_MS)
    assert lost
    assert await terminal.drawn_numbers() == 1


async def test_without_network_a_begun_draw_is_finished_with_one_number_when_it_is_back(terminal: Terminal) -> None:
    await terminal.choose()
    await terminal.context.set_offline(True)
    await terminal.page.get_by_role("heading", name="Bitte gehen Sie zum Empfang").wait_for()
    await terminal.context.set_offline(False)
    await expect(terminal.page.get_by_role("button", name="Nummer ziehen")).to_be_visible(timeout=BACK_WITHIN_MS)
    await terminal.draw()
    await expect(terminal.page.locator("#ticket")).to_have_text("A001", timeout=BACK_WITHIN_MS)
    assert await terminal.drawn_numbers() == 1


async def test_a_tablet_without_an_agent_sends_people_to_the_reception_while_the_server_is_away(
    terminal: Terminal,
) -> None:
    await terminal.context.set_offline(True)
    await expect(terminal.page.get_by_role("heading", name="Bitte gehen Sie zum Empfang")).to_be_visible()
    await expect(terminal.page.locator("[data-service]:visible")).to_have_count(0)
    await terminal.context.set_offline(False)
    await expect(terminal.page.get_by_role("heading", name="Was möchten Sie erledigen?")).to_be_visible()


async def test_the_next_visitor_finds_nothing_of_the_last_one(terminal: Terminal) -> None:
    await terminal.page.get_by_role("button", name="English").click()
    await terminal.choose()
    await terminal.page.get_by_role("button", name="Draw number").click()
    await expect(terminal.page.locator("#ticket")).to_have_text("A001")
    await terminal.page.get_by_role("button", name="Done").click()
    await expect(terminal.page.get_by_role("heading", name="Was möchten Sie erledigen?")).to_be_visible()
    assert "A001" not in await terminal.page.locator("[data-kiosk]").inner_html()


async def test_time_is_told_can_be_extended_and_wipes_the_screen_at_its_end(valkey_url: str, tmp_path: Path) -> None:
    async with open_terminal(valkey_url, tmp_path) as terminal:
        page = terminal.page
        await page.clock.install()
        await page.reload()
        await page.locator("[data-ready]").wait_for()
        await terminal.choose()
        await terminal.draw()
        await expect(page.locator("#ticket")).to_have_text("A001")
        await page.clock.run_for(30_000)
        await expect(page.locator("[data-field=countdown]")).to_contain_text("schließt in 15 Sekunden")
        await page.get_by_role("button", name="Mehr Zeit").click()
        await expect(page.locator("[data-field=countdown]")).to_contain_text("schließt in 45 Sekunden")
        await page.clock.run_for(46_000)
        await expect(page.get_by_role("heading", name="Was möchten Sie erledigen?")).to_be_visible()


async def test_an_idle_kiosk_greets_in_every_language_until_somebody_touches_it(terminal: Terminal) -> None:
    page = terminal.page
    await page.clock.install()
    await page.reload()
    await page.locator("[data-ready]").wait_for()
    await page.clock.run_for(25_000)
    await expect(page.locator("[data-greeting]")).to_have_text("What brings you here?")
    await page.locator("[data-clock]").click()
    await expect(page.locator("[data-greeting]")).to_have_text("Was möchten Sie erledigen?")


async def test_the_queue_is_live(terminal: Terminal) -> None:
    await terminal.office.draw("short")
    short = terminal.page.locator("[data-service=short]")
    await expect(short.get_by_text("1 Person wartet")).to_be_visible()


async def test_a_stopped_service_cannot_be_chosen_and_says_so(terminal: Terminal) -> None:
    await terminal.office.command("services/new/close")
    stopped = terminal.page.locator("[data-service=new]")
    await expect(stopped).to_have_attribute("aria-disabled", "true")
    await expect(stopped.get_by_text("zurzeit keine Nummern")).to_be_visible()
    await stopped.click(force=True)
    await expect(terminal.page.locator("[data-kiosk]")).to_have_attribute("data-screen", "start")


async def test_a_service_that_stops_in_this_very_moment_is_explained(terminal: Terminal) -> None:
    await terminal.choose()
    await terminal.office.command("services/new/close")
    await terminal.draw()
    await expect(terminal.page.get_by_role("heading", name="Zurzeit keine Nummer")).to_be_visible()
    await expect(terminal.page.get_by_text("fragen Sie am Empfang")).to_be_visible()


async def test_it_works_by_keyboard_alone(terminal: Terminal) -> None:
    page = terminal.page
    await page.locator("[data-service=new]").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-kiosk]")).to_have_attribute("data-screen", "confirm")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Nummer ziehen")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#ticket")).to_have_text("A001")


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
async def test_every_screen_is_accessible_and_its_targets_are_large(
    valkey_url: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_terminal(valkey_url, tmp_path, size) as terminal:
        assert await violations(terminal.page) == []
        assert await smallest_target_mm(terminal.page) >= TARGET_MM
        await terminal.choose()
        assert await violations(terminal.page) == []
        assert await smallest_target_mm(terminal.page) >= TARGET_MM
        await terminal.draw()
        await expect(terminal.page.locator("#ticket")).to_have_text("A001")
        assert await violations(terminal.page) == []
        assert await smallest_target_mm(terminal.page) >= TARGET_MM


async def smallest_target_mm(page: Page) -> float:
    """Height or width of the smallest visible button."""
    per_mm = await page.evaluate("parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--mm'))")
    boxes = [await button.bounding_box() for button in await page.locator("button:visible").all()]
    return min(min(box["width"], box["height"]) for box in boxes if box) / float(per_mm)

"""Visits at the kiosk in real Chromium: several matters, codes, keys, ears, paper, outages, settings."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, expect

from queue_core.domain.calendar import iso
from queue_core.domain.devices import Devices, KioskPlace
from queue_core.domain.model import ServiceId, TicketId, ZoneId
from queue_core.domain.office import Topic
from tests.support.axe import violations
from tests.support.browser import chromium
from tests.support.web_office import open_web_office
from tests.support.web_server import free_listener, serving
from tests.support.zones import NEW, SHORT, text, zone
from tests.ticket_kiosk.test_browser import PORTRAIT, Terminal, smallest_target_mm
from ticket_kiosk.face import face

pytestmark = pytest.mark.browser

PIN = "4829"
INCHES = 15.6
SCAN_MS = 5
AGENT = {"printer": {"state": "ready"}, "server": "up", "since_ms": 0, "emergency_left": 50}


@asynccontextmanager
async def open_visit(
    url: str, data: Path, size: tuple[int, int] = PORTRAIT, inches: float = INCHES, **options: Any
) -> AsyncIterator[Terminal]:
    hall = zone(topics=(Topic("papers", text("Papers"), (SHORT,)),))
    place = KioskPlace("entrance", (ZoneId("hall"),), pin=PIN, screen_inches=inches)
    listener = free_listener()
    port = listener.getsockname()[1]
    async with AsyncExitStack() as stack:
        devices = Devices({"entrance": place})
        opened = open_web_office(url, data, hall, faces=[face], port=port, devices=devices)
        office = await stack.enter_async_context(opened)
        await stack.enter_async_context(serving(office.app, listener))
        browser = await stack.enter_async_context(chromium())
        viewport = {"width": size[0], "height": size[1]}
        context = await browser.new_context(viewport=viewport, screen=viewport, **options)  # type: ignore[arg-type]
        page = await context.new_page()
        await page.goto(f"http://127.0.0.1:{port}/kiosk/entrance")
        await page.locator("[data-ready]").wait_for()
        yield Terminal(page, context, office)


@pytest_asyncio.fixture
async def visit(valkey_url: str, tmp_path: Path) -> AsyncIterator[Terminal]:
    async with open_visit(valkey_url, tmp_path) as opened:
        yield opened


async def scan(page: Page, code: str) -> None:
    await page.keyboard.type(code, delay=SCAN_MS)
    await page.keyboard.press("Enter")


async def on_screen(page: Page, name: str) -> None:
    await expect(page.locator("[data-kiosk]")).to_have_attribute("data-screen", name)


async def test_a_topic_says_how_many_are_inside_and_leads_to_them(visit: Terminal) -> None:
    page = visit.page
    await expect(page.get_by_role("button", name="Papers")).to_contain_text("1 Anliegen zur Auswahl")
    await expect(page.locator("[data-service=short]")).to_be_hidden()
    await page.get_by_role("button", name="Papers").click()
    await expect(page.get_by_role("heading", name="Papers")).to_be_visible()
    await page.locator("[data-service=short]").click()
    await visit.draw()
    await expect(page.locator("#ticket")).to_have_text("C001")


async def test_several_matters_have_one_number_in_the_order_chosen(visit: Terminal) -> None:
    page = visit.page
    await page.get_by_role("button", name="Ich habe mehrere Anliegen").click()
    await page.locator("[data-service=short]").click()
    await page.locator("[data-service=new]").click()
    await page.get_by_role("button", name="Weiter", exact=True).click()
    await expect(page.get_by_role("heading", name="Short")).to_be_visible()
    await visit.draw()
    await expect(page.locator("#ticket")).to_have_text("C001")
    snapshot, _ = await visit.office.engine.read(visit.office.zone.id)
    (ticket,) = snapshot.tickets.values()
    assert (ticket.service, ticket.further) == (SHORT, (NEW,))


async def test_a_finger_that_taps_twice_does_not_confirm_what_it_has_not_seen(visit: Terminal) -> None:
    box = await visit.page.locator("[data-service=new]").bounding_box()
    assert box
    await visit.page.evaluate("document.querySelector('[data-do=draw]').dataset.spot = 'same'")
    for _ in range(2):
        await visit.page.mouse.click(box["x"] + 40, box["y"] + 40)
    await on_screen(visit.page, "confirm")
    assert await visit.drawn_numbers() == 0


async def test_the_scanner_is_understood_on_every_screen_before_a_draw(visit: Terminal) -> None:
    page = visit.page
    office = visit.office
    slot = iso(office.zone, office.hub.now_ms(office.zone.id) + 600_000)
    body = {"booking": "K7M2PRTX", "service": NEW, "visitor_class": "appointment", "slot_at": slot}
    assert (await office.command("bookings", body)).status_code == 201
    await scan(page, "K7M2PRTX")
    await expect(page.locator("#ticket")).to_have_text("A001")
    await expect(page.locator("[data-field=remark]")).to_contain_text("Ihr Termin")
    await page.get_by_role("button", name="Fertig").click()
    await page.get_by_role("button", name="Ich habe einen Termin oder eine Nummer").click()
    await scan(page, "K7M2PRTX")
    await expect(page.get_by_role("heading", name="Sie sind schon angemeldet")).to_be_visible()
    await expect(page.locator("[data-came-number]")).to_have_text("A001")


async def test_a_code_is_typed_on_the_screen_and_a_wrong_one_may_be_tried_anew(visit: Terminal) -> None:
    page = visit.page
    await page.get_by_role("button", name="Ich habe einen Termin oder eine Nummer").click()
    for letter in "ABC23":
        await page.locator(f"[data-letter='{letter}']").click()
    await page.get_by_role("button", name="Letztes Zeichen löschen").click()
    await expect(page.locator("[data-typed]")).to_have_value("ABC2")
    await page.get_by_role("button", name="Anmelden").click()
    await expect(page.get_by_role("heading", name="Diesen Code kennen wir nicht")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Anderen Code versuchen").click()
    await expect(page.locator("[data-typed]")).to_have_value("")


async def test_a_missed_visitor_shows_the_ticket_and_is_back(visit: Terminal) -> None:
    office = visit.office
    ticket = await office.draw()
    for step in ("open", "call-next", "miss"):
        await office.command(f"counters/1/{step}")
    await scan(visit.page, office.frame.absolute(office.frame.links.path(office.zone.id, TicketId(ticket["id"]))))
    await expect(visit.page.get_by_role("heading", name="Sie sind wieder in der Warteschlange")).to_be_visible()
    await expect(visit.page.get_by_text("Sie sind als Nächstes dran")).to_be_visible()


async def test_a_keypad_alone_draws_a_number(visit: Terminal) -> None:
    page = visit.page
    await page.keyboard.press("2")
    await on_screen(page, "confirm")
    await page.keyboard.press("0")
    await on_screen(page, "start")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await on_screen(page, "confirm")
    await page.keyboard.press("1")
    await expect(page.locator("#ticket")).to_have_text("A001")
    await page.keyboard.press("0")
    await on_screen(page, "start")


async def test_every_screen_is_heard_once_somebody_wants_to_listen(visit: Terminal) -> None:
    page = visit.page
    said: list[str] = []

    async def speech(route: Route) -> None:
        said.append(route.request.url)
        await route.fulfill(status=200, content_type="audio/wav", body=silence())

    await page.route("**/speech/**", speech)
    await page.keyboard.press("*")
    await expect(page.get_by_role("button", name="Vorlesen")).to_have_attribute("aria-pressed", "true")
    async with page.expect_request("**/speech/de.wav?text=New*"):
        await page.locator("[data-service=new]").click()
    assert any("Was%20m" in url for url in said)
    await visit.draw()
    async with page.expect_request("**/speech/de.wav?text=A%200%200%201"):
        await on_screen(page, "ticket")


def silence() -> bytes:
    """A hundredth of a second."""
    frames = bytes(160)
    head = b"RIFF" + (36 + len(frames)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    rate = (8000).to_bytes(4, "little") + (16000).to_bytes(4, "little")
    kind = (1).to_bytes(2, "little") * 2 + rate + (2).to_bytes(2, "little") + (16).to_bytes(2, "little")
    return head + kind + b"data" + len(frames).to_bytes(4, "little") + frames


async def with_agent(visit: Terminal, paper: dict[str, Any] | None, **state: Any) -> None:
    """A stand-in for the agent beside the browser, by its contract."""

    async def told(route: Route) -> None:
        await route.fulfill(json=AGENT | state)

    async def job(route: Route) -> None:
        await route.fulfill(json=paper)

    async def draw(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(
            status=answer.status, json={**await answer.json(), "paper": {"job": "j", "state": "printing"}}
        )

    await visit.page.route("**/agent/state", told)
    await visit.page.route("**/agent/papers/**", job)
    if paper:
        await visit.page.route("**/tickets*", draw)
    await visit.page.reload()
    await visit.page.locator("[data-ready]").wait_for()


@pytest.mark.parametrize(
    ("paper", "sentence"),
    [
        ({"job": "j", "state": "printed"}, "Bitte nehmen Sie Ihre Wartemarke."),
        ({"job": "j", "state": "refused", "reason": "out"}, "Der Drucker kann gerade nicht drucken."),
        ({"job": "j", "state": "unknown"}, "Liegt keine Wartemarke im Fach?"),
    ],
    ids=["printed", "refused", "unknown"],
)
async def test_the_printers_own_word_is_told_beside_the_number(
    visit: Terminal, paper: dict[str, Any], sentence: str
) -> None:
    await with_agent(visit, paper)
    await visit.choose()
    await visit.draw()
    await expect(visit.page.locator("#ticket")).to_have_text("A001")
    await expect(visit.page.get_by_text(sentence)).to_be_visible()
    await expect(visit.page.locator("[data-qr]")).to_be_visible()
    assert await violations(visit.page) == []


async def test_while_the_server_is_away_an_agent_goes_on_and_waits_are_not_told(visit: Terminal) -> None:
    await with_agent(visit, None, server="away")
    page = visit.page
    await expect(page.get_by_text("Sie können trotzdem eine Nummer ziehen")).to_be_visible()
    await expect(page.locator("[data-service=new] [data-field=wait]")).to_be_hidden()
    ticket = {"number": "N001", "service": NEW, "zone": "hall", "issued_ms": 1_791_183_600_000, "emergency": True}
    unknown = {"wait": None, "reason": None, "ahead": None, "url": None, "qr": None, "paper": None}
    await page.route("**/tickets*", lambda route: route.fulfill(status=201, body=json.dumps(ticket | unknown)))
    await visit.choose()
    await visit.draw()
    await expect(page.locator("#ticket")).to_have_text("N001")
    await expect(page.get_by_text("Ihre Nummer gilt")).to_be_visible()
    await expect(page.locator("[data-phone]")).to_be_hidden()


async def test_with_no_number_left_it_sends_people_to_the_reception(visit: Terminal) -> None:
    await with_agent(visit, None, server="away", emergency_left=0)
    await expect(visit.page.get_by_role("heading", name="Bitte gehen Sie zum Empfang")).to_be_visible()
    await expect(visit.page.get_by_text("keine Nummern mehr ausgeben")).to_be_visible()


async def test_the_settings_open_by_keys_and_pin_and_take_it_out_of_service(visit: Terminal) -> None:
    page = visit.page
    await page.keyboard.type("+-+-+-", delay=120)
    await on_screen(page, "pin")
    await page.locator("[data-pin]").fill("1")
    await page.get_by_role("button", name="Einstellungen öffnen").click()
    await expect(page.get_by_text("Diese PIN ist falsch.")).to_be_visible()
    await page.locator("[data-pin]").fill(PIN)
    await page.get_by_role("button", name="Einstellungen öffnen").click()
    await on_screen(page, "settings")
    assert await violations(page) == []
    await page.get_by_role("button", name="Außer Betrieb").click()
    await expect(page.get_by_role("button", name="Außer Betrieb")).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name="Fertig").click()
    await expect(page.get_by_role("heading", name="Dieses Terminal ist außer Betrieb")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Dieses Terminal ist außer Betrieb")).to_be_visible()


async def test_the_browsers_way_back_is_one_step_and_never_leaves(visit: Terminal) -> None:
    page = visit.page
    await visit.choose()
    await page.go_back()
    await on_screen(page, "start")
    await visit.choose()
    await visit.draw()
    await expect(page.locator("#ticket")).to_have_text("A001")
    await page.get_by_role("button", name="Fertig").click()
    await page.go_back()
    await on_screen(page, "start")
    assert "A001" not in await page.locator("[data-kiosk]").inner_html()


@pytest.mark.parametrize(
    ("size", "inches", "look"),
    [
        ((1080, 1920), 21.5, "plain"),
        ((1920, 1080), 15.6, "plain"),
        ((1024, 768), 10.1, "plain"),
        ((800, 480), 7.0, "plain"),
        ((1920, 1080), 15.6, "contrast"),
        ((1080, 1920), 21.5, "large"),
        ((1024, 768), 10.1, "rtl"),
        ((800, 480), 7.0, "long"),
    ],
)
async def test_on_every_screen_size_nothing_is_small_clipped_or_hard_to_read(
    valkey_url: str, tmp_path: Path, size: tuple[int, int], inches: float, look: str
) -> None:
    async with open_visit(valkey_url, tmp_path, size, inches) as visit:
        page = visit.page
        await take_on(page, look)
        await looks_right(page)
        await page.evaluate("document.querySelector('[data-do=several]').click()")
        await looks_right(page)
        await page.keyboard.press("Escape")
        await page.evaluate("document.querySelector('[data-do=code]').click()")
        await looks_right(page)
        await page.keyboard.press("Escape")
        await visit.choose()
        await looks_right(page)
        await visit.draw()
        await on_screen(page, "ticket")
        await looks_right(page)


async def take_on(page: Page, look: str) -> None:
    """The looks that a visitor may choose; a language from right to left; words that are 40 % longer."""
    if look in ("contrast", "large"):
        await page.evaluate(f"document.querySelector('[data-do={look}]').click()")
    elif look == "rtl":
        await page.evaluate("document.documentElement.dir = 'rtl'")
    elif look == "long":
        await page.evaluate(_LONGER)
        await page.evaluate("document.querySelector('[data-speak]').click()")


_LONGER = """() => {
  for (const template of document.querySelectorAll("template[data-language]")) {
    const walker = document.createTreeWalker(template.content, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const words = node.textContent.trim().split(/\\s+/).filter((word) => word && !word.includes("{"));
      if (words.length) node.textContent += " " + words.slice(0, Math.ceil(words.length * 0.4)).join(" ");
    }
  }
}"""

_CLIPPED = """() => [...document.querySelectorAll(".kiosk h1, .kiosk p, .kiosk button, .kiosk dd, .kiosk-choice__name")]
  .filter((e) => e.checkVisibility() && !e.closest(".wz-visually-hidden") && !e.matches(".wz-visually-hidden"))
  .filter((e) => e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).display !== "inline"
    || e.getBoundingClientRect().left < -1 || e.getBoundingClientRect().right > innerWidth + 1)
  .map((e) => e.outerHTML.slice(0, 120))"""


async def looks_right(page: Page) -> None:
    assert await violations(page) == []
    assert await smallest_target_mm(page) >= 20
    assert await page.evaluate(_CLIPPED) == []


async def test_forced_colours_and_reduced_motion_leave_it_usable(valkey_url: str, tmp_path: Path) -> None:
    options = {"forced_colors": "active", "reduced_motion": "reduce"}
    async with open_visit(valkey_url, tmp_path, (960, 540), **options) as visit:
        await looks_right(visit.page)
        await visit.choose(ServiceId("new"))
        await visit.draw()
        await expect(visit.page.locator("#ticket")).to_have_text("A001")
        assert await visit.page.evaluate(_CLIPPED) == []

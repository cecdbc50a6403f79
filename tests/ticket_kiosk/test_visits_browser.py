"""Visits at the kiosk in real Chromium: several matters, several zones, keys, ears, paper, outages."""

import json
from typing import Any

import pytest
from playwright.async_api import Route, expect

from tests.support.axe import violations
from tests.support.zones import NEW, SHORT, text, zone
from tests.ticket_kiosk.terminal import Terminal, VisitOf, looks_right, on_screen
from ticket_kiosk import AGENT_HEADER

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AGENT = {"printer": {"state": "ready"}, "server": "up", "since_ms": 0, "emergency_left": 50}


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


async def test_one_kiosk_draws_for_several_zones_but_never_for_two_at_once(visit_of: VisitOf) -> None:
    yard = zone("yard", name=text("Yard"), site=text("Office"))
    async with visit_of(more=[yard]) as visit:
        page = visit.page
        await expect(page.get_by_role("heading", name="Yard")).to_be_visible()
        await looks_right(page)
        await page.get_by_role("button", name="Ich habe mehrere Anliegen").click()
        await page.locator("[data-zone=yard][data-service=new]").click()
        await expect(page.locator("[data-zone=hall][data-service=new]")).to_have_attribute("aria-disabled", "true")
        await page.locator("[data-zone=yard][data-service=short]").click()
        await page.get_by_role("button", name="Weiter", exact=True).click()
        await visit.draw()
        await expect(page.locator("#ticket")).to_have_text("A001")
        snapshot, _ = await visit.office.engine.read(yard.id)
        (ticket,) = snapshot.tickets.values()
        assert (ticket.service, ticket.further) == (NEW, (SHORT,))
        assert await visit.drawn_numbers() == 0


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

    await visit.context.set_extra_http_headers({AGENT_HEADER: "1"})
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
    await expect(visit.page.locator("[data-paper-state]:visible")).to_contain_text(sentence)
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

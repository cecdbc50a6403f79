"""The desk, in real Chromium on a real office: one key calls, nothing happens twice, and what is refused is said."""

import re

import httpx
import pytest
from playwright.async_api import expect

from tests.display_server.desk.clerk import at_counter, button, call_next, open_desk, press_when_it_counts, row_of
from tests.display_server.hall import Hall, Screens

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RECOVERS_WITHIN_MS = 30_000


async def test_a_double_click_on_next_calls_one_visitor(hall: Hall, screens: Screens) -> None:
    first, _ = await hall.numbers(2)
    desk = await open_desk(screens)
    await desk.locator("[data-part=next]").dblclick()
    await expect(at_counter(desk)).to_have_text(first)
    await expect(desk.locator("[data-part=count-waiting]")).to_have_text("1")
    totals = (await hall.public())["totals"]
    assert (totals["called"], totals["waiting"], totals["finished"]) == (1, 1, 0)


async def test_one_key_finishes_the_visit_and_calls_the_next(hall: Hall, screens: Screens) -> None:
    first, second = await hall.numbers(2)
    desk = await open_desk(screens)
    await call_next(desk, first)
    await press_when_it_counts(desk, second)
    assert (await hall.public())["totals"]["finished"] == 1


async def test_undo_brings_the_visitor_back_to_the_queue(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await call_next(desk, number)
    undo = desk.locator("[data-part=undo]")
    await expect(undo).to_contain_text(f"Rückgängig: Aufruf von {number}")
    async with desk.expect_request("**/counters/1/undo") as asked:
        await undo.click()
    assert "meant" in ((await asked.value).post_data_json or {}), "of another visitor it would undo nothing"
    await expect(desk.locator("[data-part=waiting] tr")).to_contain_text(number)
    await expect(desk.locator("[data-part=status]")).to_have_text("Der letzte Schritt wurde rückgängig gemacht.")
    await expect(undo).to_be_hidden()


async def test_who_did_not_come_can_be_put_back(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await call_next(desk, number)
    await button(desk, "Nicht erschienen").click()
    row = desk.locator("[data-part=missed] tr")
    await row.get_by_role("button", name="Mehr").click()
    await desk.get_by_role("dialog").get_by_role("button", name="Zurückstellen").click()
    await desk.get_by_label("Minuten, für die letzte Möglichkeit").fill("5")
    await desk.get_by_role("dialog").get_by_role("button", name="aber erst nach einigen Minuten").click()
    await expect(desk.locator("[data-part=waiting] tr")).to_contain_text("nicht vor")
    await expect(desk.locator("[data-part=upcoming]")).to_contain_text("nicht vor")


async def test_a_visitor_who_asked_for_more_time_is_marked(hall: Hall, screens: Screens) -> None:
    drawn = await hall.command("tickets", {"service": "short", "visitor_class": "normal"})
    desk = await open_desk(screens)
    await hall.command(f"tickets/{drawn['ticket']['id']}/delay")
    row = desk.locator("[data-part=waiting] tr")
    await expect(row).to_contain_text("nicht vor")
    await expect(row).to_contain_text("hat um mehr Zeit gebeten")


async def test_a_number_from_home_is_marked_until_its_visitor_is_here(worded: Hall, worded_screens: Screens) -> None:
    address = worded.building.office.address
    async with httpx.AsyncClient(base_url=address, headers={"Origin": address}) as client:
        drawn = await client.post(f"/z/{worded.zone}/draw", data={"service": "short"})
    assert drawn.status_code == httpx.codes.SEE_OTHER, drawn.text
    desk = await worded_screens.desk()
    row = desk.locator("[data-part=waiting] tr")
    mark = row.locator("[data-field=mark]")
    await expect(mark).to_have_text(re.compile(r"^Noch nicht da, gilt bis \d\d:\d\d$"))
    await worded.command(f"tickets/{await row.get_attribute('data-id')}/confirm")
    await expect(mark).to_be_hidden()
    await expect(row).to_be_visible()


async def test_a_visitor_is_transferred_to_another_counter(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    await hall.command("counters/2/open")
    desk = await open_desk(screens)
    await call_next(desk, number)
    await button(desk, "Weiterleiten").click()
    await desk.get_by_label("Wohin").select_option(label="Schalter 2: frei")
    await desk.get_by_label("Hinweis für den anderen Schalter").fill("Kopie fehlt noch")
    await desk.get_by_role("dialog").get_by_role("button", name="Weiterleiten").click()
    await expect(at_counter(desk)).to_be_hidden()
    other = await screens.desk("2")
    await expect(other.locator("[data-part=upcoming]")).to_contain_text("wurde hierher weitergeleitet")
    await expect(desk.locator("[data-part=waiting] tr")).to_have_count(0)
    await desk.get_by_label("Auch für andere Schalter").check()
    await expect(desk.locator("[data-part=waiting] tr")).to_contain_text("für Schalter 2")
    await expect(other.locator("[data-part=waiting] tr")).to_contain_text("Kopie fehlt noch")


async def test_a_given_visitor_is_called_out_of_the_list(hall: Hall, screens: Screens) -> None:
    _, second = await hall.numbers(2)
    desk = await open_desk(screens)
    await desk.locator("[data-part=waiting] tr").nth(1).get_by_role("button", name="Aufrufen").click()
    await expect(at_counter(desk)).to_have_text(second)
    await expect(desk.locator("[data-part=waiting] tr").get_by_role("button", name="Aufrufen")).to_be_disabled()


async def test_a_number_is_cancelled_only_after_asking(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await desk.locator("[data-part=waiting] tr").get_by_role("button", name="Mehr").click()
    await desk.get_by_role("dialog").get_by_role("button", name="Stornieren").click()
    await expect(desk.get_by_role("dialog")).to_contain_text(f"Diese Nummer stornieren? {number}")
    await desk.get_by_role("button", name="Nummer stornieren").click()
    await expect(desk.locator("[data-part=nobody]")).to_be_visible()


async def test_the_list_has_the_order_of_the_counter_with_marks(hall: Hall, screens: Screens) -> None:
    await hall.draw()
    favoured = (await hall.draw(visitor_class="priority"))["number"]
    desk = await open_desk(screens)
    rows = desk.locator("[data-part=waiting] tr")
    await expect(rows.first).to_contain_text(favoured)
    await expect(rows.first).to_contain_text("Vorrang")
    await expect(desk.locator("[data-part=upcoming]")).to_contain_text("hat Vorrang")


async def test_calling_again_waits_counts_and_ends(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await call_next(desk, number)
    again = button(desk, "Wiederholen")
    await expect(again).to_be_disabled()
    await expect(again).to_contain_text("in ")
    await expect(again).to_contain_text("noch 3", timeout=RECOVERS_WITHIN_MS)
    await again.click()
    await expect(desk.locator("[data-part=held]")).to_contain_text("Aufrufe bisher: 2")
    await expect(again).to_be_disabled()


async def test_what_is_refused_is_said_in_words(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await row_of(desk, number).get_by_role("button", name="Mehr").click()
    await desk.route(
        "**/cancel", lambda route: route.fulfill(status=409, json={"code": "wrong_state", "state": "called"})
    )
    await desk.get_by_role("dialog").get_by_role("button", name="Stornieren").click()
    await desk.get_by_role("button", name="Nummer stornieren").click()
    await expect(desk.locator("[data-part=problem]")).to_contain_text("Jemand war schneller")
    await desk.unroute("**/cancel")
    await desk.locator("[data-part=next]").click()
    await expect(desk.locator("[data-part=problem]")).to_be_hidden()


async def test_nobody_waiting_is_no_fault(hall: Hall, screens: Screens) -> None:
    desk = await open_desk(screens)
    await desk.locator("[data-part=next]").click()
    await expect(desk.locator("[data-part=status]")).to_have_text("Für diesen Schalter wartet niemand.")
    await expect(desk.locator("[data-part=problem]")).to_be_hidden()
    assert (await hall.public())["totals"]["called"] == 0


async def test_what_another_does_is_seen_without_reloading(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await hall.command("counters/1/call-next")
    await expect(at_counter(desk)).to_have_text(number)
    await hall.command("counters/1/finish")
    await expect(desk.locator("[data-part=free]")).to_have_text("Frei")
    await desk.get_by_role("button", name="Pause", exact=True).click()
    await expect(desk.locator("[data-part=counter-state]")).to_have_text("Pause")


@pytest.mark.slow
async def test_a_click_while_the_server_is_away_happens_once_when_it_is_back(hall: Hall, screens: Screens) -> None:
    first, _ = await hall.numbers(2)
    desk = await open_desk(screens)
    hall.building.office.kill_both()
    await desk.locator("[data-part=next]").click()
    await expect(desk.locator("[data-part=slow]")).to_contain_text("Neuer Versuch")
    hall.building.office.start()
    await expect(at_counter(desk)).to_have_text(first, timeout=RECOVERS_WITHIN_MS)
    totals = (await hall.public())["totals"]
    assert (totals["called"], totals["waiting"]) == (1, 1)
    assert screens.loads[desk] == 1


async def test_a_visitor_without_a_ticket_is_served(screens: Screens) -> None:
    desk = await open_desk(screens)
    await button(desk, "Ohne Marke").click()
    await desk.get_by_role("dialog").get_by_role("button", name="Langes Anliegen").click()
    await expect(desk.locator("[data-part=ticket-state]")).to_have_text("in Bearbeitung")
    await expect(desk.locator("[data-part=held]")).to_contain_text("Langes Anliegen")


async def test_a_further_service_goes_along_with_the_number(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await call_next(desk, number)
    await button(desk, "Beginnen").click()
    await button(desk, "Weiteres Anliegen").click()
    await desk.get_by_role("dialog").get_by_role("button", name="Langes Anliegen").click()
    await expect(desk.locator("[data-part=further]")).to_contain_text("Langes Anliegen")
    await button(desk, "Beenden").click()
    await expect(row_of(desk, number)).to_contain_text("Langes Anliegen")


async def test_only_the_chosen_services_are_called(hall: Hall, screens: Screens) -> None:
    await hall.draw("long")
    short = (await hall.draw("short"))["number"]
    desk = await screens.desk()
    await desk.get_by_label("Langes Anliegen").uncheck()
    await desk.get_by_role("button", name="Schalter öffnen").click()
    await expect(desk.locator("[data-part=waiting] tr")).to_have_count(1)
    await call_next(desk, short)


async def test_a_counter_without_any_service_is_not_opened(screens: Screens) -> None:
    desk = await screens.desk()
    for service in ("Kurzes Anliegen", "Langes Anliegen"):
        await desk.get_by_label(service).uncheck()
    await expect(desk.get_by_text("Wählen Sie mindestens ein Anliegen.")).to_be_visible()
    await expect(desk.locator("[data-part=next]")).to_be_disabled()


async def test_the_list_is_sorted_and_filtered_for_the_eye_only(hall: Hall, screens: Screens) -> None:
    await hall.draw("long")
    await hall.draw("short")
    favoured = (await hall.draw("short", "priority"))["number"]
    desk = await open_desk(screens)
    rows = desk.locator("[data-part=waiting] tr")
    sort = desk.get_by_role("button", name="Nummer", exact=True)
    await expect(rows.first).to_contain_text(favoured)
    await sort.click()
    await expect(desk.get_by_role("columnheader", name="Nummer").first).to_have_attribute("aria-sort", "ascending")
    await expect(rows.first).to_contain_text("A001")
    await sort.click()
    await expect(rows.first).to_contain_text("A003")
    await desk.get_by_label("Anliegen", exact=True).select_option(label="Langes Anliegen")
    await expect(rows).to_have_count(1)
    await call_next(desk, favoured)


async def test_two_clerks_in_the_same_moment_never_get_the_same_visitor(hall: Hall, screens: Screens) -> None:
    await hall.numbers(2)
    desks = [await open_desk(screens, counter) for counter in ("1", "2")]
    for desk in desks:
        await desk.evaluate("document.querySelector('[data-part=next]').click()")
    numbers = set()
    for desk in desks:
        await expect(at_counter(desk)).not_to_have_text("")
        numbers.add(await at_counter(desk).inner_text())
    assert len(numbers) == len(desks)


async def test_a_lost_ticket_is_printed_again_or_it_is_said_why_not(hall: Hall, screens: Screens) -> None:
    """This hall has no printer; tests/ticket_kiosk/test_reprint.py has one."""
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await row_of(desk, number).get_by_role("button", name="Mehr").click()
    await desk.get_by_role("dialog").get_by_role("button", name="Neu drucken").click()
    await expect(desk.locator("[data-part=problem]")).to_contain_text("keinen Drucker")


async def test_a_clerk_who_is_asked_for_the_wait_finds_it_beside_the_number(hall: Hall, screens: Screens) -> None:
    first, second = await hall.numbers(2)
    desk = await open_desk(screens)
    await call_next(desk, first)
    await row_of(desk, second).get_by_role("button", name="Mehr").click()
    await expect(desk.get_by_role("dialog").locator("[data-part=forecast]")).to_have_text(
        re.compile(r"Voraussichtlich: \w")
    )

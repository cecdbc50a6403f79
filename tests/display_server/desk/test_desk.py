"""The desk, in real Chromium on a real office: one key calls, nothing happens twice, and what is refused is said."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.display_server.hall import Hall, Screens
from tests.support.axe import violations
from tests.support.eventually import eventually

pytestmark = pytest.mark.browser

NARROW = (480, 800)
RECOVERS_WITHIN_MS = 30_000


def at_counter(desk: Page) -> Locator:
    return desk.locator("[data-part=held] [data-field=number]")


def button(desk: Page, name: str) -> Locator:
    return desk.get_by_role("group", name="Besuch am Schalter").get_by_role("button", name=name)


async def open_desk(screens: Screens, **more: Any) -> Page:
    desk = await screens.desk(**more)
    await desk.get_by_role("button", name="Schalter öffnen").click()
    await expect(desk.locator("[data-part=counter-state]")).to_have_text("offen")
    return desk


async def call_next(desk: Page, number: str) -> None:
    await desk.locator("[data-part=next]").click()
    await expect(at_counter(desk)).to_have_text(number)


async def test_the_whole_way_needs_only_the_keyboard(hall: Hall, screens: Screens) -> None:
    first, second = await hall.numbers(2)
    desk = await screens.desk()
    await expect(desk.locator("[data-part=waiting] tr")).to_have_count(2)
    await desk.keyboard.press("n")
    await expect(desk.locator("[data-part=counter-state]")).to_have_text("offen")
    await expect(desk.locator("[data-part=upcoming]")).to_contain_text(first)
    await expect(desk.locator("[data-part=upcoming]")).to_contain_text("kam zuerst")
    await desk.keyboard.press("n")
    await expect(at_counter(desk)).to_have_text(first)
    await expect(desk.locator("[data-part=status]")).to_have_text(f"{first} wurde aufgerufen.")
    await desk.keyboard.press("s")
    await expect(desk.locator("[data-part=ticket-state]")).to_have_text("in Bearbeitung")
    await desk.keyboard.press("p")
    await desk.keyboard.type("Kopie fehlt")
    await desk.keyboard.press("Enter")
    await expect(desk.locator("[data-part=parked] tr")).to_contain_text("Kopie fehlt")
    await desk.keyboard.press("n")
    await expect(at_counter(desk)).to_have_text(second)
    await desk.keyboard.press("f")
    await expect(desk.locator("[data-part=free]")).to_have_text("Frei")


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


async def press_when_it_counts(desk: Page, number: str) -> None:
    """Presses `n` until the guard against double clicks has let it through: at once, or after its time."""

    async def called() -> bool:
        if await at_counter(desk).inner_text() != number:
            await desk.keyboard.press("n")
        return await at_counter(desk).inner_text() == number

    await eventually(called)


async def test_undo_brings_the_visitor_back_to_the_queue(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await call_next(desk, number)
    undo = desk.locator("[data-part=undo]")
    await expect(undo).to_contain_text(f"Rückgängig: Aufruf von {number}")
    await undo.click()
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
    await desk.get_by_label("Erst nach einigen Minuten wieder aufrufen").check()
    await desk.get_by_label("Minuten", exact=True).fill("5")
    await desk.get_by_role("dialog").get_by_role("button", name="Zurückstellen").click()
    await expect(desk.locator("[data-part=waiting] tr")).to_contain_text("nicht vor")
    await expect(desk.locator("[data-part=upcoming]")).to_contain_text("nicht vor")


async def test_a_visitor_is_transferred_to_another_counter(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    await hall.command("counters/2/open")
    desk = await open_desk(screens)
    await call_next(desk, number)
    await button(desk, "Weiterleiten").click()
    await desk.get_by_label("Wohin").select_option(label="Schalter 2")
    await desk.get_by_role("dialog").get_by_role("button", name="Weiterleiten").click()
    await expect(at_counter(desk)).to_be_hidden()
    other = await screens.desk("2")
    await expect(other.locator("[data-part=upcoming]")).to_contain_text("wurde hierher weitergeleitet")
    await expect(desk.locator("[data-part=waiting] tr")).to_have_count(0)
    await desk.get_by_label("Auch Anliegen anderer Schalter zeigen").check()
    await expect(desk.locator("[data-part=waiting] tr")).to_contain_text("für Schalter 2")


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


async def test_what_is_refused_is_said_in_words(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await call_next(desk, number)
    await button(desk, "Wiederholen").click()
    await expect(desk.get_by_role("alert")).to_have_text("Der letzte Aufruf ist erst wenige Sekunden her.")
    await button(desk, "Beginnen").click()
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
    await desk.get_by_role("button", name="Pause beginnen").click()
    await expect(desk.locator("[data-part=counter-state]")).to_have_text("Pause")


async def test_single_keys_can_be_switched_off(hall: Hall, screens: Screens) -> None:
    await hall.numbers(1)
    desk = await open_desk(screens)
    await desk.get_by_text("Tastatur").click()
    await desk.get_by_label("Einzelne Tasten verwenden").uncheck()
    await desk.keyboard.press("n")
    await desk.locator("[data-part=clock]").click()
    assert (await hall.public())["totals"]["called"] == 0
    await expect(desk.locator("[data-part=next] kbd")).to_be_hidden()


@pytest.mark.slow
async def test_a_click_while_the_server_is_away_happens_once_when_it_is_back(hall: Hall, screens: Screens) -> None:
    first, _ = await hall.numbers(2)
    desk = await open_desk(screens)
    hall.building.office.kill_both()
    await desk.locator("[data-part=next]").click()
    await expect(desk.get_by_role("alert")).to_contain_text("Neuer Versuch")
    hall.building.office.start()
    await expect(at_counter(desk)).to_have_text(first, timeout=RECOVERS_WITHIN_MS)
    totals = (await hall.public())["totals"]
    assert (totals["called"], totals["waiting"]) == (1, 1)
    assert screens.loads[desk] == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(hall: Hall, screens: Screens, scheme: str) -> None:
    numbers = await hall.numbers(2)
    desk = await open_desk(screens, color_scheme=scheme)
    assert await violations(desk) == []
    await call_next(desk, numbers[0])
    assert await violations(desk) == []
    for name in ("Parken", "Zurückstellen", "Weiterleiten"):
        await button(desk, name).click()
        assert await violations(desk) == []
        await desk.keyboard.press("Escape")
    await desk.goto("/desk")
    assert await violations(desk) == []


async def test_it_works_in_a_narrow_window(hall: Hall, screens: Screens) -> None:
    numbers = await hall.numbers(2)
    desk = await open_desk(screens, size=NARROW)
    await call_next(desk, numbers[0])
    assert await desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await violations(desk) == []

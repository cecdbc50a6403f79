"""A whole day without a mouse, and keys as the clerk wants them."""

import pytest
from playwright.async_api import Page, expect

from tests.display_server.desk.clerk import at_counter, open_desk, press_when_it_counts, row_of
from tests.display_server.hall import Hall, Screens

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def state_is(desk: Page, words: str) -> None:
    await expect(desk.locator("[data-part=ticket-state]")).to_have_text(words)


async def test_a_whole_day_needs_only_the_keyboard(worded: Hall, worded_screens: Screens) -> None:
    numbers = await worded.numbers(5)
    await worded.command("counters/2/open")
    desk = await worded_screens.desk()
    await expect(desk.locator("[data-part=waiting] tr")).to_have_count(5)
    await desk.keyboard.press("n")
    await expect(desk.locator("[data-part=counter-state]")).to_have_text("offen")
    await expect(desk.locator("[data-part=upcoming]")).to_contain_text(numbers[0])
    await press_when_it_counts(desk, numbers[0])
    await expect(desk.locator("[data-part=status]")).to_have_text(f"{numbers[0]} wurde aufgerufen.")
    await desk.keyboard.press("s")
    await state_is(desk, "in Bearbeitung")
    await desk.keyboard.press("1")
    await expect(desk.get_by_role("button", name="Erledigt")).to_have_attribute("aria-pressed", "true")
    await press_when_it_counts(desk, numbers[1])
    await desk.keyboard.press("p")
    await desk.keyboard.press("2")
    await expect(row_of(desk, numbers[1], "parked")).to_contain_text("Holt Unterlagen")
    await press_when_it_counts(desk, numbers[2])
    await desk.keyboard.press("b")
    await desk.keyboard.press("2")
    await expect(desk.locator("[data-part=waiting] tr").last).to_contain_text(numbers[2])
    await press_when_it_counts(desk, numbers[3])
    await desk.keyboard.press("t")
    await desk.keyboard.type("Sch")
    await expect(desk.get_by_label("Wohin")).to_have_value("counter:2")
    await desk.keyboard.press("Enter")
    await expect(at_counter(desk)).to_be_hidden()
    await press_when_it_counts(desk, numbers[4])
    await desk.keyboard.press("m")
    await expect(row_of(desk, numbers[4], "missed")).to_be_visible()
    await expect(desk.locator("[data-part=next]")).to_have_attribute("aria-busy", "false")
    await desk.keyboard.press("u")
    await state_is(desk, "aufgerufen")
    await expect(desk.locator("[data-part=next]")).to_have_attribute("aria-busy", "false")
    await desk.keyboard.press("f")
    await expect(desk.locator("[data-part=free]")).to_have_text("Frei")
    await desk.keyboard.press("k")
    await desk.keyboard.press("1")
    await expect(desk.locator("[data-part=free]")).to_contain_text("Mittag")
    await desk.keyboard.press("c")
    await expect(desk.locator("[data-part=counter-state]")).to_have_text("geschlossen")
    totals = (await worded.public())["totals"]
    assert (totals["finished"], totals["parked"], totals["waiting"], totals["missed"]) == (2, 1, 2, 0)


async def test_the_outcome_goes_into_the_log_and_is_never_asked_for(worded: Hall, worded_screens: Screens) -> None:
    ticket, second = await worded.draw(), (await worded.draw())["number"]
    desk = await open_desk(worded_screens)
    await press_when_it_counts(desk, ticket["number"])
    await desk.keyboard.press("2")
    async with desk.expect_request("**/finish") as finished:
        await press_when_it_counts(desk, second)
    assert (await finished.value).post_data_json == {"outcome": "again", "meant": ticket["id"]}
    await expect(desk.get_by_role("button", name="Kommt wieder")).to_have_attribute("aria-pressed", "false")
    await expect(desk.locator("[data-part=next]")).to_have_attribute("aria-busy", "false")
    await desk.keyboard.press("f")
    await expect(desk.locator("[data-part=free]")).to_have_text("Frei")


async def test_a_hall_without_reasons_asks_for_none(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await press_when_it_counts(desk, number)
    await desk.keyboard.press("p")
    await expect(row_of(desk, number, "parked")).to_be_visible()
    await expect(desk.locator("[data-outcome]")).to_have_count(0)


@pytest.mark.parametrize("key", ["k", "c", "o"], ids=["break", "close", "without a ticket"])
async def test_a_key_that_does_not_go_with_a_visitor_says_why(hall: Hall, screens: Screens, key: str) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await press_when_it_counts(desk, number)
    await expect(desk.locator("[data-part=next]")).to_have_attribute("aria-busy", "false")
    await desk.keyboard.press(key)
    await expect(desk.locator("[data-part=problem]")).to_contain_text("Besuch")
    await expect(at_counter(desk)).to_have_text(number)


async def test_the_question_mark_lists_every_key(screens: Screens) -> None:
    desk = await screens.desk()
    await desk.keyboard.press("?")
    window = desk.get_by_role("dialog", name="Tasten und Einstellungen")
    await expect(window.locator("[data-key-of]")).to_have_count(17)
    shown = await window.locator("[data-key-of] kbd").all_inner_texts()
    assert len(set(shown)) == len(shown)
    actions = await desk.eval_on_selector_all("[data-action]", "all => all.map(one => one.dataset.action)")
    listed = await desk.eval_on_selector_all("[data-key-of]", "all => all.map(one => one.dataset.keyOf)")
    assert set(actions) == set(listed)
    await desk.keyboard.press("Escape")
    await expect(window).to_be_hidden()


async def test_a_key_is_changed_kept_and_taken_by_no_other(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await desk.keyboard.press("?")
    await desk.get_by_role("button", name="Ändern Nächster Aufruf").click()
    await desk.keyboard.press("u")
    await expect(desk.locator("[data-part=keys-said]")).to_contain_text("gehört schon zu: Rückgängig")
    await desk.keyboard.press("j")
    await expect(desk.locator("[data-part=keys-said]")).to_contain_text("J ist jetzt die Taste für: Nächster Aufruf")
    await desk.reload()
    await expect(desk.locator("[data-part=next] kbd")).to_have_text("J")
    await expect(desk.locator("[data-part=upcoming]")).to_contain_text(number)
    await desk.keyboard.press("n")
    await press_when_it_counts(desk, number, "j")
    await desk.keyboard.press("?")
    await desk.get_by_role("button", name="Alle Tasten zurücksetzen").click()
    await expect(desk.locator("[data-part=next] kbd")).to_have_text("N")


async def test_single_keys_can_be_switched_off(hall: Hall, screens: Screens) -> None:
    await hall.numbers(1)
    desk = await open_desk(screens)
    await desk.keyboard.press("?")
    await desk.get_by_label("Einzelne Tasten verwenden").uncheck()
    await desk.keyboard.press("Escape")
    await desk.keyboard.press("n")
    await desk.locator("[data-part=clock]").click()
    assert (await hall.public())["totals"]["called"] == 0
    await expect(desk.locator("[data-part=next] kbd")).to_be_hidden()


async def test_keys_do_nothing_while_somebody_writes(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await press_when_it_counts(desk, number)
    await desk.keyboard.press("t")
    await desk.get_by_label("Hinweis für den anderen Schalter").press_sequentially("fmu nach 12")
    await desk.keyboard.press("Escape")
    await expect(at_counter(desk)).to_have_text(number)
    await expect(
        desk.get_by_role("group", name="Besuch am Schalter").get_by_role("button", name="Weiterleiten")
    ).to_be_enabled()


async def test_the_focus_comes_back_from_windows_and_from_buttons_that_went(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await press_when_it_counts(desk, number)
    park = desk.locator('[data-action="transfer"]')
    await park.focus()
    await desk.keyboard.press("Enter")
    await desk.keyboard.press("Escape")
    await expect(park).to_be_focused()
    start = desk.locator('[data-action="start"]')
    await start.focus()
    await desk.keyboard.press("Enter")
    await state_is(desk, "in Bearbeitung")
    await expect(desk.locator("[data-part=next]")).to_be_focused()


async def test_the_next_is_called_by_itself_only_where_that_was_wished_and_can_be_stopped(
    hall: Hall, screens: Screens
) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await desk.keyboard.press("?")
    await desk.get_by_label("nach 10 Sekunden von selbst aufrufen").check()
    await desk.keyboard.press("Escape")
    await expect(desk.locator("[data-part=autocall]")).to_contain_text("Nächster Aufruf in")
    await desk.keyboard.press("Escape")
    await expect(desk.locator("[data-part=autocall]")).to_be_hidden()
    assert (await hall.public())["totals"]["called"] == 0
    await desk.clock.install()
    await desk.reload()
    await expect(desk.locator("[data-part=autocall]")).to_contain_text("Nächster Aufruf in")
    await desk.clock.run_for(10_000)
    await expect(at_counter(desk)).to_have_text(number)
    assert (await hall.public())["totals"]["called"] == 1

"""One's own ticket by its link: where it stands, and giving it back."""

from typing import Any

import httpx
import pytest

from queue_core.domain.booking_commands import Book, CheckIn
from queue_core.domain.model import BookingId, TicketId
from queue_core.domain.principal import Role
from queue_core.web.words import ORDER
from tests.support.eventually import eventually
from tests.support.web_office import ORIGIN, WebOffice
from tests.support.zones import APPOINTMENT, NEW

GERMAN = {"Accept": "text/html", "Accept-Language": "de"}
FORM = {**GERMAN, "Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
OVER = "Diese Nummer gilt nicht mehr"


async def drawn(office: WebOffice, **more: Any) -> str:
    """The path of a drawn ticket's own page, once the hub has seen it."""
    ticket = await office.draw(**more)
    await eventually(lambda: TicketId(ticket["id"]) in office.hub.snapshot(office.zone.id).tickets)
    return office.frame.links.path(office.zone.id, TicketId(ticket["id"]))


async def page(office: WebOffice, path: str) -> httpx.Response:
    return await office.http.get(path, headers=GERMAN)


async def shows(office: WebOffice, path: str, text: str) -> None:
    async def shown() -> bool:
        return text in (await page(office, path)).text

    await eventually(shown)


async def test_it_says_how_many_are_before_me(office: WebOffice) -> None:
    await drawn(office)
    mine = await drawn(office)
    answer = await page(office, mine)
    assert answer.status_code == 200
    assert "A002" in answer.text
    assert "etwa 1 Person vor Ihnen" in answer.text


async def test_it_says_come_now_and_where_to(office: WebOffice) -> None:
    mine = await drawn(office)
    await office.command("counters/1/open", role=Role.COUNTER)
    await office.command("counters/1/call-next", role=Role.COUNTER)
    await shows(office, mine, '<html lang="de" dir="ltr"')
    await shows(office, mine, 'data-state="called"')
    assert "Counter 1" in (await page(office, mine)).text


THEN = {
    "de": "danach: Short",
    "de-simple": "danach: Short",
    "en": "then: Short",
    "tr": "sonra: Short",
    "ar": "ثم: Short",
    "uk": "потім: Short",
    "ru": "затем: Short",
    "fa": "سپس: Short",
    "ro": "apoi: Short",
}


async def test_a_visit_of_several_services_says_what_comes_then_in_every_language(office: WebOffice) -> None:
    mine = await drawn(office, further=["short"])
    said = {language: (await page(office, f"{mine}?lang={language}")).text for language in ORDER}
    assert [language for language, text in said.items() if f"<li>{THEN[language]}</li>" not in text] == []


async def test_a_visit_of_one_service_has_nothing_then(office: WebOffice) -> None:
    answer = await page(office, await drawn(office))
    assert "<li>danach" not in answer.text
    assert "data-further hidden" in answer.text


async def test_without_scripts_it_renews_itself(office: WebOffice) -> None:
    assert '<noscript><meta http-equiv="refresh"' in (await page(office, await drawn(office))).text


@pytest.mark.parametrize("link", ["nonsense", "hall.x.y", "nowhere.aaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbb"])
async def test_a_link_that_is_not_ours_is_answered_like_a_finished_visit(office: WebOffice, link: str) -> None:
    mine = await drawn(office)
    await office.command("counters/1/open", role=Role.COUNTER)
    await office.command("counters/1/call-next", role=Role.COUNTER)
    await office.command("counters/1/finish", role=Role.COUNTER)
    await eventually(lambda: not office.hub.snapshot(office.zone.id).tickets)
    finished, foreign = await page(office, mine), await page(office, f"/t/{link}")
    assert OVER in foreign.text
    assert finished.status_code == foreign.status_code == 404
    same_page = finished.text.replace(mine, "") == foreign.text.replace(f"/t/{link}", "")
    assert same_page


async def test_a_link_with_one_wrong_character_opens_nothing(office: WebOffice) -> None:
    mine = await drawn(office)
    wrong = mine[:-1] + ("A" if mine[-1] != "A" else "B")
    assert (await page(office, wrong)).status_code == 404
    assert (await office.http.get(f"{wrong}/events")).status_code == 404


async def test_whoever_leaves_is_told_so_and_is_not_called_any_more(office: WebOffice) -> None:
    mine = await drawn(office)
    answer = await office.http.post(f"{mine}/leave", headers=FORM)
    assert answer.status_code == 303
    await shows(office, answer.headers["location"], "zurückgegeben")
    assert '<span class="wz-brand__name">Office</span>' in (await page(office, answer.headers["location"])).text
    await office.command("counters/1/open", role=Role.COUNTER)
    assert (await office.command("counters/1/call-next", role=Role.COUNTER)).status_code == 204


async def test_leaving_twice_is_leaving_once(office: WebOffice) -> None:
    mine = await drawn(office)
    answers = [await office.http.post(f"{mine}/leave", headers=FORM) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}


async def test_who_was_called_in_this_very_moment_sees_that_instead(office: WebOffice) -> None:
    mine = await drawn(office)
    await office.command("counters/1/open", role=Role.COUNTER)
    await office.command("counters/1/call-next", role=Role.COUNTER)
    answer = await office.http.post(f"{mine}/leave", headers=FORM)
    assert answer.headers["location"] == mine
    await shows(office, mine, 'data-state="called"')


async def test_another_site_cannot_give_my_number_back(office: WebOffice) -> None:
    mine = await drawn(office)
    answer = await office.http.post(f"{mine}/leave", headers={**FORM, "Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert (await page(office, mine)).status_code == 200


async def test_a_chosen_language_is_kept_when_leaving(office: WebOffice) -> None:
    mine = await drawn(office)
    answer = await office.http.post(f"{mine}/leave?lang=en", headers=FORM)
    assert "lang=en" in answer.headers["location"]


async def missed(office: WebOffice) -> str:
    mine = await drawn(office)
    for verb in ("open", "call-next", "miss"):
        await office.command(f"counters/1/{verb}", role=Role.COUNTER)
    await shows(office, mine, 'data-state="missed"')
    return mine


async def test_whoever_missed_the_call_comes_back_without_staff(office: WebOffice) -> None:
    mine = await missed(office)
    answers = [await office.http.post(f"{mine}/come-back", headers=FORM) for _ in range(2)]
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, mine)}
    await shows(office, mine, 'data-state="waiting"')


async def test_whoever_was_not_missed_comes_back_to_nothing(office: WebOffice) -> None:
    mine = await drawn(office)
    assert (await office.http.post(f"{mine}/come-back", headers=FORM)).status_code == 303
    await shows(office, mine, 'data-state="waiting"')


async def test_another_site_cannot_put_me_back(office: WebOffice) -> None:
    mine = await missed(office)
    answer = await office.http.post(f"{mine}/come-back", headers={**FORM, "Origin": "https://evil.example"})
    assert answer.status_code == 403


async def test_who_needs_more_time_is_called_later_and_keeps_the_place(office: WebOffice) -> None:
    mine = await drawn(office)
    await shows(office, mine, "Ich brauche noch etwas Zeit")
    answers = [await office.http.post(f"{mine}/later", data={"left": "2"}, headers=FORM) for _ in range(2)]
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, mine)}
    await shows(office, mine, "nicht vor")
    [ticket] = office.hub.snapshot(office.zone.id).tickets.values()
    assert ticket.delays == 1


async def test_the_last_time_is_said_to_be_the_last_and_then_it_is_offered_no_more(office: WebOffice) -> None:
    mine = await drawn(office)
    await office.http.post(f"{mine}/later", headers=FORM)
    await shows(office, mine, "<p data-last>")
    await office.http.post(f"{mine}/later", headers=FORM)
    await shows(office, mine, "data-later-form hidden")
    assert (await office.http.post(f"{mine}/later", headers=FORM)).status_code == 303


async def test_another_site_cannot_put_me_off(office: WebOffice) -> None:
    mine = await drawn(office)
    answer = await office.http.post(f"{mine}/later", headers={**FORM, "Origin": "https://evil.example"})
    assert answer.status_code == 403


async def test_an_appointment_that_came_early_is_not_called_before(office: WebOffice) -> None:
    now_ms = office.hub.now_ms(office.zone.id)
    code = BookingId("ABCDEFGH")
    await office.engine.do(office.zone.id, Book(code, NEW, APPOINTMENT, now_ms + 1_800_000))
    outcome = await office.engine.do(office.zone.id, CheckIn(code))
    ticket = outcome.ticket()
    assert ticket is not None
    mine = office.frame.links.path(office.zone.id, TicketId(ticket["id"]))
    await shows(office, mine, "nicht vor")
    await shows(office, mine, "Ihr Termin ist um")
    await shows(office, mine, 'data-label="wait" hidden')
    await shows(office, mine, 'data-label="call">Ihr Aufruf')

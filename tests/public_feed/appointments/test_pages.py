"""Finding, holding, confirming, moving and cancelling by plain pages and forms, as a browser without scripts does."""

import asyncio
import re
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from queue_core.domain.model import BookingId, TicketId
from queue_core.domain.principal import Role
from queue_core.engine import Once
from queue_core.web.qr import qr_picture
from queue_core.web.words import ORDER
from tests.public_feed.appointments.conftest import FACES, GIVEN, MAIL, MORNING_MS, wound
from tests.support.eventually import eventually
from tests.support.markup import faults
from tests.support.web_office import ORIGIN, WebOffice, open_web_office
from tests.support.zones import NEW, zone

GERMAN = {"Accept": "text/html", "Accept-Language": "de"}
FORM = {**GERMAN, "Origin": ORIGIN}
TIMES = "/appointments/hall/new"
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


async def page(office: WebOffice, path: str) -> httpx.Response:
    return await office.http.get(path, headers=GERMAN)


async def send(office: WebOffice, path: str, **fields: Any) -> httpx.Response:
    return await office.http.post(path, data=fields, headers=FORM)


def offered(text: str) -> list[int]:
    """Every time of a page that can be pressed, in order."""
    return list(dict.fromkeys(int(at) for at in re.findall(r'name="at" value="(\d+)"', text)))


async def held(office: WebOffice, nth: int = 0, key: str = "k") -> str:
    """The path of one's own page."""
    times = offered((await page(office, TIMES)).text)
    answer = await send(office, TIMES, at=times[nth], key=key)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def booked(office: WebOffice, nth: int = 0) -> str:
    own = await held(office, nth)
    answer = await send(office, f"{own}/confirm")
    assert answer.headers["location"] == f"{own}?confirmed"
    return own


def booking(office: WebOffice, own: str) -> BookingId:
    return office.frame.booking_links.read(own.removeprefix("/a/")).booking


async def test_the_qr_code_opens_the_page_on_a_phone_and_has_the_code_for_the_kiosk(office: WebOffice) -> None:
    own = await booked(office)
    address = office.frame.absolute(f"{own}?code={booking(office, own)}")
    assert f'src="{escape(qr_picture(address))}"' in (await page(office, own)).text
    assert (await page(office, address)).status_code == 200


async def test_one_zone_alone_shows_at_once_what_it_gives_appointments_for_and_the_first_time(
    office: WebOffice,
) -> None:
    text = (await page(office, "/appointments")).text
    assert TIMES in text
    assert "Nächster freier Termin: <bdi>11:00</bdi>" in text


async def test_a_time_beyond_all_calendars_is_none(office: WebOffice) -> None:
    for at in ("9" * 13, "9" * 15, "\u0663"):
        assert (await send(office, TIMES, at=at)).status_code in (409, 422)


async def test_several_zones_are_chosen_from_first(valkey_url: str, tmp_path: Path) -> None:
    other = zone("yard", appointments=GIVEN.appointments)
    async with open_web_office(valkey_url, tmp_path, GIVEN, other, zone("none"), faces=FACES) as office:
        text = (await page(office, "/appointments")).text
        assert re.findall(r'href="(/appointments/\w+)"', text) == ["/appointments/hall", "/appointments/yard"]
        assert "Graf-Adolf-Platz 6" in text


async def test_every_public_page_leads_to_them(office: WebOffice) -> None:
    assert 'href="/appointments"' in (await page(office, "/")).text


async def test_where_nobody_gives_appointments_it_says_come_without(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, zone(), faces=FACES) as office:
        assert "Bitte kommen Sie ohne Termin" in (await page(office, "/appointments")).text
        assert (await page(office, TIMES)).status_code == 404
        assert 'href="/appointments"' not in (await page(office, "/")).text


async def test_times_come_by_day_and_days_lead_to_each_other(office: WebOffice) -> None:
    first = (await page(office, TIMES)).text
    later = re.search(r'rel="next" href="([^"]+)#times"', first)
    assert later
    second = (await page(office, later[1])).text
    assert min(offered(second)[1:]) > max(offered(first))
    assert 'rel="prev"' in second
    assert "17. Januar 2030" in second


async def test_a_time_is_held_confirmed_and_shown_with_its_code(office: WebOffice) -> None:
    own = await held(office)
    text = (await page(office, own)).text
    assert "Bitte bestätigen Sie" in text
    assert "<bdi>10:10</bdi>" in text
    await send(office, f"{own}/confirm")
    text = (await page(office, own)).text
    code = booking(office, own)
    assert f"{code[:4]}-{code[4:]}" in text
    assert "Graf-Adolf-Platz 6" in text
    assert "data:image/svg+xml" in text


async def test_nobody_is_asked_for_an_address_where_there_is_no_mail(office: WebOffice) -> None:
    assert 'name="mail"' not in (await page(office, await held(office))).text


async def test_pressing_twice_holds_one_time(office: WebOffice) -> None:
    at = offered((await page(office, TIMES)).text)[0]
    answers = [await send(office, TIMES, at=at, key="k") for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    await eventually(lambda: len(office.hub.snapshot(office.zone.id).holds) == 1)


async def test_of_two_who_want_the_last_place_one_gets_it_and_the_other_is_offered_more(office: WebOffice) -> None:
    at = offered((await page(office, TIMES)).text)[0]
    answers = await asyncio.gather(*(send(office, TIMES, at=at, key=f"visitor {n}") for n in range(2)))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "nicht mehr frei" in refused.text
    assert offered(refused.text)
    assert at not in offered(refused.text)


async def test_who_loses_a_time_is_offered_others_of_the_same_day_or_the_next(office: WebOffice) -> None:
    at = offered((await page(office, f"{TIMES}?day=2030-01-18")).text)[5]
    assert (await send(office, TIMES, at=at, key="a")).status_code == 303
    assert "18. Januar 2030" in (await send(office, TIMES, at=at, key="b")).text
    body = {"from_at": "2030-01-18T00:00:00+01:00", "to_at": "2030-01-19T04:00:00+01:00"}
    assert (await office.command("slots/block", body)).status_code == 201
    await eventually(lambda: bool(office.hub.snapshot(office.zone.id).blocks))
    refused = await send(office, TIMES, at=at, key="c")
    assert '<h2 id="day">Samstag, 19. Januar 2030</h2>' in refused.text


@pytest.mark.parametrize("at", ["", "soon", "-1", "9" * 20, "1e9", "１２"])
async def test_what_is_no_time_of_the_page_is_refused(office: WebOffice, at: str) -> None:
    assert (await send(office, TIMES, at=at)).status_code == 422


async def test_a_time_that_nobody_offers_is_answered_with_free_ones(office: WebOffice) -> None:
    answer = await send(office, TIMES, at=MORNING_MS + 1)
    assert (answer.status_code, bool(offered(answer.text))) == (409, True)


async def test_who_holds_too_many_is_told_how_long_to_wait(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, GIVEN, faces=FACES, holds_of_address=1) as office:
        await wound(office)
        await held(office)
        answer = await send(office, TIMES, at=MORNING_MS, key="another")
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 0
        assert "Zu viele Termine" in answer.text


async def test_a_hold_is_moved_only_so_often_a_minute_and_so_is_its_calendar_file_taken(
    valkey_url: str, tmp_path: Path
) -> None:
    """Each move is written to the zone's log, where the kiosks' tickets are written too."""
    async with open_web_office(
        valkey_url, tmp_path, GIVEN, faces=FACES, appointment_asks_per_minute_of_address=10
    ) as office:
        await wound(office)
        own = await held(office)
        times = offered((await page(office, TIMES)).text)
        answers = [await send(office, f"{own}/move", at=times[n % 2 + 1], key=str(n)) for n in range(12)]
        assert [answer.status_code for answer in answers][-1] == 429
        assert (await page(office, f"{own}/appointment.ics")).status_code == 429


async def test_a_hold_that_lapsed_can_still_be_confirmed_while_nobody_has_its_place(office: WebOffice) -> None:
    own = await held(office)
    await wound(office, MORNING_MS + 11 * MINUTE_MS)
    assert re.search(r"data-lapsed>", (await page(office, own)).text)
    assert (await send(office, f"{own}/confirm")).headers["location"] == f"{own}?confirmed"


async def test_a_hold_that_lapsed_and_was_taken_leads_to_other_times(office: WebOffice) -> None:
    own = await held(office, 1)
    at = offered((await page(office, TIMES)).text)
    await wound(office, MORNING_MS + 11 * MINUTE_MS)
    mine = office.hub.snapshot(office.zone.id).holds[booking(office, own)].slot_ms
    assert mine not in at
    assert (await send(office, TIMES, at=mine, key="other")).status_code == 303
    answer = await send(office, f"{own}/confirm")
    assert answer.status_code == 409
    assert offered(answer.text)
    assert f'action="{TIMES}"' in answer.text


async def test_a_hold_that_nobody_can_confirm_any_more_has_a_page_that_says_so(office: WebOffice) -> None:
    own = await held(office)
    await wound(office, MORNING_MS + 3 * HOUR_MS)
    assert (await send(office, f"{own}/confirm")).status_code == 303
    await held(office, 5, "later")
    assert (await page(office, own)).status_code == 404


async def test_it_is_moved_and_says_so_and_after_enough_moves_no_more(office: WebOffice) -> None:
    own = await booked(office)
    for n in range(3):
        text = (await page(office, f"{own}/move")).text
        answer = await send(office, f"{own}/move", at=offered(text)[2 + n], key=f"move {n}")
        assert answer.headers["location"] == f"{own}?moved"
    assert "neue Zeit" in (await page(office, f"{own}?moved")).text
    assert (await page(office, f"{own}/move")).headers["location"] == own
    assert "so oft wie möglich" in (await page(office, own)).text


async def test_moving_to_a_time_that_was_taken_meanwhile_keeps_the_old_one(office: WebOffice) -> None:
    own = await booked(office)
    times = offered((await page(office, f"{own}/move")).text)
    await held(office, 1, "other")
    taken = office.hub.snapshot(office.zone.id).bookings[booking(office, own)].slot_ms
    answer = await send(office, f"{own}/move", at=times[1], key="m")
    assert answer.status_code == 409
    assert f'action="{own}/move"' in answer.text
    assert office.hub.snapshot(office.zone.id).bookings[booking(office, own)].slot_ms == taken


async def test_cancelled_it_is_gone_and_cancelling_twice_is_cancelling_once(office: WebOffice) -> None:
    own = await booked(office)
    for _ in range(2):
        answer = await send(office, f"{own}/cancel")
        assert answer.headers["location"] == f"{own}?cancelled"
    gone = await page(office, f"{own}?cancelled")
    assert gone.status_code == 404
    assert "keinen Termin mehr" in gone.text


@pytest.mark.parametrize("link", ["nonsense", "hall.x.y", "nowhere.aaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbb"])
async def test_a_link_that_is_not_ours_is_answered_like_a_cancelled_appointment(office: WebOffice, link: str) -> None:
    own = await booked(office)
    await send(office, f"{own}/cancel")
    mine, foreign = await page(office, own), await page(office, f"/a/{link}")
    assert mine.status_code == foreign.status_code == 404
    assert mine.text == foreign.text
    for verb in ("confirm", "move"):
        assert (await send(office, f"/a/{link}/{verb}", at=1)).status_code == 404


async def test_a_ticket_s_link_opens_no_appointment(office: WebOffice) -> None:
    link = office.frame.links.link(office.zone.id, TicketId("aaaa"))
    assert (await page(office, f"/a/{link}")).status_code == 404


@pytest.mark.parametrize("verb", ["confirm", "move", "cancel", "check-in"])
async def test_another_site_can_do_nothing_with_it(office: WebOffice, verb: str) -> None:
    own = await booked(office)
    answer = await office.http.post(
        f"{own}/{verb}", data={"at": "1"}, headers={**FORM, "Origin": "https://evil.example"}
    )
    assert answer.status_code == 403


async def test_on_the_day_one_checks_in_by_phone_and_is_led_to_the_number(office: WebOffice) -> None:
    own = await booked(office, 3)
    slot_ms = office.hub.snapshot(office.zone.id).bookings[booking(office, own)].slot_ms
    await wound(office, slot_ms - 2 * HOUR_MS)
    assert "/check-in" not in (await page(office, own)).text
    await wound(office, slot_ms - 10 * MINUTE_MS)
    assert f'action="{own}/check-in"' in (await page(office, own)).text
    answers = [await send(office, f"{own}/check-in") for _ in range(2)]
    assert {answer.headers["location"] for answer in answers} == {own}
    await eventually(lambda: len(office.hub.snapshot(office.zone.id).tickets) == 1)
    shown = await page(office, own)
    assert shown.status_code == 303
    assert "A001" in (await page(office, shown.headers["location"])).text


async def test_too_early_checks_nobody_in(office: WebOffice) -> None:
    own = await booked(office, 20)
    await send(office, f"{own}/check-in")
    assert "Ihr Code" in (await page(office, own)).text


async def test_what_was_checked_in_at_the_kiosk_leads_to_the_number_and_then_is_over(office: WebOffice) -> None:
    own = await booked(office)
    await office.command(f"bookings/{booking(office, own)}/check-in", role=Role.DEVICE)
    await office.command("counters/1/open", role=Role.COUNTER)
    shown = await page(office, own)
    assert shown.status_code in (200, 303)
    await wound(office, MORNING_MS + HOUR_MS)
    for verb in ("call-next", "finish"):
        await office.command(f"counters/1/{verb}", role=Role.COUNTER)
    assert (await page(office, own)).status_code == 404


async def test_the_calendar_file_is_read_back(office: WebOffice) -> None:
    own = await booked(office)
    answer = await page(office, f"{own}/appointment.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    event = Calendar.from_ical(answer.text).events[0]
    at = datetime.fromtimestamp(
        office.hub.snapshot(office.zone.id).bookings[booking(office, own)].slot_ms / 1000
    ).astimezone()
    assert event.start == at
    assert own in str(event["url"])


async def test_what_is_only_held_has_no_calendar_file(office: WebOffice) -> None:
    assert (await page(office, f"{await held(office)}/appointment.ics")).status_code == 404


async def test_an_address_is_noted_sealed_and_only_a_real_one(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, GIVEN, faces=FACES, **MAIL) as office:
        await wound(office)
        own = await held(office)
        assert "Wir löschen die Adresse" in (await page(office, own)).text
        wrong = await send(office, f"{own}/confirm", mail="anna@example.de\r\nBcc: all@example.de")
        assert wrong.status_code == 422
        assert "keine E-Mail-Adresse" in wrong.text
        await send(office, f"{own}/confirm", mail=" Anna@Example.de ")
        (noted,) = await office.frame.post.store.all()
        assert "anna" not in repr(noted).lower()
        assert office.frame.post.seal.open(noted.sealed, noted.appointment) == "Anna@Example.de"
        assert "Wir schreiben Ihnen" in (await page(office, own)).text


async def test_an_address_can_be_corrected_and_taken_back_and_is_shown_to_nobody(
    valkey_url: str, tmp_path: Path
) -> None:
    async with open_web_office(valkey_url, tmp_path, GIVEN, faces=FACES, **MAIL) as office:
        await wound(office)
        own, post = await booked(office), office.frame.post
        assert "E-Mails zum Termin bekommen" in (await page(office, own)).text
        assert (await send(office, f"{own}/mail", mail="anna")).status_code == 422
        for address in ("anna@exmaple.de", "anna@example.de"):
            answer = await send(office, f"{own}/mail", mail=address)
            assert answer.headers["location"] == f"{own}?written-to"
        (noted,) = await post.store.all()
        assert post.seal.open(noted.sealed, noted.appointment) == "anna@example.de"
        text = (await page(office, f"{own}?written-to")).text
        assert "E-Mail-Adresse ändern oder löschen" in text
        assert "anna" not in text
        assert faults(text) == []
        assert (await send(office, f"{own}/mail", forget="1")).headers["location"] == f"{own}?forgotten"
        assert await post.store.all() == []


async def test_letters_cannot_be_had_for_strangers_by_changing_addresses(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, GIVEN, faces=FACES, **MAIL) as office:
        await wound(office)
        own = await booked(office)
        answers = [await send(office, f"{own}/mail", mail=f"victim{n}@example.de") for n in range(6)]
        assert [answer.status_code for answer in answers] == [303] * 4 + [429] * 2
        assert "zu oft geändert" in answers[-1].text


async def test_where_strangers_hold_half_of_a_day_others_are_told_and_offered_another_one(office: WebOffice) -> None:
    times = offered((await page(office, TIMES)).text)
    for at in times[: -(-len(times) // 2)]:
        await office.frame.appointments.hold(office.zone.id, NEW, int(at), Once(f"stranger {at}", "k"))
    refused = await send(office, TIMES, at=times[-1], key="k")
    assert refused.status_code == 409
    assert "gerade sehr viele Zeiten reserviert" in refused.text
    assert offered(refused.text)[-1] > times[-1]
    assert faults(refused.text) == []


async def test_when_nothing_is_free_it_says_when_the_next_day_opens(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, GIVEN, faces=FACES) as office:
        await wound(office)
        body = {"from_at": "2030-01-16T00:00:00+01:00", "to_at": "2030-01-31T04:00:00+01:00"}
        assert (await office.command("slots/block", body)).status_code == 201
        await eventually(lambda: bool(office.hub.snapshot(office.zone.id).blocks))
        text = (await page(office, TIMES)).text
        assert offered(text) == []
        assert "31. Januar 2030" in text
        assert "04:00" in text


@pytest.mark.parametrize("language", ["de", "ar"])
async def test_every_page_is_valid(office: WebOffice, language: str) -> None:
    own, other = await booked(office), await held(office, 1)
    for path in ("/appointments", TIMES, own, f"{own}/move", other, "/a/none"):
        assert faults((await page(office, f"{path}?lang={language}")).text) == [], path


@pytest.mark.parametrize("language", ORDER)
async def test_every_page_speaks_every_language(office: WebOffice, language: str) -> None:
    own = await held(office)
    for path in ("/appointments", TIMES, own, f"{own}/move", "/a/none"):
        text = (await page(office, f"{path}?lang={language}")).text
        assert f'<html lang="{language}"' in text
    answer = await send(office, f"{own}/confirm?lang={language}")
    assert f"lang={language}" in answer.headers["location"]

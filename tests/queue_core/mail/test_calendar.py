"""Calendar files, read back by the library and judged by what a calendar would show."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from queue_core.domain.model import Booking, BookingId
from queue_core.domain.place import Address
from queue_core.mail.calendar import Entry, appointment_file
from queue_core.web.words import ORDER
from tests.support.zones import APPOINTMENT, NEW, zone

HALL = zone(address=Address("Graf-Adolf-Platz 6", "40213", "Düsseldorf"))
LINK = "https://wartezone.example.de/a/hall.K7M29QXT.x"
NOW_MS = 1_890_000_000_000


def booking_at(iso: str, minutes: int = 15) -> Booking:
    at_ms = int(datetime.fromisoformat(iso).timestamp() * 1000)
    return Booking(BookingId("K7M29QXT"), NEW, APPOINTMENT, at_ms, minutes * 60_000)


ENTRY = Entry(HALL, booking_at("2030-01-16T10:20:00+01:00"), LINK, "de")


def read(entry: Entry) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(appointment_file(entry, NOW_MS).decode())
    (event,) = calendar.events
    return calendar, event


def test_time_place_link_and_code_are_read_back() -> None:
    calendar, event = read(ENTRY)
    assert calendar["method"] == "PUBLISH"
    assert event.start.isoformat() == "2030-01-16T10:20:00+01:00"
    assert event.end - event.start == timedelta(minutes=15)
    assert event["dtstart"].params["TZID"] == "Europe/Berlin"
    assert "Graf-Adolf-Platz 6" in str(event["location"])
    assert "K7M2-9QXT" in str(event["description"])
    assert event["url"] == LINK
    assert (event["status"], event["class"]) == ("CONFIRMED", "PRIVATE")


def test_it_brings_the_rules_of_its_time_zone_and_an_alarm() -> None:
    calendar, event = read(ENTRY)
    assert [zone_.tz_name for zone_ in calendar.timezones] == ["Europe/Berlin"]
    assert len(calendar.timezones[0].standard) > 0
    assert len(calendar.timezones[0].daylight) > 0
    (alarm,) = event.alarms.times
    assert alarm.trigger == event.start - timedelta(hours=2)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2030-03-30T09:00:00+01:00", "08:00"),
        ("2030-03-31T09:00:00+02:00", "07:00"),
        ("2030-10-26T09:00:00+02:00", "07:00"),
        ("2030-10-27T09:00:00+01:00", "08:00"),
        ("2030-10-27T02:30:00+02:00", "00:30"),
        ("2030-10-27T02:30:00+01:00", "01:30"),
    ],
    ids=["before spring", "spring", "before autumn", "autumn", "first half past two", "second half past two"],
)
def test_around_a_change_of_the_clocks_it_is_the_same_moment(local: str, utc: str) -> None:
    _, event = read(replace(ENTRY, booking=booking_at(local)))
    start, end = event.start, event.end
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    assert start.astimezone(UTC).strftime("%H:%M") == utc
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(minutes=15)


def test_a_moved_appointment_is_the_same_entry_with_a_greater_sequence() -> None:
    _, before = read(ENTRY)
    _, after = read(replace(ENTRY, booking=booking_at("2030-01-17T10:20:00+01:00"), sequence=1))
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)


def test_a_cancelled_one_takes_the_entry_away() -> None:
    calendar, event = read(replace(ENTRY, is_cancelled=True, sequence=2))
    assert (calendar["method"], event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 2)
    assert event["uid"] == read(ENTRY)[1]["uid"]
    assert event.alarms.times == []


def test_the_uid_names_neither_code_nor_link_and_differs_by_zone() -> None:
    uid = str(read(ENTRY)[1]["uid"])
    assert "K7M29QXT" not in uid
    assert uid != str(read(replace(ENTRY, zone=zone("yard")))[1]["uid"])


def test_an_appointment_without_a_length_has_no_end() -> None:
    _, event = read(replace(ENTRY, booking=booking_at("2030-01-16T10:20:00+01:00", 0)))
    assert "dtend" not in event


@pytest.mark.parametrize("language", ORDER)
def test_every_language_survives_folding(language: str) -> None:
    file = appointment_file(replace(ENTRY, language=language), NOW_MS)
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    assert LINK in str(Calendar.from_ical(file.decode()).events[0]["description"])

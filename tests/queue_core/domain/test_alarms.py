"""When something is alarming, by a clock that is set by hand."""

from datetime import UTC, datetime, time
from typing import Any

import pytest

from queue_core.domain.alarms import Alarm, AlarmKind, Watched, due, open_for_ms
from queue_core.domain.attendance import Attendance, Behind, DeviceKind, DeviceName
from queue_core.domain.model import CounterId, ZoneId
from queue_core.domain.office import WEEKDAYS, Hours, Interval
from tests.support.zones import zone

HALL = ZoneId("hall")
NOW = 10_000_000
HOUR_MS = 3_600_000
WELL = {"online": True, "paper": "ok", "cover_open": False, "fault": ""}


def kinds(
    kind: DeviceKind,
    silent_s: float = 0,
    open_for: int | None = HOUR_MS,
    speaks: bool = True,
    distance_m: float = 0,
    emergency_block: int = 0,
    **seen: Any,
) -> dict[AlarmKind, int]:
    attendance = Attendance(NOW - int(1000 * silent_s), **seen)
    watched = Watched(DeviceName(kind, "x"), (HALL,), attendance, speaks, open_for, distance_m, emergency_block)
    return {alarm.kind: alarm.since_ms for alarm in due([watched], NOW).values()}


@pytest.mark.parametrize(
    ("kind", "silent_s", "alarm"),
    [
        pytest.param(DeviceKind.KIOSK, 59.9, None, id="kiosk, nearly a minute"),
        pytest.param(DeviceKind.KIOSK, 60, AlarmKind.KIOSK_SILENT, id="kiosk, a minute"),
        pytest.param(DeviceKind.AGENT, 60, AlarmKind.AGENT_SILENT, id="agent, a minute"),
        pytest.param(DeviceKind.DISPLAY, 29.9, None, id="display, nearly half a minute"),
        pytest.param(DeviceKind.DISPLAY, 30, AlarmKind.DISPLAY_STALE, id="display, half a minute"),
    ],
)
def test_silence_is_alarming_after_a_while(kind: DeviceKind, silent_s: float, alarm: AlarmKind | None) -> None:
    assert set(kinds(kind, silent_s)) == ({alarm} if alarm else set())


def test_silence_is_as_old_as_the_last_report() -> None:
    assert kinds(DeviceKind.KIOSK, 90) == {AlarmKind.KIOSK_SILENT: NOW - 90_000}


@pytest.mark.parametrize("open_for", [None, 0, 59_999], ids=["closed", "just opened", "opened under a minute ago"])
def test_a_device_may_be_switched_off_at_night_and_on_with_the_office(open_for: int | None) -> None:
    assert kinds(DeviceKind.KIOSK, 12 * 3600, open_for) == {}


def test_a_device_that_was_never_seen_is_not_missed() -> None:
    watched = Watched(DeviceName(DeviceKind.KIOSK, "x"), (HALL,), Attendance(), True, HOUR_MS)
    assert due([watched], NOW) == {}


@pytest.mark.parametrize(
    ("printer", "alarm"),
    [
        pytest.param(WELL, None, id="all well"),
        pytest.param({**WELL, "paper": "low"}, AlarmKind.PAPER_LOW, id="low"),
        pytest.param({**WELL, "paper": "out"}, AlarmKind.PAPER_OUT, id="out"),
        pytest.param({**WELL, "fault": "cutter"}, AlarmKind.PRINTER_FAULT, id="fault"),
        pytest.param({**WELL, "paper": "out", "cover_open": True}, AlarmKind.COVER_OPEN, id="open, thus out"),
        pytest.param({**WELL, "online": False}, AlarmKind.PRINTER_OFFLINE, id="a dead printer never says paper full"),
    ],
)
def test_of_a_printer_what_must_be_mended_first_is_told(printer: dict[str, Any], alarm: AlarmKind | None) -> None:
    assert set(kinds(DeviceKind.AGENT, facts={"printer": printer})) == ({alarm} if alarm else set())


def test_a_ticket_of_unknown_print_is_alarming_beside_that() -> None:
    facts = {"printer": {**WELL, "paper": "low"}, "journal": {"printing": 0, "unknown": 1}}
    assert set(kinds(DeviceKind.AGENT, facts=facts)) == {AlarmKind.PAPER_LOW, AlarmKind.PRINT_UNKNOWN}


def test_numbers_of_an_outage_that_the_server_did_not_take_are_alarming() -> None:
    assert set(kinds(DeviceKind.AGENT, facts={"journal": {"refused": 1}})) == {AlarmKind.UPLOAD_REFUSED}
    assert kinds(DeviceKind.AGENT, facts={"journal": {"refused": 0}}) == {}


@pytest.mark.parametrize(
    ("left", "block", "low"),
    [(9, 50, True), (0, 50, True), (10, 50, False), (0, 0, False)],
    ids=["under a fifth", "none", "a fifth", "a kiosk without a series of its own"],
)
def test_few_numbers_for_an_outage_are_alarming_before_it(left: int, block: int, low: bool) -> None:
    found = kinds(DeviceKind.AGENT, emergency_block=block, facts={"emergency_left": left})
    assert set(found) == ({AlarmKind.EMERGENCY_LOW} if low else set())


def test_media_that_cannot_be_shown_are_alarming() -> None:
    assert set(kinds(DeviceKind.DISPLAY, facts={"broken_media": ["/media/a.webm"]})) == {AlarmKind.MEDIA_BROKEN}
    assert kinds(DeviceKind.DISPLAY, facts={"broken_media": []}) == {}


@pytest.mark.parametrize(
    ("reach_m", "short"),
    [(7.8, True), (7.9, False), (8.0, False), (None, False)],
    ids=["less", "rounded", "so far", "no call"],
)
def test_a_call_that_cannot_be_read_from_afar_is_alarming(reach_m: float | None, short: bool) -> None:
    found = kinds(DeviceKind.DISPLAY, distance_m=8, facts={"reach_m": reach_m})
    assert set(found) == ({AlarmKind.REACH_SHORT} if short else set())


def test_what_a_silent_agent_last_said_of_its_paper_counts_no_more() -> None:
    assert set(kinds(DeviceKind.AGENT, 61, facts={"printer": {**WELL, "paper": "out"}})) == {AlarmKind.AGENT_SILENT}


@pytest.mark.parametrize(("missing_s", "stale"), [(29, False), (30, True)], ids=["29 s", "30 s"])
def test_a_screen_that_reports_but_shows_old_things_is_stale(missing_s: int, stale: bool) -> None:
    found = kinds(DeviceKind.DISPLAY, behind={HALL: Behind((1, 5), NOW - 1000 * missing_s)})
    assert (AlarmKind.DISPLAY_STALE in found) is stale


def test_a_screen_that_says_itself_that_it_is_dead_is_stale() -> None:
    assert set(kinds(DeviceKind.DISPLAY, facts={"health": "dead"})) == {AlarmKind.DISPLAY_STALE}


@pytest.mark.parametrize(
    ("blocked_s", "speaks", "alarms"),
    [(14, True, False), (15, True, True), (60, False, False)],
    ids=["just loaded", "stays silent", "is meant to be silent"],
)
def test_a_display_without_sound_is_alarming_where_it_should_speak(blocked_s: int, speaks: bool, alarms: bool) -> None:
    since_ms = NOW - 1000 * blocked_s
    found = kinds(DeviceKind.DISPLAY, speaks=speaks, facts={"audio": "suspended"}, audio_since_ms=since_ms)
    assert found == ({AlarmKind.AUDIO_BLOCKED: since_ms} if alarms else {})


@pytest.mark.parametrize(("skew_ms", "wrong"), [(2_000, False), (2_001, True), (-2_001, True)])
def test_a_clock_may_be_two_seconds_off(skew_ms: int, wrong: bool) -> None:
    assert (AlarmKind.CLOCK_SKEW in kinds(DeviceKind.KIOSK, skews_ms=(skew_ms,))) is wrong


@pytest.mark.parametrize(
    "alarm",
    [
        Alarm("i", AlarmKind.PAPER_OUT, (HALL,), NOW, DeviceName(DeviceKind.AGENT, "door")),
        Alarm("i", AlarmKind.EMERGENCY, (HALL,), NOW, counter=CounterId("1"), note="quick"),
    ],
    ids=["device", "counter"],
)
def test_an_alarm_is_read_as_it_was_kept(alarm: Alarm) -> None:
    assert Alarm.from_json(alarm.to_json()) == alarm


def test_a_zone_is_open_since_the_earliest_of_its_services() -> None:
    hours = Hours(week={WEEKDAYS[0]: (Interval(time(8), time(12)), Interval(time(13), time(16)))})
    at = [int(datetime(2026, 1, 5, hour, 30, tzinfo=UTC).timestamp() * 1000) for hour in (6, 8, 11, 13)]
    assert [open_for_ms(zone(hours=hours), ms) for ms in at] == [None, HOUR_MS * 3 // 2, None, HOUR_MS * 3 // 2]

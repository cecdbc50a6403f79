"""What follows from a device's reports."""

from dataclasses import replace
from typing import Any

import pytest

from queue_core.domain.attendance import (
    Attendance,
    Behind,
    DeviceKind,
    DeviceName,
    Position,
    Report,
    configured,
    is_expected,
    zones_of,
)
from queue_core.domain.devices import Devices, DisplayPlace, KioskPlace, PrinterPlace
from queue_core.domain.model import SeriesId, ZoneId

HALL = ZoneId("hall")
NOW = 1_000_000


def after(before: Attendance, now_ms: int, log: Position | None = None, **facts: Any) -> Attendance:
    return before.after(Report("b", facts), {HALL: log} if log else {}, now_ms)


def test_what_was_kept_is_read_again() -> None:
    kept = after(Attendance(), NOW, (1, 9), rendered={"hall": [1, 7]}, clock_ms=NOW + 5, audio="suspended")
    assert Attendance.from_json(kept.to_json()) == kept
    assert kept.behind == {HALL: Behind((1, 9), NOW)}


def test_a_report_that_was_long_on_its_way_is_no_wrong_clock() -> None:
    seen = after(Attendance(), NOW, clock_ms=NOW + 100)
    seen = after(seen, NOW + 9_000, clock_ms=NOW)
    assert seen.skew_ms == 100


def test_a_clock_that_stays_wrong_is_told_by_how_much() -> None:
    seen = Attendance()
    for second in (0, 5, 10):
        seen = after(seen, NOW + second, clock_ms=NOW + second - 3_000)
    assert seen.skew_ms == -3_000


def test_without_a_clock_nothing_is_said_of_it() -> None:
    assert after(Attendance(), NOW, audio="none").skew_ms is None


def test_a_busy_zone_is_always_a_little_ahead_of_its_screen_and_that_is_not_being_behind() -> None:
    seen = after(Attendance(), NOW, (1, 9), rendered={"hall": [1, 8]})
    seen = after(seen, NOW + 5_000, (1, 12), rendered={"hall": [1, 11]})
    assert seen.behind[HALL] == Behind((1, 12), NOW + 5_000)


def test_one_and_the_same_missing_event_is_behind_since_it_was_first_missed() -> None:
    seen = after(Attendance(), NOW, (1, 9), rendered={"hall": [1, 8]})
    seen = after(seen, NOW + 5_000, (1, 30), rendered={"hall": [1, 8]})
    assert seen.behind[HALL] == Behind((1, 9), NOW)


def test_a_screen_of_an_earlier_epoch_is_behind() -> None:
    assert HALL in after(Attendance(), NOW, (2, 1), rendered={"hall": [1, 500]}).behind


def test_a_screen_that_has_caught_up_is_not_behind() -> None:
    seen = after(Attendance(), NOW, (1, 9), rendered={"hall": [1, 8]})
    assert after(seen, NOW + 5_000, (1, 9), rendered={"hall": [1, 9]}).behind == {}


def test_the_same_silence_is_as_old_as_it_began() -> None:
    seen = after(Attendance(), NOW, audio="suspended")
    assert after(seen, NOW + 5_000, audio="suspended").audio_since_ms == NOW
    assert after(seen, NOW + 5_000, audio="running").audio_since_ms == NOW + 5_000


@pytest.mark.parametrize(
    ("name", "zones"),
    [
        pytest.param("kiosk:door", ("hall", "hall2"), id="kiosk"),
        pytest.param("agent:door", ("hall", "hall2"), id="its printer's agent"),
        pytest.param("agent:plain", ("hall",), id="an agent without a printer"),
        pytest.param("agent:wall", (), id="a display has no agent"),
        pytest.param("display:wall", ("hall",), id="display"),
        pytest.param("display:door", (), id="another kind's id"),
    ],
)
def test_a_device_belongs_to_the_zones_of_its_place(name: str, zones: tuple[str, ...]) -> None:
    assert zones_of(DEVICES, DeviceName.parse(name)) == zones


def test_every_configured_device_is_known() -> None:
    named = ["kiosk:door", "agent:door", "kiosk:plain", "agent:plain", "display:wall"]
    assert [str(name) for name in configured(DEVICES)] == named
    assert DeviceName(DeviceKind.KIOSK, "a:b") == DeviceName.parse("kiosk:a:b")


def test_an_agent_is_expected_where_it_prints_or_has_numbers_for_an_outage() -> None:
    named = (*configured(DEVICES), DeviceName(DeviceKind.AGENT, "nowhere"))
    expected = {str(name) for name in named if is_expected(DEVICES, name)}
    assert expected == {"kiosk:door", "agent:door", "kiosk:plain", "display:wall"}
    kiosk = replace(DEVICES.kiosks["plain"], emergency_series=SeriesId("e"))
    assert is_expected(replace(DEVICES, kiosks={"plain": kiosk}), DeviceName(DeviceKind.AGENT, "plain"))


DEVICES = Devices(
    {
        "door": KioskPlace("door", (HALL, ZoneId("hall2")), printer=PrinterPlace("tcp://127.0.0.1:9100")),
        "plain": KioskPlace("plain", (HALL,)),
    },
    {"wall": DisplayPlace("wall", (HALL,))},
)

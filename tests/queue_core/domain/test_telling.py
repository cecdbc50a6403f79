"""What of a range is told, and whether a wait that came kept it."""

from datetime import UTC, datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from queue_core.domain.telling import Telling, Told, spread, tell

NOW_MS = 1_774_000_123_456
#: On a full five minutes.
ROUND_MS = NOW_MS // (5 * 60_000) * 5 * 60_000
MINUTE_MS = 60_000
STEP_MS = 5 * MINUTE_MS


def wait(p10_min: float, p90_min: float) -> dict[str, Any]:
    return {"p10_s": round(60 * p10_min), "p50_s": round(30 * (p10_min + p90_min)), "p90_s": round(60 * p90_min)}


@pytest.mark.parametrize(
    ("p10_s", "p90_s", "told", "low", "high"),
    [
        (0, 0, Told.SOON, 0, 5),
        (0, 299, Told.SOON, 0, 5),
        (120, 300, Told.SOON, 0, 5),
        (299, 300, Told.SOON, 0, 5),
        (300, 300, Told.SOON, 0, 5),
        (0, 301, Told.UP_TO, 0, 10),
        (299, 306, Told.UP_TO, 0, 10),
        (300, 301, Told.BETWEEN, 5, 10),
        (599, 601, Told.BETWEEN, 5, 15),
        (600, 600, Told.BETWEEN, 10, 15),
        (720, 1380, Told.BETWEEN, 10, 25),
        (1860, 59 * 60, Told.BETWEEN, 30, 60),
        (1860, 60 * 60, Told.BETWEEN, 30, 60),
        (59 * 60, 60 * 60, Told.BETWEEN, 55, 60),
        (1860, 61 * 60, Told.BETWEEN_TIMES, 30, 75),
        (2940, 3601, Told.BETWEEN_TIMES, 45, 75),
        (60 * 60, 60 * 60, Told.BETWEEN_TIMES, 60, 65),
        (61 * 60, 61 * 60, Told.BETWEEN_TIMES, 60, 75),
        (76 * 60, 91 * 60, Told.BETWEEN_TIMES, 75, 105),
        (75 * 60, 75 * 60, Told.BETWEEN_TIMES, 75, 90),
        (45 * 60, 105 * 60, Told.BETWEEN_TIMES, 45, 105),
        (45 * 60, 105 * 60 + 1, Told.MORE_THAN, 45, 0),
        (46 * 60, 110 * 60, Told.MORE_THAN, 45, 0),
        (60, 200 * 60, Told.UP_TO, 0, 210),
    ],
)
def test_a_range_is_rounded_outwards(p10_s: int, p90_s: int, told: Told, low: int, high: int) -> None:
    telling = tell({"p10_s": p10_s, "p90_s": p90_s}, NOW_MS)
    assert (telling.told, telling.low, telling.high) == (told, low, high)


@pytest.mark.parametrize(
    ("p10_s", "p90_s", "minutes"),
    [(0, 0, (0, 0)), (299, 301, (0, 10)), (600, 600, (10, 10)), (600, 4000, (10, 75)), (60, 12_000, (0, 210))],
)
def test_what_was_is_rounded_alike_but_keeps_both_ends(p10_s: int, p90_s: int, minutes: tuple[int, int]) -> None:
    assert spread(p10_s, p90_s) == minutes


def test_beyond_an_hour_the_clock_time_is_told_by_five_minutes() -> None:
    telling = tell(wait(76, 91), NOW_MS)
    assert telling.from_ms % STEP_MS == telling.to_ms % STEP_MS == 0
    assert telling.from_ms <= NOW_MS + 75 * MINUTE_MS < NOW_MS + 105 * MINUTE_MS <= telling.to_ms


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 20, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 29, 0, 20, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 11, 22, 22, 3, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 11, 22, 17, 48, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, 10, tzinfo=UTC)),
    ],
    ids=["autumn", "spring", "midnight", "quarter_offset", "half_hour_shift"],
)
def test_times_are_round_on_every_clock_and_as_long_as_the_minutes_say(zone: str, night: datetime) -> None:
    now_ms = round(night.timestamp() * 1000)
    telling = tell(wait(76, 91), now_ms)
    local = [datetime.fromtimestamp(at / 1000, ZoneInfo(zone)) for at in (telling.from_ms, telling.to_ms)]
    assert [at.minute % 5 for at in local] == [0, 0]
    assert 30 * MINUTE_MS <= telling.to_ms - telling.from_ms <= 40 * MINUTE_MS


def test_a_promise_is_never_shorter_than_the_range_nor_a_single_minute() -> None:
    for p10_min, p90_min, held_min in product(range(0, 180, 7), range(0, 180, 7), (0, 3, 50)):
        telling = tell(wait(p10_min, max(p10_min, p90_min)), NOW_MS, not_before_ms=NOW_MS + held_min * MINUTE_MS)
        assert telling.low <= max(p10_min, held_min)
        assert not telling.high or telling.high >= max(p10_min, p90_min, telling.low + 5)
        assert telling.holds(60 * max(p10_min, held_min))
        assert telling.holds(60 * max(p10_min, p90_min, held_min))


def test_without_a_range_the_reason_is_told() -> None:
    assert tell(None, NOW_MS, "no_counter_open") == Telling(Told.NO_COUNTER_OPEN)
    assert tell(None, NOW_MS) == tell(None, NOW_MS, "of a newer server") == Telling(Told.UNKNOWN)


def test_a_not_before_ahead_is_told_first_and_then_when_the_call_comes_never_before_it() -> None:
    first_ms = ROUND_MS + 11 * MINUTE_MS
    telling = tell(wait(2, 22), ROUND_MS, not_before_ms=first_ms)
    assert telling == Telling(Told.CALLED, 11, 25, first_ms, ROUND_MS + 25 * MINUTE_MS, first_ms)
    late = tell(wait(78, 100), ROUND_MS, not_before_ms=ROUND_MS + 70 * MINUTE_MS)
    assert (late.told, late.from_ms, late.to_ms) == (Told.CALLED, ROUND_MS + 75 * MINUTE_MS, ROUND_MS + 100 * MINUTE_MS)


def test_nobody_with_an_appointment_is_promised_a_minute() -> None:
    until_ms = ROUND_MS + 20 * MINUTE_MS
    for p10, p90 in ((0, 3), (20, 20), (20, 25)):
        telling = tell(wait(p10, p90), ROUND_MS, not_before_ms=until_ms)
        assert telling == Telling(Told.CALLED, 20, 25, until_ms, until_ms + 5 * MINUTE_MS, until_ms)


def test_of_an_appointment_a_range_wider_than_an_hour_keeps_its_lower_end_if_that_says_more() -> None:
    until_ms = ROUND_MS + 20 * MINUTE_MS
    assert tell(wait(20, 80), ROUND_MS, not_before_ms=until_ms).told is Told.CALLED
    assert tell(wait(20, 81), ROUND_MS, not_before_ms=until_ms) == Telling(Told.NOT_BEFORE, 20, not_before_ms=until_ms)
    later = tell(wait(31, 100), ROUND_MS, not_before_ms=until_ms)
    assert later == Telling(Told.CALLED_AFTER, 30, from_ms=ROUND_MS + 30 * MINUTE_MS, not_before_ms=until_ms)


def test_a_not_before_that_has_passed_is_told_no_more() -> None:
    assert tell(wait(10, 20), NOW_MS, not_before_ms=NOW_MS) == tell(wait(10, 20), NOW_MS)
    assert tell(None, NOW_MS, "no_counter_open", NOW_MS + 1).not_before_ms == NOW_MS + 1


@pytest.mark.parametrize(
    ("telling", "wait_s", "holds", "too_short"),
    [
        (Telling(Told.SOON, 0, 5), 0, True, False),
        (Telling(Told.SOON, 0, 5), 300, True, False),
        (Telling(Told.SOON, 0, 5), 300.5, False, True),
        (Telling(Told.UP_TO, 0, 10), 600, True, False),
        (Telling(Told.UP_TO, 0, 10), 601, False, True),
        (Telling(Told.BETWEEN, 10, 25), 599, False, False),
        (Telling(Told.BETWEEN, 10, 25), 600, True, False),
        (Telling(Told.BETWEEN, 10, 25), 1500, True, False),
        (Telling(Told.BETWEEN, 10, 25), 1501, False, True),
        (Telling(Told.MORE_THAN, 45), 2699, False, False),
        (Telling(Told.MORE_THAN, 45), 2700, True, False),
        (Telling(Told.MORE_THAN, 45), 90_000, True, False),
        (Telling(Told.CALLED, 20, 25), 1501, False, True),
        (Telling(Told.CALLED, 20, 25), 1199, False, False),
        (Telling(Told.CALLED_AFTER, 20), 9000, True, False),
        (Telling(Told.NOT_BEFORE, 20), 9000, True, False),
        (Telling(Told.UNKNOWN), 0, False, False),
        (Telling(Told.NO_COUNTER_OPEN), 6000, False, False),
    ],
)
def test_a_wait_that_came_is_held_against_what_was_told(
    telling: Telling, wait_s: float, holds: bool, too_short: bool
) -> None:
    assert (telling.holds(wait_s), telling.is_too_short(wait_s)) == (holds, too_short)

"""Openings, pauses and closings of past days."""

from datetime import date, timedelta

import numpy as np
import pytest

from queue_core.domain.model import CounterId
from queue_core.estimate.laws.packing import packed
from queue_core.estimate.laws.shifts import DAYS_KEPT, PAUSE, Away, Shifts, Step, Turn

ONE, TWO = CounterId("1"), CounterId("2")
MONDAY = date(2026, 3, 2)
NEVER = float("inf")
H = 3600.0


def full_day(laws: Shifts, counter: CounterId = ONE, ends: Step = Step.LEFT, ends_s: float = 10 * H) -> None:
    for at_s, step in ((4 * H, Step.OPENED), (7 * H, Step.PAUSED), (7.5 * H, Step.OPENED), (ends_s, ends)):
        laws.learn(counter, Turn(at_s, step))


def test_a_day_tells_opening_and_breaks() -> None:
    laws = Shifts()
    full_day(laws)
    laws.forget_day(MONDAY)
    worked = laws.past()[0].counters[ONE]
    assert worked.opens_s == 4 * H
    assert worked.away == (Away(7 * H, 7.5 * H),)
    assert not worked.open_at(7.2 * H)
    assert worked.open_at(8 * H)


def test_who_leaves_an_empty_house_in_the_evening_would_have_gone_on() -> None:
    laws = Shifts()
    full_day(laws, ends=Step.LEFT)
    laws.forget_day(MONDAY)
    assert laws.past()[0].counters[ONE].away[-1].to_s < NEVER


def test_who_closes_with_people_waiting_is_gone() -> None:
    laws = Shifts()
    full_day(laws, ends=Step.CLOSED)
    laws.forget_day(MONDAY)
    assert laws.past()[0].counters[ONE].away[-1] == Away(10 * H, NEVER)


def test_who_leaves_while_the_office_goes_on_is_gone() -> None:
    laws = Shifts()
    full_day(laws, ONE)
    full_day(laws, TWO, ends=Step.LEFT, ends_s=8 * H)
    laws.forget_day(MONDAY)
    assert laws.past()[0].counters[TWO].away[-1] == Away(8 * H, NEVER)


def test_a_pause_that_ends_in_closing_is_one_absence() -> None:
    laws = Shifts()
    for at_s, step in ((4 * H, Step.OPENED), (6 * H, Step.PAUSED), (7 * H, Step.CLOSED), (9 * H, Step.OPENED)):
        laws.learn(ONE, Turn(at_s, step))
    laws.forget_day(MONDAY)
    assert laws.past()[0].counters[ONE].away == (Away(6 * H, 9 * H),)


def test_pauses_are_learned_by_their_length() -> None:
    laws = Shifts()
    assert np.expm1(np.median(laws.pauses.table().values)) == pytest.approx(PAUSE.median_s, rel=0.05)
    full_day(laws)
    assert len(laws.pauses) == 1


def test_a_day_on_which_nobody_opened_is_none() -> None:
    laws = Shifts()
    laws.learn(ONE, Turn(4 * H, Step.CLOSED))
    laws.forget_day(MONDAY)
    assert laws.past() == []


def test_the_last_forty_days_are_kept() -> None:
    laws = Shifts()
    for n in range(DAYS_KEPT + 5):
        full_day(laws)
        laws.forget_day(MONDAY + timedelta(n))
    assert len(laws.past()) == DAYS_KEPT
    assert laws.past()[0].day == MONDAY + timedelta(5)


def test_they_are_written_and_read_to_ten_seconds() -> None:
    laws = Shifts()
    full_day(laws)
    full_day(laws, TWO, ends=Step.CLOSED)
    laws.forget_day(MONDAY)
    laws.learn(TWO, Turn(4 * H + 17.0, Step.OPENED))
    again = Shifts.from_json(laws.to_json())
    assert again.past() == laws.past()
    assert again.today[TWO] == [Turn(4 * H + 20.0, Step.OPENED)]
    assert again.to_json() == laws.to_json()


@pytest.mark.parametrize(
    "blob", ["!", packed(b"\0\5"), packed(b"\7\1\0\0")], ids=["no-base64", "cut", "unknown-counter"]
)
def test_what_was_never_written_is_refused(blob: str) -> None:
    record = Shifts().to_json() | {"counters": ["1"], "days": [["2026-03-02", blob]]}
    with pytest.raises(ValueError, match="unreadable"):
        Shifts.from_json(record)

"""A day in figures for everybody: hand-made days with known answers, and nothing of fewer than five people."""

from collections.abc import Iterable, Mapping

import pytest

from queue_core.domain.archive import deidentified
from queue_core.domain.day_table import DayLine
from queue_core.domain.events import Event
from queue_core.domain.model import CounterId
from queue_core.estimate.day_table import day_table
from tests.queue_core.estimate.visits import MORNING_MS, Book
from tests.support.zones import NEW

DAY = "2026-03-02"
QUARTER_S = 900
PLACES = {CounterId("1"): (NEW,), CounterId("2"): (NEW,)}


def table(log: Iterable[Event], *, sessions: bool = True) -> tuple[DayLine, ...]:
    return day_table(DAY, list(deidentified(log, PLACES, sessions=sessions))).lines


def book(drawn_s: Iterable[float], waits_s: Mapping[int, float] | None = None) -> Book:
    """Somebody draws at each of these seconds; `waits_s` of those who are called, by who came when."""
    day = Book()
    day.add(0, "counter_opened", counter="1")
    for n, at_s in enumerate(drawn_s):
        day.draw(n, at_s)
    for n, wait_s in (waits_s or {}).items():
        day.move("called", n, 4 * QUARTER_S + wait_s)
    return day


def cells(log: Iterable[Event]) -> list[tuple[float, float, int]]:
    return [
        ((line.from_ms - MORNING_MS) / 1000 / QUARTER_S, (line.to_ms - MORNING_MS) / 1000 / QUARTER_S, line.issued)
        for line in table(log)
    ]


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        ([0] * 5 + [1] * 6, [(0, 1, 5), (1, 2, 6)]),
        ([0] * 4 + [3] * 1 + [4] * 5, [(0, 4, 5), (4, 5, 5)]),
        ([0] * 5 + [1] * 4, [(0, 2, 9)]),
        ([0] * 5 + [8] * 2, [(0, 9, 7)]),
        ([0, 1, 2, 3], []),
        ([], []),
    ],
    ids=["enough", "joined with what follows", "the rest joins", "after a gap", "too few all day", "nobody"],
)
def test_no_cell_is_of_fewer_than_five_visits(drawn: list[int], told: list[tuple[float, float, int]]) -> None:
    assert cells(book([q * QUARTER_S + n for n, q in enumerate(drawn)]).log) == told


def test_waits_are_of_those_who_were_called_and_in_whole_minutes() -> None:
    day = Book()
    day.add(0, "counter_opened", counter="1")
    for n in range(6):
        day.draw(n, n)
        day.move("called", n, 10 * n + n + 100)
        day.move("started" if n else "missed", n, 1000 + n)
        if n:
            day.move("finished", n, 1100 + n)
    (line,) = table(day.log)
    assert (line.called, line.no_shows) == (6, 1)
    assert (line.p50_s, line.p90_s) == (120, 120)


def test_waits_of_fewer_than_five_who_were_called_are_not_told() -> None:
    (line,) = table(book(range(6), dict.fromkeys(range(4), 100)).log)
    assert (line.issued, line.called, line.p50_s, line.p90_s) == (6, 4, None, None)


def test_counters_are_told_as_how_many_were_open_on_average() -> None:
    day = book(range(5))
    day.add(450, "counter_opened", counter="2")
    (line,) = table(day.log)
    assert line.counters_open == 1.5


def test_without_sessions_nobody_knows_how_many_counters_were_open() -> None:
    (line,) = table(book(range(5)).log, sessions=False)
    assert line.counters_open is None


def test_what_is_no_archive_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1"):
        day_table(DAY, [{"version": 99}])

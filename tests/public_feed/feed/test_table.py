"""A day as CSV: a head, a line a cell, nothing that a spreadsheet would run."""

import csv
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from public_feed.feed.table import COLUMNS, csv_of, day_edition, rows, safe
from queue_core.domain.day_table import DayLine, DayTable
from tests.support.zones import NEW

ZONE = ZoneInfo("Europe/Berlin")
QUARTER_MS = 900_000
AT_MS = 1_795_356_900_000
LINE = DayLine(NEW, AT_MS, AT_MS + QUARTER_MS, 6, 5, 1, 600, 1200, 1.5)


def test_a_line_is_told_in_the_zone_s_time() -> None:
    (told,) = csv.DictReader(StringIO(csv_of(rows(DayTable("2026-11-22", (LINE,)), ZONE))))
    assert told == {
        "day": "2026-11-22",
        "service": "new",
        "from_at": "2026-11-22T15:15:00+01:00",
        "to_at": "2026-11-22T15:30:00+01:00",
        "issued": "6",
        "called": "5",
        "no_shows": "1",
        "wait_p50_s": "600",
        "wait_p90_s": "1200",
        "counters_open": "1.5",
    }


def test_what_is_unknown_is_empty_and_a_day_without_lines_has_a_head() -> None:
    unknown = DayLine(NEW, AT_MS, AT_MS + QUARTER_MS, 6, 0, 0, None, None, None)
    (told,) = csv.DictReader(StringIO(csv_of(rows(DayTable("2026-11-22", (unknown,)), ZONE))))
    assert (told["wait_p50_s"], told["wait_p90_s"], told["counters_open"]) == ("", "", "")
    assert csv_of([]) == ",".join(COLUMNS) + "\r\n"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\t=1", "'\t=1"), ("a=1", "a=1"), (-1, -1)],
    ids=["equals", "plus", "minus", "at", "tab", "inside", "a number"],
)
def test_text_that_a_spreadsheet_would_run_is_shown(value: Any, shown: Any) -> None:
    assert safe(value) == shown


def test_the_same_day_is_the_same_edition() -> None:
    assert day_edition(DayTable("2026-11-22", (LINE,)), ZONE) is day_edition(DayTable("2026-11-22", (LINE,)), ZONE)

"""An ended day as CSV (RFC 4180), safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from io import StringIO
from zoneinfo import ZoneInfo

from public_feed.feed.documents import DayRow
from public_feed.feed.kinds import CSV, PAST_TERMS
from queue_core.domain.day_table import DayLine, DayTable
from queue_core.web.edition import Edition, tag_of

COLUMNS = tuple(DayRow.model_fields)
#: A spreadsheet takes what begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EDITIONS_MOST = 200


@lru_cache(_EDITIONS_MOST)
def day_edition(table: DayTable, zone: ZoneInfo) -> Edition:
    body = csv_of(rows(table, zone)).encode()
    return Edition(body, tag_of(body), PAST_TERMS.cache_control(), CSV, all_sites=True)


def rows(table: DayTable, zone: ZoneInfo) -> list[DayRow]:
    return [_row(table.day, line, zone) for line in table.lines]


def csv_of(rows: Iterable[DayRow]) -> str:
    """With a head; what is unknown is empty."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([safe(value) for value in row.model_dump(mode="json").values()])
    return text.getvalue()


def safe(value: object) -> object:
    """Numbers stay; text that a spreadsheet would run is shown instead."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _row(day: str, line: DayLine, zone: ZoneInfo) -> DayRow:
    return DayRow(
        day=datetime.fromisoformat(day).date(),
        service=line.service,
        from_at=_local(line.from_ms, zone),
        to_at=_local(line.to_ms, zone),
        issued=line.issued,
        called=line.called,
        no_shows=line.no_shows,
        wait_p50_s=line.p50_s,
        wait_p90_s=line.p90_s,
        counters_open=line.counters_open,
    )


def _local(at_ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)

"""How long it usually takes at which time of the day, and has taken today: charts, and the best time to come. Pure.

A chart is drawn without words: one bar for each quarter of an hour from the 10 to the 90 % point of the waits, with a
mark at the middle, and a line through the middles of today. Its units are its own; the page stretches it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from queue_core.domain.model import ServiceId
from queue_core.domain.rhythm import Rhythm, Usual
from queue_core.domain.telling import spread

Quarters = Mapping[int, Usual]
NOTHING: Quarters = MappingProxyType({})
Openings = Sequence[tuple[int, int]]
EVER: Openings = ((0, 2**63),)

_QUARTER = timedelta(minutes=15)
_A_DAY = 96
_AN_HOUR = 4
_DAYS = 7
_MINUTE_S = 60
_SCALE_MIN = 15
#: Of a chart: a quarter's width, the bar's part of it, all its height, and how thick a mark is.
_STEP, _BAR, HEIGHT, _MARK = 10, 8, 100, 4


@dataclass(frozen=True, slots=True)
class Quarter:
    """`low_min` to `high_min`: from the 10 to the 90 % point, rounded as waits are told."""

    at_ms: int
    low_min: int
    high_min: int


@dataclass(frozen=True, slots=True)
class Chart:
    """`bars`, `marks`, `best` (the column of the best quarter) and `line` (of today) are paths within `width` x HEIGHT;
    its height stands for `most_min` minutes. `hours_ms`: the full hours below it, each four quarters wide."""

    bars: str
    marks: str
    best: str
    line: str
    width: int
    most_min: int
    hours_ms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UsualDay:
    """`best_ms`: when the quarter begins in which waits are shortest; of today, of those that are left, and None when
    none is."""

    noon_ms: int
    quarters: tuple[Quarter, ...]
    chart: Chart
    best_ms: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A quarter of an hour on all days, in their order; None where nothing is on record."""

    at_ms: int
    cells: tuple[Quarter | None, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A quarter of an hour of today: what is usual then, and what it was today; None where nothing is on record."""

    at_ms: int
    usual: Usual | None
    today: Usual | None

    @property
    def told_usual(self) -> tuple[int, int] | None:
        return spread(self.usual.p10_s, self.usual.p90_s) if self.usual else None

    @property
    def told_today(self) -> int | None:
        """The middle in minutes, rounded up as waits are told."""
        return _told_min(self.today.p50_s) if self.today else None


@dataclass(frozen=True, slots=True)
class Today:
    """`has_usual`, `has_today`: whether the chart shows anything of it."""

    day: UsualDay
    moments: tuple[Moment, ...]
    is_now: bool
    has_usual: bool
    has_today: bool


def today(
    rhythm: Rhythm,
    service: ServiceId,
    now_ms: int,
    zone: ZoneInfo,
    so_far: Quarters = NOTHING,
    openings: Openings = EVER,
) -> Today | None:
    """`so_far`: of this service, from midnight on. `openings` of today, from and to: at another time nobody is told to
    come. None when neither enough days nor enough of today is on record."""
    now = datetime.fromtimestamp(now_ms / 1000, zone)
    quarters = rhythm.services.get(service, {}).get(now.weekday(), {})
    if not quarters and not so_far:
        return None
    quarter = (now.hour * _MINUTE_S + now.minute) * _MINUTE_S // _QUARTER.seconds
    begins_ms = {q: _at_ms(q, now.date(), zone) for q in quarters if q >= quarter}
    best = _best({q: quarters[q] for q, at_ms in begins_ms.items() if any(a <= at_ms < b for a, b in openings)})
    most_min = max(_most_min(quarters.values()), _most_min(u._replace(p90_s=u.p50_s) for u in so_far.values()))
    return Today(
        day=_day(quarters, now.date(), zone, best, most_min, so_far),
        moments=tuple(
            Moment(_at_ms(q, now.date(), zone), quarters.get(q), so_far.get(q)) for q in sorted({*quarters, *so_far})
        ),
        is_now=best is not None and best == quarter,
        has_usual=bool(quarters),
        has_today=bool(so_far),
    )


def after_midnights(quarters: Quarters, midnights: int) -> Quarters:
    """Of a business day's quarters those of one of its calendar days, counted from its own midnight."""
    first = _A_DAY * midnights
    return {q - first: usual for q, usual in quarters.items() if first <= q < first + _A_DAY}


def week(rhythm: Rhythm, service: ServiceId, now_ms: int, zone: ZoneInfo) -> list[UsualDay]:
    """The days of which something is on record, Monday first, all on one scale."""
    days = rhythm.services.get(service, {})
    most_min = _most_min(usual for quarters in days.values() for usual in quarters.values())
    here = datetime.fromtimestamp(now_ms / 1000, zone).date()
    monday = here - timedelta(days=here.weekday())
    return [
        _day(quarters, monday + timedelta(days=weekday), zone, _best(quarters), most_min)
        for weekday in range(_DAYS)
        if (quarters := days.get(weekday))
    ]


def table(days: Sequence[UsualDay], zone: ZoneInfo) -> list[Row]:
    """The figures of a week."""
    by_time = [{_time(quarter.at_ms, zone): quarter for quarter in day.quarters} for day in days]
    return [
        Row(next(found[at].at_ms for found in by_time if at in found), tuple(found.get(at) for found in by_time))
        for at in sorted(set().union(*by_time))
    ]


def _time(at_ms: int, zone: ZoneInfo) -> time:
    return datetime.fromtimestamp(at_ms / 1000, zone).time()


def _best(quarters: Quarters) -> int | None:
    """The earliest of those that are told alike: a minute less in the evening is chance."""
    return min(quarters, key=lambda q: (_told_min(quarters[q].p50_s), _told_min(quarters[q].p90_s), q), default=None)


def _told_min(wait_s: int) -> int:
    return spread(0, wait_s)[1]


def _day(
    quarters: Quarters, day: date, zone: ZoneInfo, best: int | None, most_min: int, drawn: Quarters = NOTHING
) -> UsualDay:
    told = tuple(Quarter(_at_ms(q, day, zone), *spread(u.p10_s, u.p90_s)) for q, u in sorted(quarters.items()))
    best_ms = None if best is None else _at_ms(best, day, zone)
    return UsualDay(_at_ms(_A_DAY // 2, day, zone), told, _chart(quarters, day, zone, best, most_min, drawn), best_ms)


def _chart(quarters: Quarters, day: date, zone: ZoneInfo, best: int | None, most_min: int, drawn: Quarters) -> Chart:
    first = min([*quarters, *drawn]) // _AN_HOUR * _AN_HOUR
    last = -(-(max([*quarters, *drawn]) + 1) // _AN_HOUR) * _AN_HOUR
    scale = HEIGHT / (most_min * _MINUTE_S)

    def bar(q: int, low_s: float, high_s: float) -> str:
        low, high = round(low_s * scale), round(high_s * scale)
        thick = max(_MARK, high - low)
        return f"M{(q - first) * _STEP} {HEIGHT - low - thick}h{_BAR}v{thick}h-{_BAR}z"

    return Chart(
        bars="".join(bar(q, u.p10_s, u.p90_s) for q, u in quarters.items()),
        marks="".join(bar(q, u.p50_s, u.p50_s) for q, u in quarters.items()),
        best="" if best is None else bar(best, 0, most_min * _MINUTE_S),
        line=_line({q - first: HEIGHT - round(usual.p50_s * scale) for q, usual in drawn.items()}),
        width=(last - first) * _STEP,
        most_min=most_min,
        hours_ms=tuple(_at_ms(q, day, zone) for q in range(first, last, _AN_HOUR)),
    )


def _line(heights: Mapping[int, int]) -> str:
    """Through the middle of each column; where one is missing, it is interrupted. A column alone is a dot."""
    points = [
        (f"L{q * _STEP + _BAR // 2} {y}" if q - 1 in heights else f"M{q * _STEP + _BAR // 2} {y}h0")
        for q, y in sorted(heights.items())
    ]
    return "".join(points)


def _most_min(usuals: Iterable[Usual]) -> int:
    """Minutes that every bar fits into."""
    longest_s = max((usual.p90_s for usual in usuals), default=0)
    return max(1, -(-longest_s // (_SCALE_MIN * _MINUTE_S))) * _SCALE_MIN


def _at_ms(quarter: int, day: date, zone: ZoneInfo) -> int:
    minutes = quarter * _QUARTER.seconds // _MINUTE_S
    at = datetime.combine(day, time(minutes // 60, minutes % 60), zone)
    return round(at.timestamp() * 1000)

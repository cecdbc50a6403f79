"""From a day's archive to figures that tell of nobody.

Quarters of an hour with too few visits are joined with those that follow until they are enough; what is left at the end
joins the cell before it. A service with too few visits on the whole day is not told of at all. Waits are rounded to
whole minutes, so that no call can be found again in them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from queue_core.domain.archive import events_of, sessions_of
from queue_core.domain.day_table import DayLine, DayTable
from queue_core.domain.events import Event
from queue_core.domain.model import CounterId, CounterState, ServiceId
from queue_core.domain.rhythm import QUARTER_MIN
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.draws import Draw, draws_of
from queue_core.estimate.rhythm import FEWEST_VISITS

_MINUTE_S = 60
_QUARTER_MS = QUARTER_MIN * _MINUTE_S * 1000

Skills = Mapping[CounterId, frozenset[ServiceId]]
Lines = Sequence[Mapping[str, Any]]


def day_table(day: str, lines: Lines) -> DayTable:
    """Of the lines of an archive. Raises `ValueError` for what is none."""
    events = list(events_of(lines))
    skills = sessions_of(lines)
    by_service: defaultdict[ServiceId, list[Draw]] = defaultdict(list)
    for draw in draws_of(events):
        by_service[draw.service].append(draw)
    told = (
        _line(service, cell, _at_work(events, skills, service) if skills is not None else None)
        for service in sorted(by_service)
        for cell in _cells(by_service[service])
    )
    return DayTable(day, tuple(told))


@dataclass(slots=True)
class _Cell:
    from_ms: int
    to_ms: int
    draws: list[Draw]


def _cells(draws: Iterable[Draw]) -> list[_Cell]:
    """In order, each of enough visits."""
    cells: list[_Cell] = []
    for draw in sorted(draws, key=lambda d: d.issued_ms):
        from_ms = draw.issued_ms - draw.issued_ms % _QUARTER_MS
        if cells and (from_ms < cells[-1].to_ms or len(cells[-1].draws) < FEWEST_VISITS):
            cells[-1].draws.append(draw)
            cells[-1].to_ms = max(cells[-1].to_ms, from_ms + _QUARTER_MS)
        else:
            cells.append(_Cell(from_ms, from_ms + _QUARTER_MS, [draw]))
    if len(cells) > 1 and len(cells[-1].draws) < FEWEST_VISITS:
        last = cells.pop()
        cells[-1].draws += last.draws
        cells[-1].to_ms = last.to_ms
    return [cell for cell in cells if len(cell.draws) >= FEWEST_VISITS]


def _line(service: ServiceId, cell: _Cell, at_work: Sequence[tuple[int, int]] | None) -> DayLine:
    waits_s = sorted(draw.wait_s for draw in cell.draws if draw.called_ms)
    return DayLine(
        service=service,
        from_ms=cell.from_ms,
        to_ms=cell.to_ms,
        issued=len(cell.draws),
        called=len(waits_s),
        no_shows=sum(1 for draw in cell.draws if draw.called_ms and draw.left_ms),
        p50_s=_quantile(waits_s, 0.5),
        p90_s=_quantile(waits_s, 0.9),
        counters_open=None if at_work is None else _mean(at_work, cell.from_ms, cell.to_ms),
    )


def _quantile(waits_s: Sequence[float], level: float) -> int | None:
    if len(waits_s) < FEWEST_VISITS:
        return None
    at = level * (len(waits_s) - 1)
    low = int(at)
    high = min(low + 1, len(waits_s) - 1)
    return round((waits_s[low] + (at - low) * (waits_s[high] - waits_s[low])) / _MINUTE_S) * _MINUTE_S


def _at_work(events: Iterable[Event], skills: Skills, service: ServiceId) -> list[tuple[int, int]]:
    """(since when, how many open counters serve it), in order."""
    return [(at_ms, sum(service in served for served in open_now)) for at_ms, open_now in _sessions(events, skills)]


def _sessions(events: Iterable[Event], skills: Skills) -> Iterator[tuple[int, list[frozenset[ServiceId]]]]:
    """What each open counter serves, from every moment on at which that may be something else."""
    snapshot, before = Snapshot(), None
    for event in events:
        snapshot.fold(event)
        now = {c.id: frozenset(c.services) for c in snapshot.counters.values() if c.state is CounterState.OPEN}
        if now != before:
            before = now
            yield event.at_ms, [chosen or skills.get(c, frozenset()) for c, chosen in now.items()]


def _mean(at_work: Sequence[tuple[int, int]], from_ms: int, to_ms: int) -> float:
    """Over that time, to a tenth."""
    ends = [at_ms for at_ms, _ in at_work[1:]] + [to_ms]
    spans = ((max(since, from_ms), min(until, to_ms), n) for (since, n), until in zip(at_work, ends, strict=True))
    return round(sum((until - since) * n for since, until, n in spans if until > since) / (to_ms - from_ms), 1)

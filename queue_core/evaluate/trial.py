"""One method on one day: it watches the log, and whatever it says is written down with what it cost."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from statistics import median
from time import process_time

import numpy as np

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import TicketId
from queue_core.domain.policy import queue_of
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forecast import Forecast, Range
from queue_core.estimate.method import Method
from queue_core.evaluate.ledger import Ledger
from queue_core.evaluate.outcomes import Outcome, outcomes

#: As often as faces hear anything new at the least, for twenty minutes in the middle of the day's draws.
WATCHED_EVERY_MS = 15_000
WATCHED_MS = 20 * 60_000
#: Medians are whole seconds: neighbours may differ by rounding.
_ROUNDING_S = 1


def watched_ms(events: Sequence[Event]) -> range:
    """The moments at which the day's jumps are measured, the same for every method; none on a day without waits."""
    waited = [o.issued_ms for o in outcomes(events) if o.counts]
    if not waited:
        return range(0)
    begins_ms = max(events[0].at_ms, int(median(waited)) - WATCHED_MS // 2)
    return range(begins_ms, begins_ms + WATCHED_MS, WATCHED_EVERY_MS)


def train(method: Method, events: Sequence[Event], asked_every: int = 0) -> None:
    """Shows a day and ends it. At each `asked_every`-th draw a forecast is asked for (0: never), since a method may
    learn from what came of its own words."""
    draws = 0
    for event in events:
        method.observe(event)
        if event.type is EventType.ISSUED and asked_every:
            draws += 1
            if draws % asked_every == 0:
                method.forecast(event.at_ms)
    method.end_day()


def trial(method: Method, events: Sequence[Event], state: Snapshot) -> Ledger:
    """Shows a day, asks at every draw and at the watched moments, ends the day. `state` is the zone before the day, and
    after it in the end."""
    run = _Trial(method, state)
    moments = iter(watched_ms(events))
    moment = next(moments, math.inf)
    for event in events:
        while moment < event.at_ms:
            run.watch(int(moment))
            moment = next(moments, math.inf)
        run.show(event)
    method.end_day()
    return run.ledger(outcomes(events))


class _Trial:
    def __init__(self, method: Method, state: Snapshot) -> None:
        self._method = method
        self._state = state
        self._said: dict[TicketId, Range | None] = {}
        self._announced: dict[TicketId, float] = {}
        self._count = Ledger()

    def show(self, event: Event) -> None:
        began = process_time()
        self._method.observe(event)
        self._count.event_s += process_time() - began
        self._count.events += 1
        self._state.fold(event)
        if event.type is EventType.ISSUED:
            ticket = TicketId(event.data["ticket"])
            self._said[ticket] = self._ask(event.at_ms).tickets.get(ticket)

    def watch(self, now_ms: int) -> None:
        forecast = self._ask(now_ms)
        announced = {of: now_ms / 1000 + r.p50_s for of, r in forecast.tickets.items() if r}
        for of in announced.keys() & self._announced.keys():
            self._count.jumps_s += abs(announced[of] - self._announced[of])
            self._count.watched_min += WATCHED_EVERY_MS / 60_000
        self._announced = announced

    def ledger(self, ended: Sequence[Outcome]) -> Ledger:
        scored = [o for o in ended if o.counts]
        self._count.said_s = np.array([_levels_s(self._said.get(o.ticket)) for o in scored]).reshape(-1, 3)
        self._count.called_s = np.array([o.until_call_s for o in scored])
        self._count.left = sum(not o.called_ms for o in ended)
        self._count.idle = len(ended) - self._count.left - len(scored)
        return self._count

    def _ask(self, now_ms: int) -> Forecast:
        began = process_time()
        forecast = self._method.forecast(now_ms)
        took_s = process_time() - began
        self._count.forecasts += 1
        self._count.forecast_s += took_s
        self._count.slowest_s = max(self._count.slowest_s, took_s)
        self._count.faults += sum(not _is_range(r) for r in (*forecast.tickets.values(), *forecast.services.values()))
        for ahead, behind in self._neighbours(forecast, now_ms):
            self._count.pairs += 1
            self._count.swapped += ahead.p50_s > behind.p50_s + _ROUNDING_S
        return forecast

    def _neighbours(self, forecast: Forecast, now_ms: int) -> Iterator[tuple[Range, Range]]:
        """Ranges of those who stand behind one another: one queue, one class, so that nobody may overtake."""
        lines: dict[tuple[str, str], list[Range]] = defaultdict(list)
        for ticket in sorted(self._state.waiting(), key=attrgetter("rank_ms", "ordinal")):
            told = forecast.tickets.get(ticket.id)
            if told and ticket.not_before_ms <= now_ms:
                lines[queue_of(ticket), ticket.visitor_class].append(told)
        for line in lines.values():
            yield from pairwise(line)


def _levels_s(told: Range | None) -> tuple[float, float, float]:
    return (told.p10_s, told.p50_s, told.p90_s) if told else (math.nan, math.nan, math.nan)


def _is_range(told: Range | None) -> bool:
    """Nothing is no fault; whoever knows nothing says nothing."""
    if told is None:
        return True
    return 0 <= told.p10_s <= told.p50_s <= told.p90_s < math.inf

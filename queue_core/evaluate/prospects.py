"""How true it was what those were told who come by appointment: at home, some time before, and when they checked in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import Record, TicketId
from queue_core.domain.office import Zone
from queue_core.domain.prospect import CallTimes, Slot
from queue_core.domain.telling import tell
from queue_core.estimate.estimator import Estimator
from queue_core.estimate.slices import finished

#: At home somebody may ask at any time; here they are answered as of such moments.
ASKED_EVERY_MS = 10 * 60_000
_MINUTE_MS = 60_000
_BEFORE_THE_DAY = frozenset({EventType.EPOCH_STARTED, EventType.DAY_ROLLED, EventType.BOOKED})


class Asked(StrEnum):
    """When they were told."""

    THREE_HOURS = "3 h before"
    ONE_HOUR = "1 h before"
    QUARTER = "15 min before"
    CHECK_IN = "at the check-in"


_BEFORE_MS = {
    Asked.THREE_HOURS: 180 * _MINUTE_MS,
    Asked.ONE_HOUR: 60 * _MINUTE_MS,
    Asked.QUARTER: 15 * _MINUTE_MS,
}


@dataclass(frozen=True, slots=True)
class Truth(Record):
    """Of `visits` in time that were called, `known` had been told a range: `in_range` were called from p10 to p90,
    `late` after p90, `within` as it was worded, `too_short` later than that. Sums, seconds: `width_s` of p90 - p10,
    `bias_s` of p50 - call."""

    visits: int = 0
    known: int = 0
    in_range: int = 0
    late: int = 0
    within: int = 0
    too_short: int = 0
    width_s: float = 0.0
    bias_s: float = 0.0

    def __add__(self, other: "Truth") -> "Truth":
        return Truth(*(getattr(self, name) + getattr(other, name) for name in self.__match_args__))


Truths = Mapping[Asked, Truth]


def prospects(zone: Zone, training: Iterable[Sequence[Event]], tests: Iterable[Sequence[Event]]) -> Truths:
    """On the test days; on those to learn from, it is asked as often, since it learns from its own words."""
    estimator = Estimator(zone)
    for day in training:
        for _ in _judged(estimator, zone, day):
            pass
    found: dict[Asked, Truth] = defaultdict(Truth)
    for day in tests:
        for asked, truth in _judged(estimator, zone, day):
            found[asked] += truth
    return {asked: found[asked] for asked in Asked}


@dataclass(slots=True)
class _Visit:
    """In time. `said`: what of the call was said when."""

    not_before_ms: int
    said: dict[Asked, tuple[int, CallTimes | None]]


def _judged(estimator: Estimator, zone: Zone, day: Sequence[Event]) -> Iterator[tuple[Asked, Truth]]:
    """Shows the day to the estimator, and ends it."""
    said: list[tuple[int, Mapping[Slot, CallTimes]]] = []
    visits: dict[TicketId, _Visit] = {}
    for event in day:
        if event.type not in _BEFORE_THE_DAY and (not said or event.at_ms - said[-1][0] >= ASKED_EVERY_MS):
            said.append((event.at_ms, finished(estimator.prospects(event.at_ms))))
        estimator.observe(event)
        d = event.data
        if event.type is EventType.CHECKED_IN and event.at_ms <= d["slot_ms"]:
            slot = Slot(d["service"], d["visitor_class"], d["slot_ms"])
            first_ms = slot.slot_ms - 1000 * zone.rules.booking_lead_s
            visits[d["ticket"]] = _Visit(first_ms, dict(_said_before(slot, said, event.at_ms)))
        elif event.type is EventType.ISSUED and (visit := visits.get(d["ticket"])):
            visit.said[Asked.CHECK_IN] = event.at_ms, _own(estimator, event)
        elif event.type is EventType.CALLED and (visit := visits.pop(d["ticket"], None)):
            for asked, (at_ms, times) in visit.said.items():
                yield asked, _truth(at_ms, times, visit.not_before_ms, event.at_ms)
    estimator.end_day()


def _said_before(
    slot: Slot, said: Sequence[tuple[int, Mapping[Slot, CallTimes]]], until_ms: int
) -> Iterator[tuple[Asked, tuple[int, CallTimes | None]]]:
    for asked, before_ms in _BEFORE_MS.items():
        latest = max((n for n in said if n[0] <= slot.slot_ms - before_ms), key=lambda n: n[0], default=None)
        if latest and latest[0] <= until_ms:
            yield asked, (latest[0], latest[1].get(slot))


def _own(estimator: Estimator, issued: Event) -> CallTimes | None:
    wait = estimator.forecast(issued.at_ms).tickets.get(TicketId(issued.data["ticket"]))
    return CallTimes(*(issued.at_ms + 1000 * s for s in (wait.p10_s, wait.p50_s, wait.p90_s))) if wait else None


def _truth(at_ms: int, times: CallTimes | None, not_before_ms: int, called_ms: int) -> Truth:
    if times is None:
        return Truth(visits=1)
    wait = {"p10_s": (times.p10_ms - at_ms) / 1000, "p90_s": (times.p90_ms - at_ms) / 1000}
    told, until_call_s = tell(wait, at_ms, not_before_ms=not_before_ms), (called_ms - at_ms) / 1000
    return Truth(
        visits=1,
        known=1,
        in_range=int(times.p10_ms - 1000 <= called_ms <= times.p90_ms + 1000),
        late=int(called_ms > times.p90_ms + 1000),
        within=int(told.holds(until_call_s)),
        too_short=int(told.is_too_short(until_call_s)),
        width_s=(times.p90_ms - times.p10_ms) / 1000,
        bias_s=(times.p50_ms - called_ms) / 1000,
    )

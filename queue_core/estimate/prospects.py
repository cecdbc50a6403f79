"""When somebody would be called who comes to an appointment in time: for those who are still at home.

They stand in a forward run as one stands in the queue who has checked in, one for each time at which somebody is
expected, and take nobody's time. Unlike the forecast of who waits, the run looks at the whole rest of the day, with all
who will draw until then; so it is a run of its own, made seldom, with levels of its own (`recalibration`).
"""

from collections import defaultdict
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from zlib import crc32

import numpy as np

from queue_core.domain.calendar import business_day
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import SeriesId, Ticket, TicketId, TicketState
from queue_core.domain.office import Zone
from queue_core.domain.prospect import CallTimes, Slot
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.drawn import drawing
from queue_core.estimate.forward.chances import Seconds
from queue_core.estimate.forward.house import House
from queue_core.estimate.forward.run import slices as run_slices
from queue_core.estimate.knowledge import Knowledge
from queue_core.estimate.laws.draws import Stream, uniforms
from queue_core.estimate.laws.empirical import Table
from queue_core.estimate.laws.laws import Laws
from queue_core.estimate.laws.learned import Learned
from queue_core.estimate.laws.moment import Foresight
from queue_core.estimate.recalibration import Promises
from queue_core.estimate.sample import CALLED_LEAST, Floats, Sample, in_order
from queue_core.estimate.slices import undisturbed

#: Ranges of hours to come are wide: fewer replicates than of who waits tell them as well.
REPLICATES = 100
#: No business day has more office hours.
FORESIGHT = Foresight(12 * 3600.0, 480)
#: Of more times at once nothing is told of the latest.
_SLOTS_MOST = 120


class Prospects:
    """Watches how its words turn out. `state` is the estimator's, a moment ago."""

    def __init__(self, zone: Zone, laws: Knowledge) -> None:
        self._zone, self._laws = zone, laws
        self._promises = Promises(laws.prospects)

    def observe(self, event: Event) -> None:
        """Who checks in by the time of the appointment came in time: what was said holds for the ticket."""
        if event.type is EventType.CHECKED_IN and event.at_ms <= event.data["slot_ms"]:
            d = event.data
            self._promises.pass_on(Slot(d["service"], d["visitor_class"], d["slot_ms"]), d["ticket"])
        self._promises.observe(event)

    def slices(
        self, state: Snapshot, now_ms: int, seed: int, still: Callable[[], bool]
    ) -> Generator[None, None, Mapping[Slot, CallTimes] | None]:
        """The call times in slices of about a millisecond. `state` must not change meanwhile; `still`: nothing new was
        learned since it was so. None if something was before all was drawn."""
        slots = expected(self._zone, state, now_ms)
        if not slots:
            return {}
        guests = [_guest(self._zone, slot, n, now_ms) for n, slot in zip(count(state.ordinal + 1), slots, strict=False)]
        state = replace(state, tickets={**state.tickets, **{g.id: g for g in guests}})
        yield
        house, laws = House.of(self._zone, state, now_ms), self._laws.learned
        yield
        come_s = _come_s(slots, laws, now_ms, seed)
        yield
        learned = Learned(laws, self._zone, state, now_ms, seed, REPLICATES, FORESIGHT)
        if (drawn := (yield from undisturbed(drawing(house, learned), still))) is None:
            return None
        yield
        places = len(house.waiting) - len(guests) + np.arange(len(guests))
        leaves_s = np.array(drawn.leaves)
        leaves_s[:, places] = -np.inf
        calls = yield from run_slices(house, replace(drawn, leaves=leaves_s))
        called_s = np.sort(np.maximum(calls.called_s[:, places], come_s), axis=0)
        self._promises.keep(now_ms, slots, called_s)
        yield
        return self._told(slots, [g.id for g in guests], called_s, now_ms)

    def _told(
        self, slots: Sequence[Slot], names: Sequence[TicketId], called_s: Floats, now_ms: int
    ) -> Mapping[Slot, CallTimes]:
        sample = Sample(tuple(names), called_s, np.zeros(len(slots), np.int64))
        known = sample.called >= CALLED_LEAST
        lines: dict[tuple[str, str], list[int]] = defaultdict(list)
        for n in np.flatnonzero(known).tolist():
            lines[slots[n][:2]].append(n)
        levels_s = in_order(sample.at(self._laws.prospects.shift().levels(sample.medians_s)), lines.values())
        return {slots[n]: _times(levels_s[:, n], now_ms) for line in lines.values() for n in line}


def expected(zone: Zone, state: Snapshot, now_ms: int, within_ms: int = round(1000 * FORESIGHT.ahead_s)) -> list[Slot]:
    """The times of today at which somebody is expected who has not come and would still be in time, in their order."""
    first_ms = now_ms - 1000 * zone.rules.booking_grace_s
    to_ms = min(business_day(zone, now_ms).to_ms, now_ms + within_ms)
    found = {
        Slot.of(b)
        for b in state.bookings.values()
        if first_ms <= b.slot_ms < to_ms and b.service in zone.services and b.visitor_class in zone.classes
    }
    return sorted(found, key=lambda slot: (slot.slot_ms, slot))[:_SLOTS_MOST]


def _come_s(slots: Sequence[Slot], laws: Laws, now_ms: int, seed: int) -> Seconds:
    """(R, n): when those come who come by the time of their appointment: nobody is called before."""
    minutes = laws.appointments.table().values
    in_time = Table(minutes[: max(1, int(np.searchsorted(minutes, 0.0, "right")))], 0.0)
    u = uniforms(seed, Stream.GUEST, [crc32(repr(slot).encode()) for slot in slots], REPLICATES)
    in_s = (np.array([s.slot_ms for s in slots]) - now_ms) / 1000
    return np.asarray(in_s + 60 * np.minimum(in_time.at(u), 0.0))


def _guest(zone: Zone, slot: Slot, ordinal: int, now_ms: int) -> Ticket:
    """As checked in in time; behind all who have."""
    return Ticket(
        id=TicketId(f"slot {ordinal}"),
        number="",
        series=SeriesId(""),
        service=slot.service,
        visitor_class=slot.visitor_class,
        state=TicketState.WAITING,
        ordinal=ordinal,
        issued_ms=now_ms,
        arrival_ms=now_ms,
        rank_ms=slot.slot_ms - zone.head_start_ms(slot.service, slot.visitor_class),
        seq=0,
        not_before_ms=slot.slot_ms - 1000 * zone.rules.booking_lead_s,
        slot_ms=slot.slot_ms,
    )


def _times(levels_s: Floats, now_ms: int) -> CallTimes:
    low, middle, high = (now_ms + np.rint(1000 * np.maximum(levels_s, 0.0))).astype(np.int64).tolist()
    return CallTimes(low, middle, high)

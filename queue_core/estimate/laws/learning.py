"""Learning from the log. What an undo may still take back is learned when it no longer can.

Only a busy counter teaches wrap-ups: idle time says nothing. A visit is learned whole, from its call until it left the
counter, and the wrap-up after it: a "finished" pressed late lengthens the one and shortens the other, and their sum,
from call to call, is what counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from queue_core.domain.calendar import BusinessDay, business_day
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import AT_COUNTER, CounterId, CounterState, ServiceId, Ticket, TicketId, TicketState
from queue_core.domain.office import Zone
from queue_core.domain.policy import pin_queue
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.laws.laws import Laws
from queue_core.estimate.laws.shifts import Step, Turn
from queue_core.estimate.queue_length.cycles import configured_s
from queue_core.estimate.queue_length.seniority import Seniority

#: A visit that ended with the call of somebody who had only just come may have ended long before.
_JUST_COME_MS = 60_000
#: Who goes so soon after a visit would have gone before it ended.
_GOES_AT_ONCE_MS = 60_000
_STEPS = {
    EventType.COUNTER_OPENED: Step.OPENED,
    EventType.COUNTER_PAUSED: Step.PAUSED,
    EventType.COUNTER_CLOSED: Step.CLOSED,
}


@dataclass(frozen=True, slots=True)
class _Fact:
    """Learned at `due_ms`, unless the event `seq` is undone before."""

    due_ms: int
    seq: int
    counter: CounterId
    learn: Callable[[], None]
    of_length: bool = False


@dataclass(frozen=True, slots=True)
class _Left:
    """A visit's end: the counter is free."""

    called_ms: int
    at_ms: int
    seq: int
    command: str
    others_waited: bool


class Learning:
    """`state` is the living snapshot or one like it; every event is observed in order."""

    def __init__(self, zone: Zone, laws: Laws, state: Snapshot) -> None:
        self._zone, self.laws = zone, laws
        self._seniority = Seniority(state)
        self._queues = {place.id: (pin_queue(place.id), *place.services) for place in zone.counters.values()}
        self._facts: list[_Fact] = []
        self._left: dict[CounterId, _Left] = {}
        self._called_before: set[TicketId] = set()
        self._day: BusinessDay | None = None

    def observe(self, event: Event, before: Snapshot) -> None:
        """`before` is the state that the event changes; when it has, `follow` gets it."""
        if event.type is EventType.DAY_ROLLED:
            self._end_day(before, event.at_ms)
            return
        self._begin_day(event.at_ms, before)
        if self._facts:
            self._settle(lambda fact: fact.due_ms < event.at_ms)
        if note := _NOTES.get(event.type):
            note(self, event, before)

    def follow(self, event: Event, after: Snapshot) -> None:
        self._seniority.follow(event, after)

    def _begin_day(self, at_ms: int, before: Snapshot) -> None:
        """A log may go from one day to the next without a word."""
        if self._day is not None and at_ms not in self._day:
            self._end_day(before, at_ms)
        if self._day is None:
            self._day = business_day(self._zone, at_ms)
            self.laws.begin_day(self._day.day)

    def _end_day(self, before: Snapshot, at_ms: int) -> None:
        self._settle(lambda _: True)
        for booking in before.bookings.values():
            if booking.slot_ms < at_ms:
                self.laws.appointments.learn_absence()
        self._left.clear()
        self._called_before.clear()
        self._day = None
        self.laws.forget_day()

    def _restart(self, _event: Event, _before: Snapshot) -> None:
        self._facts.clear()
        self._left.clear()

    def _at_s(self, at_ms: int) -> float:
        assert self._day is not None
        return (at_ms - self._day.from_ms) / 1000

    def _settle(self, due: Callable[[_Fact], bool]) -> None:
        facts, self._facts = self._facts, []
        for fact in facts:
            if due(fact):
                fact.learn()
            else:
                self._facts.append(fact)

    def _later(self, event: Event, counter: CounterId, learn: Callable[[], None], *, of_length: bool = False) -> None:
        due_ms = event.at_ms + 1000 * self._zone.rules.undo_s
        self._facts.append(_Fact(due_ms, event.seq, counter, learn, of_length))

    def _undone(self, event: Event, _before: Snapshot) -> None:
        first = event.data["undoes_seq"]
        undone = range(first, first + event.data["undoes_count"])
        self._facts = [fact for fact in self._facts if fact.seq not in undone]
        self._left.pop(event.data["counter"], None)
        self._called_before -= {record["id"] for record in event.data["tickets"] if not record.get("called_ms")}
        self.laws.today.talked -= {record["ordinal"] for record in event.data["tickets"]}

    def _issued(self, event: Event, _before: Snapshot) -> None:
        if not event.data.get("booking") and not event.data.get("belated"):
            service, visitor_class = event.data["service"], event.data["visitor_class"]
            self.laws.arrivals.learn(service, visitor_class, self._at_s(event.at_ms))

    def _called(self, event: Event, before: Snapshot) -> None:
        counter, ticket = event.data["counter"], before.tickets[event.data["ticket"]]
        if ticket.called_ms:
            self._back(event, ticket, counter)
            self._called_before.add(ticket.id)
            if ticket.started_ms:
                self.laws.today.talked.add(ticket.ordinal)
        elif ticket.state is TicketState.WAITING:
            waited_s = _since_s(ticket.arrival_ms, event.at_ms)
            self._later(event, counter, partial(self.laws.cancelling.learn, waited_s, False))
        if left := self._left.pop(counter, None):
            self._wrapped_up(event, before, ticket, left)

    def _wrapped_up(self, event: Event, before: Snapshot, called: Ticket, left: _Left) -> None:
        counter = event.data["counter"]
        just_come = event.at_ms - called.arrival_ms < _JUST_COME_MS
        if event.command == left.command and just_come and not self._others_wait(counter, before, event, called.id):
            self._facts = [fact for fact in self._facts if not (fact.of_length and fact.seq == left.seq)]
        elif left.others_waited:
            wrap_s = _since_s(left.at_ms, event.at_ms)
            self._later(event, counter, partial(self.laws.learn_wrap, counter, wrap_s))

    def _others_wait(self, counter: CounterId, state: Snapshot, event: Event, leaving: TicketId | None = None) -> bool:
        queues, known = self._queues.get(counter, ()), state.counters.get(counter)
        if known and known.services:
            queues = tuple(q for q in queues if q == pin_queue(counter) or q in known.services)
        return bool(self._seniority.eldest(queues, state, event.at_ms, leaving))

    def _leaves(self, event: Event, before: Snapshot) -> None:
        """The visit's end, or a no-show's: a ticket that goes straight back into its queue was not there."""
        ticket = before.tickets.get(event.data["ticket"])
        if ticket is None:
            return
        if ticket.state not in AT_COUNTER:
            self._rejoins(event, ticket)
            return
        others_waited = self._others_wait(ticket.counter, before, event)
        self._left[ticket.counter] = _Left(ticket.called_ms, event.at_ms, event.seq, event.command, others_waited)
        returned = event.type is EventType.RETURNED and ticket.state is TicketState.CALLED
        if event.type is EventType.MISSED or returned:
            self._missed(event, ticket)
        else:
            self._visited(event, ticket)
        self.laws.today.away_ms[ticket.ordinal] = event.at_ms
        if event.type is EventType.RETURNED:
            self._back(event, ticket, ticket.counter)

    def _missed(self, event: Event, ticket: Ticket) -> None:
        lasted_s, waited_s = _since_s(ticket.called_ms, event.at_ms), _since_s(ticket.arrival_ms, ticket.called_ms)
        first = ticket.id not in self._called_before

        def learn() -> None:
            self.laws.missed.learn(lasted_s)
            if first:
                self.laws.no_shows.learn(waited_s, missed=True)
                self.laws.sequels.learn_missed()

        self._later(event, ticket.counter, learn)

    def _visited(self, event: Event, ticket: Ticket) -> None:
        minutes_s, lasted_s = configured_s(self._zone, ticket.service), _since_s(ticket.called_ms, event.at_ms)
        talked = ticket.ordinal in self.laws.today.talked
        learn = self.laws.learn_second if talked else self.laws.learn_visit
        began_s = self._at_s(ticket.called_ms)
        learn_length = partial(learn, ticket.service, minutes_s, ticket.counter, began_s, lasted_s)
        self._later(event, ticket.counter, learn_length, of_length=True)
        if ticket.started_ms:
            way_s = _since_s(ticket.called_ms, ticket.started_ms) if ticket.started_ms < event.at_ms else None
            self._later(event, ticket.counter, partial(self.laws.learn_way, way_s))
        if ticket.id not in self._called_before:
            waited_s = _since_s(ticket.arrival_ms, ticket.called_ms)
            self._later(event, ticket.counter, partial(self.laws.no_shows.learn, waited_s, missed=False))
        if not talked:
            self._later(event, ticket.counter, partial(self._learn_sequel, event, ticket.service))

    def _learn_sequel(self, event: Event, service: ServiceId) -> None:
        self.laws.sequels.learn_visit(service)
        if event.type is EventType.TRANSFERRED:
            self.laws.sequels.learn_sent(service, event.data["service"])
        elif event.type is EventType.PARKED:
            self.laws.sequels.learn_parked()

    def _rejoins(self, event: Event, ticket: Ticket) -> None:
        if event.type in (EventType.RETURNED, EventType.TRANSFERRED):
            self._back(event, ticket, CounterId(""))

    def _back(self, event: Event, ticket: Ticket, counter: CounterId) -> None:
        """From being away, or straight from the counter."""
        went_ms = self.laws.today.away_ms.get(ticket.ordinal)
        if went_ms is None or ticket.id in self._called_before:
            return
        away_s = _since_s(went_ms, max(event.at_ms, event.data.get("not_before_ms") or 0))
        if ticket.state in (TicketState.PARKED, TicketState.SERVING):
            learn = partial(self.laws.sequels.learn_parked_back, ticket.service, away_s)
        elif ticket.state in (TicketState.MISSED, TicketState.CALLED):
            learn = partial(self.laws.sequels.learn_missed_back, away_s)
        else:
            return
        self._later(event, counter, learn)

    def _cancelled(self, event: Event, before: Snapshot) -> None:
        ticket = before.tickets[event.data["ticket"]]
        if ticket.state is TicketState.WAITING and not ticket.called_ms:
            self.laws.cancelling.learn(_since_s(ticket.arrival_ms, event.at_ms), cancelled=True)

    def _turned(self, event: Event, before: Snapshot) -> None:
        counter, step = event.data["counter"], _STEPS[event.type]
        if step is Step.OPENED and before.counters[counter].state is CounterState.OPEN:
            return  # it only takes up other services
        self._settle(lambda fact: fact.counter == counter)
        at_ms = event.at_ms if step is Step.OPENED else _due_ms(event.at_ms, self._left.get(counter))
        self._left.pop(counter, None)
        if step is Step.CLOSED:
            self.laws.today.sessions.pop(counter, None)
            if not self._others_wait(counter, before, event):
                step = Step.LEFT
        self.laws.shifts.learn(counter, Turn(self._at_s(at_ms), step))

    def _checked_in(self, event: Event, _before: Snapshot) -> None:
        self.laws.appointments.learn_check_in((event.at_ms - event.data["slot_ms"]) / 1000)


def _due_ms(at_ms: int, left: _Left | None) -> int:
    """When a break or closing was due that waited for a visit's end: somewhere in it, on average in its middle. A run
    lets visits end as well: with the time that was seen, breaks would be late twice, and too short."""
    if left is None or at_ms - left.at_ms > _GOES_AT_ONCE_MS:
        return at_ms
    return (left.called_ms + left.at_ms) // 2


def _since_s(from_ms: int, to_ms: int) -> float:
    return max(0.0, (to_ms - from_ms) / 1000)


_Note = Callable[[Learning, Event, Snapshot], None]
_NOTES: Mapping[EventType, _Note] = MappingProxyType(
    {
        EventType.EPOCH_STARTED: Learning._restart,
        EventType.ISSUED: Learning._issued,
        EventType.CALLED: Learning._called,
        EventType.FINISHED: Learning._leaves,
        EventType.MISSED: Learning._leaves,
        EventType.PARKED: Learning._leaves,
        EventType.RETURNED: Learning._leaves,
        EventType.TRANSFERRED: Learning._leaves,
        EventType.CANCELLED: Learning._cancelled,
        EventType.UNDONE: Learning._undone,
        EventType.COUNTER_OPENED: Learning._turned,
        EventType.COUNTER_PAUSED: Learning._turned,
        EventType.COUNTER_CLOSED: Learning._turned,
        EventType.CHECKED_IN: Learning._checked_in,
    }
)

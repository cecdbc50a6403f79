"""A recorded log played again: its draws, calls and all else as commands, at their times, in another office.

What a desk did follows the desk: when the office calls somebody else than the log, the desk's next steps are theirs.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from statistics import fmean
from typing import Any

from queue_core.domain.booking_commands import Book, CancelBooking, CheckIn, MoveBooking
from queue_core.domain.calendar import local_time
from queue_core.domain.commands import (
    CallNext,
    CallTicket,
    Cancel,
    CloseCounter,
    CloseService,
    Command,
    Finish,
    Issue,
    Miss,
    OpenCounter,
    OpenService,
    Park,
    PauseCounter,
    Recall,
    Return,
    Start,
    Transfer,
    Undo,
)
from queue_core.domain.errors import Refused
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import AT_COUNTER, BookingId, CounterId, ReturnMode, ServiceId, TicketId, TicketState
from queue_core.domain.office import Zone
from queue_core.domain.policy import in_session, order
from queue_core.domain.snapshot import Snapshot
from queue_core.simulate.port import OfficePort

_WEEK = timedelta(weeks=1)

#: Told after each event: how many have been played.
Report = Callable[[int], None]


@dataclass(slots=True)
class Played:
    """`done` by event type; `refused` by code; `skipped`: events that no command makes, or of tickets that were never
    drawn here. `others`: calls that went to somebody else than in the log. Waits to the first call."""

    done: Tally[str] = field(default_factory=Tally)
    refused: Tally[str] = field(default_factory=Tally)
    skipped: Tally[str] = field(default_factory=Tally)
    others: int = 0
    waits_ms: list[int] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "done": dict(self.done),
            "refused": dict(self.refused),
            "skipped": dict(self.skipped),
            "called_others": self.others,
            "mean_wait_s": round(fmean(self.waits_ms) / 1000) if self.waits_ms else None,
        }


def moved_ms(zone: Zone, at_ms: int, weeks: int) -> int:
    """The same weekday and local time so many weeks later."""
    return round((local_time(zone, at_ms) + weeks * _WEEK).timestamp() * 1000)


def weeks_ahead(zone: Zone, first_ms: int, now_ms: int) -> int:
    """The least number of weeks by which a log that began at `first_ms` lies in the future."""
    weeks = max(0, (now_ms - first_ms) // (1000 * int(_WEEK.total_seconds())))
    while moved_ms(zone, first_ms, weeks) < now_ms:
        weeks += 1
    return weeks


async def play_log(
    events: Iterable[Event], zone: Zone, port: OfficePort, name: str, weeks: int, report: Report
) -> Played:
    """Plays the events so many weeks later; `name` keeps appointments of several playings apart."""
    playback = _Playback(zone, port, name, weeks)
    for n, event in enumerate(events, start=1):
        await playback.play(event)
        report(n)
    return playback.played


class _Playback:
    def __init__(self, zone: Zone, port: OfficePort, name: str, weeks: int) -> None:
        self.zone, self.state, self.played = zone, Snapshot(), Played()
        self._port, self._name, self._weeks = port, name, weeks
        self._here: dict[TicketId, TicketId] = {}
        self._drawn_ms: dict[TicketId, int] = {}
        self._at_counter: dict[CounterId, TicketId] = {}

    async def play(self, event: Event) -> None:
        if event.type is EventType.EPOCH_STARTED:
            await self._book_known(event)
        make = _COMMANDS.get(event.type)
        command = make(self, event) if make else None
        if command is None:
            if event.type is not EventType.ISSUED or not event.data.get("booking"):
                self.played.skipped[event.type.value] += 1
        else:
            await self._do(event, command)
        self.state.fold(event)

    async def _book_known(self, begun: Event) -> None:
        """Appointments that were made before the log begins."""
        for record in begun.data["state"].get("bookings") or ():
            data = {"booking": record["id"], **{n: record[n] for n in ("service", "visitor_class", "slot_ms")}}
            booked = replace(begun, type=EventType.BOOKED, data=data)
            await self._do(booked, _booked(self, booked))

    async def _do(self, event: Event, command: Command) -> None:
        await self._port.advance_to(moved_ms(self.zone, event.at_ms, self._weeks))
        try:
            ticket = await self._port.do(command)
        except Refused as refused:
            self.played.refused[refused.code.value] += 1
            return
        self.played.done[event.type.value] += 1
        if isinstance(command, Issue | CheckIn) and ticket:
            self._here[event.data["ticket"]], self._drawn_ms[ticket] = ticket, event.at_ms
        elif isinstance(command, CallNext | CallTicket):
            self._called(event, ticket)

    def _called(self, event: Event, ticket: TicketId | None) -> None:
        self.played.others += ticket != self._here.get(event.data["ticket"])
        if ticket:
            self._at_counter[event.data["counter"]] = ticket
            if (drawn_ms := self._drawn_ms.pop(ticket, None)) is not None:
                self.played.waits_ms.append(event.at_ms - drawn_ms)

    def booking(self, event: Event) -> BookingId:
        return BookingId(f"{self._name}-{event.data['booking']}")

    def slot_ms(self, event: Event) -> int:
        return moved_ms(self.zone, event.data["slot_ms"], self._weeks)

    def ticket(self, event: Event) -> TicketId | None:
        """Whom this event is about here: at a counter, whoever is there."""
        logged = self.state.tickets[event.data["ticket"]]
        if logged.state in AT_COUNTER:
            return self._at_counter.get(logged.counter)
        return self._here.get(logged.id)

    def called(self, event: Event) -> Command | None:
        """That very ticket, where the log's call was not the rule's choice; else the next."""
        counter, ticket = event.data["counter"], self.state.tickets[event.data["ticket"]]
        if counter not in self.zone.counters:
            return None
        zone = in_session(self.zone, self.state.counters)
        by_rule = order(zone, counter, self.state.tickets.values(), event.at_ms)
        is_next = ticket.state is TicketState.WAITING and bool(by_rule) and by_rule[0].ticket.id == ticket.id
        here = self._here.get(ticket.id)
        return CallTicket(here, counter, pick=True) if here and not is_next else CallNext(counter)


def _issued(_playback: _Playback, e: Event) -> Command | None:
    """Drawn; an appointment's number came with its check-in."""
    return None if e.data.get("booking") else Issue(e.data["service"], e.data["visitor_class"])


def _booked(playback: _Playback, e: Event) -> Command:
    d = e.data
    return Book(playback.booking(e), d["service"], d["visitor_class"], playback.slot_ms(e))


def _returned(playback: _Playback, e: Event) -> Command | None:
    mode, here = ReturnMode(e.data["mode"]), playback.ticket(e)
    after_s = (e.data.get("not_before_ms", 0) - e.at_ms) // 1000 if mode is ReturnMode.AFTER else 0
    return Return(here, mode, max(0, after_s)) if here else None


def _transferred(playback: _Playback, e: Event) -> Command | None:
    d, here = e.data, playback.ticket(e)
    if not here:
        return None
    to_service = ServiceId(d["service"] if d["service"] != d.get("from_service", d["service"]) else "")
    return Transfer(here, to_service, d.get("pin", ""), d.get("counter", ""), d.get("reason", ""))


def _cancelled(playback: _Playback, e: Event) -> Command | None:
    here = playback.ticket(e)
    return Cancel(here, e.data.get("by", "visitor")) if here else None


_COMMANDS: Mapping[EventType, Callable[[_Playback, Event], Command | None]] = {
    EventType.ISSUED: _issued,
    EventType.CALLED: _Playback.called,
    EventType.RECALLED: lambda _, e: Recall(e.data["counter"]),
    EventType.STARTED: lambda _, e: Start(e.data["counter"]),
    EventType.FINISHED: lambda _, e: Finish(e.data["counter"], e.data.get("outcome", "")),
    EventType.MISSED: lambda _, e: Miss(e.data["counter"]),
    EventType.PARKED: lambda _, e: Park(e.data["counter"], e.data.get("reason", "")),
    EventType.RETURNED: _returned,
    EventType.TRANSFERRED: _transferred,
    EventType.CANCELLED: _cancelled,
    EventType.UNDONE: lambda _, e: Undo(e.data["counter"]),
    EventType.COUNTER_OPENED: lambda _, e: OpenCounter(e.data["counter"], tuple(e.data.get("services", ()))),
    EventType.COUNTER_PAUSED: lambda _, e: PauseCounter(e.data["counter"], e.data.get("reason", "")),
    EventType.COUNTER_CLOSED: lambda _, e: CloseCounter(e.data["counter"]),
    EventType.SERVICE_OPENED: lambda _, e: OpenService(e.data["service"]),
    EventType.SERVICE_CLOSED: lambda _, e: CloseService(e.data["service"], e.data.get("reason", "")),
    EventType.BOOKED: _booked,
    EventType.BOOKING_MOVED: lambda playback, e: MoveBooking(playback.booking(e), playback.slot_ms(e)),
    EventType.BOOKING_CANCELLED: lambda playback, e: CancelBooking(playback.booking(e)),
    EventType.CHECKED_IN: lambda playback, e: CheckIn(playback.booking(e)),
}

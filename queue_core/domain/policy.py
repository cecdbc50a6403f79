"""Who is next at a counter, and why: the rule that Lua decides by, in words that people can check.

Next = smallest (rank + offset, ordinal) over the services that the counter serves, among waiting tickets whose
not-before has passed and, of those drawn elsewhere, whose visitors have confirmed that they are there; tickets pinned
to the counter come first, those pinned elsewhere not at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from queue_core.domain.model import Counter, CounterId, ServiceId, Ticket, TicketState
from queue_core.domain.office import CounterPlace, Zone


class Why(StrEnum):
    PINNED = "pinned"
    FIRST_COME = "first_come"
    HEAD_START = "head_start"
    APPOINTMENT = "appointment"
    OFFSET = "offset"


@dataclass(frozen=True, slots=True)
class Candidate:
    """`effective_ms` is the rank that decides: rank time plus the counter's offset for the service."""

    ticket: Ticket
    effective_ms: int
    pinned: bool
    why: Why


def pin_queue(counter: CounterId) -> str:
    """The name of the set of tickets pinned to the counter; a service's set is named as the service."""
    return f"@{counter}"


def queue_of(ticket: Ticket) -> str:
    """The name of the set that a waiting ticket stands in."""
    return pin_queue(ticket.pin) if ticket.pin else ticket.service


def serves(place: CounterPlace, service: ServiceId) -> bool:
    return service in place.services


def is_here(ticket: Ticket) -> bool:
    """Whether its visitor drew in the house, or has confirmed to have come."""
    return not ticket.confirm_by_ms


def may_call(place: CounterPlace, ticket: Ticket) -> bool:
    """Whether a waiting ticket is one of this counter's: pinned to it, or to none and of a service that it serves."""
    return ticket.pin == place.id or (not ticket.pin and serves(place, ticket.service))


def in_session(zone: Zone, counters: Mapping[CounterId, Counter]) -> Zone:
    """The zone as its counters work now: each serves what its clerk has chosen of its services, else all of them. The
    same object where nobody has chosen."""
    places = ((zone.counters[c.id], c.services) for c in counters.values() if c.services and c.id in zone.counters)
    chosen = {p.id: replace(p, services=tuple(s for s in p.services if s in services)) for p, services in places}
    return replace(zone, counters={**zone.counters, **chosen}) if chosen else zone


def order(zone: Zone, counter: CounterId, tickets: Iterable[Ticket], now_ms: int) -> list[Candidate]:
    """The eligible tickets in the order in which this counter would call them; `zone` as it is `in_session`."""
    place = zone.counters[counter]
    eligible = [
        _candidate(place, t)
        for t in tickets
        if t.state is TicketState.WAITING and is_here(t) and t.not_before_ms <= now_ms and may_call(place, t)
    ]
    return sorted(eligible, key=lambda c: (not c.pinned, c.effective_ms, c.ticket.ordinal))


def next_not_before_ms(zone: Zone, counter: CounterId, tickets: Iterable[Ticket], now_ms: int) -> int | None:
    """When the first of the counter's tickets that still must wait becomes eligible."""
    place = zone.counters[counter]
    due = [
        t.not_before_ms
        for t in tickets
        if t.state is TicketState.WAITING and is_here(t) and t.not_before_ms > now_ms and may_call(place, t)
    ]
    return min(due, default=None)


def _candidate(place: CounterPlace, ticket: Ticket) -> Candidate:
    pinned = ticket.pin == place.id
    offset_ms = 0 if pinned else 1000 * place.offset_s.get(ticket.service, 0)
    return Candidate(ticket, ticket.rank_ms + offset_ms, pinned, _why(ticket, pinned, offset_ms))


def _why(ticket: Ticket, pinned: bool, offset_ms: int) -> Why:
    if pinned:
        return Why.PINNED
    if ticket.booking:
        return Why.APPOINTMENT
    if ticket.rank_ms < ticket.arrival_ms:
        return Why.HEAD_START
    return Why.OFFSET if offset_ms else Why.FIRST_COME

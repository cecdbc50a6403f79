"""What is said when neither the simulation nor the queue's length has an answer: the hour's usual waits, or nothing."""

from collections.abc import Mapping
from itertools import groupby

from queue_core.domain.calendar import local_time
from queue_core.domain.model import CounterState, ServiceId, Ticket, TicketId
from queue_core.domain.office import Zone
from queue_core.domain.policy import in_session
from queue_core.domain.rhythm import Rhythm, quarter_of
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forecast import Forecast, NoRange, Range

METHOD = "history"

Who = TicketId | ServiceId
Reasons = Mapping[Who, NoRange]


def by_history(zone: Zone, state: Snapshot, now_ms: int, shut: Reasons, rhythm: Rhythm) -> Forecast:
    """For whoever comes, the usual wait of this quarter of an hour; for a ticket, that of the quarter when it was
    drawn, less what it has waited. Who has waited longer than usual, and whose counters are all closed, has no range.
    """
    unserved = {s for s in state.services if not _is_served(zone, state, s)}

    def said(service: ServiceId, since_ms: int) -> Range | None:
        return None if service in unserved else _usual(zone, rhythm, service, since_ms, now_ms)

    tickets = {t.id: said(t.service, t.issued_ms) for t in state.waiting()}
    services = {s: None if s in shut else said(s, now_ms) for s in state.services}
    of_tickets: Reasons = {t.id: _why(t.service in unserved) for t in state.waiting() if tickets[t.id] is None}
    of_services: Reasons = {s: shut.get(s, _why(s in unserved)) for s, found in services.items() if found is None}
    return Forecast(now_ms, state.seq, tickets, services, _ahead(state, now_ms), {**of_tickets, **of_services})


def silence(state: Snapshot, now_ms: int, shut: Reasons) -> Forecast:
    """Everybody's place, and nobody's time."""
    waiting = [t.id for t in state.waiting()]
    unknown: Reasons = dict.fromkeys([*waiting, *state.services], NoRange.UNKNOWN)
    return Forecast(
        at_ms=now_ms,
        as_of_seq=state.seq,
        tickets=dict.fromkeys(waiting),
        services=dict.fromkeys(state.services),
        ahead=_ahead(state, now_ms),
        reasons={**unknown, **shut},
    )


def _is_served(zone: Zone, state: Snapshot, service: ServiceId) -> bool:
    running = {c.id for c in state.counters.values() if c.state is CounterState.OPEN}
    return any(
        place.id in running and service in place.services
        for place in in_session(zone, state.counters).counters.values()
    )


def _why(unserved: bool) -> NoRange:
    return NoRange.NO_COUNTER_OPEN if unserved else NoRange.UNKNOWN


def _usual(zone: Zone, rhythm: Rhythm, service: ServiceId, since_ms: int, now_ms: int) -> Range | None:
    """What is left of the usual wait of somebody who waits since then."""
    since, waited_s = local_time(zone, since_ms), (now_ms - since_ms) // 1000
    quarter = quarter_of(since)
    usual = rhythm.services.get(service, {}).get(since.weekday(), {}).get(quarter)
    if usual is None or waited_s > usual.p90_s:
        return None
    low, middle, high = (max(0, s - waited_s) for s in (usual.p10_s, usual.p50_s, usual.p90_s))
    return Range(low, middle, high, METHOD)


def _ahead(state: Snapshot, now_ms: int) -> dict[Who, int]:
    """Who may be called already and stands before in the same service."""
    standing = [t for t in state.waiting() if t.not_before_ms <= now_ms]
    ahead: dict[Who, int] = dict.fromkeys([*(t.id for t in state.waiting()), *state.services], 0)
    for service, line in groupby(sorted(standing, key=_place), key=lambda t: t.service):
        people = list(line)
        ahead |= {t.id: n for n, t in enumerate(people)}
        ahead[service] = len(people)
    return ahead


def _place(ticket: Ticket) -> tuple[ServiceId, int, int]:
    return ticket.service, ticket.rank_ms, ticket.ordinal

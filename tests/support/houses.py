"""Queues at one moment, as a forward run finds them."""

from collections.abc import Iterable, Mapping
from typing import Any

from queue_core.domain.model import (
    ClassId,
    Counter,
    CounterId,
    CounterState,
    SeriesId,
    ServiceId,
    Ticket,
    TicketId,
    TicketState,
)
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forward.house import House

NOW_MS = 1_900_000_000_000


def ticket(ordinal: int, service: str, since_s: float = 60, **changes: Any) -> Ticket:
    """Waits since so many seconds, in the order of arrival; other times by `rank_s` and `not_before_s` from now."""
    arrival_ms = NOW_MS - round(1000 * since_s)
    rank_ms = NOW_MS + round(1000 * changes.pop("rank_s")) if "rank_s" in changes else arrival_ms
    not_before_ms = NOW_MS + round(1000 * changes.pop("not_before_s")) if "not_before_s" in changes else 0
    return Ticket(
        id=TicketId(f"t{ordinal}"),
        number=f"A{ordinal:03d}",
        series=SeriesId(service),
        service=ServiceId(service),
        visitor_class=ClassId(changes.pop("visitor_class", "default")),
        state=TicketState.WAITING,
        ordinal=ordinal,
        issued_ms=arrival_ms,
        arrival_ms=arrival_ms,
        rank_ms=rank_ms,
        not_before_ms=not_before_ms,
        seq=ordinal,
        **changes,
    )


def snapshot(zone: Zone, tickets: Iterable[Ticket], services: Iterable[str] | None = None) -> Snapshot:
    """Every counter of the zone is open; `services`: those that have a probe, all unless named."""
    counters: Mapping[CounterId, Counter] = {c: Counter(c, CounterState.OPEN) for c in zone.counters}
    probed = map(ServiceId, zone.services if services is None else services)
    return Snapshot(tickets={t.id: t for t in tickets}, counters=dict(counters), services=dict.fromkeys(probed, True))


def house(zone: Zone, tickets: Iterable[Ticket], services: Iterable[str] | None = None) -> House:
    return House.of(zone, snapshot(zone, tickets, services), NOW_MS)

"""A changed configuration meets a living zone: what still has people in it stays until they are gone."""

from dataclasses import replace

from queue_core.domain.model import SeriesId
from queue_core.domain.office import CounterPlace, Hours, Service, VisitorClass, Zone
from queue_core.domain.snapshot import Snapshot


def with_leftovers(zone: Zone, snapshot: Snapshot) -> Zone:
    """The configured zone, plus services, classes and counters that it no longer names but that tickets still need.

    A leftover service draws nothing (it has no hours) and is served by every counter.
    """
    tickets = snapshot.tickets.values()
    services = {s for t in tickets for s in (t.service, *t.further)} - zone.services.keys()
    classes = {t.visitor_class for t in tickets} - zone.classes.keys()
    holding = {c.id for c in snapshot.counters.values() if c.ticket} | {t.pin for t in tickets if t.pin}
    counters = holding - zone.counters.keys()
    if not (services or classes or counters):
        return zone
    names = {i: dict.fromkeys(zone.languages, str(i)) for i in (*services, *classes, *counters)}
    every = tuple(sorted(services))
    return replace(
        zone,
        services={**zone.services, **{i: Service(i, names[i], SeriesId(""), hours=Hours()) for i in every}},
        classes={**zone.classes, **{i: VisitorClass(i, names[i]) for i in sorted(classes)}},
        counters={
            **{i: replace(c, services=(*c.services, *every)) for i, c in zone.counters.items()},
            **{i: CounterPlace(i, names[i], tuple(zone.services)) for i in sorted(counters)},
        },
    )

"""What the feed says: pure functions from zones and their public states to the data of its documents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from public_feed.documents import (
    CounterPlace,
    ServicePlace,
    ServiceWaits,
    Status,
    Wait,
    Waits,
    ZonePlace,
    Zones,
    ZoneWaits,
)
from queue_core.domain.calendar import local_time
from queue_core.domain.office import Zone

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Observed:
    """A zone's `public` state. `at_ms`: zone time of what it tells; None where it tells nothing reliable any more."""

    zone: Zone
    state: Json
    at_ms: int | None


def waits(zones: Iterable[Observed]) -> Waits:
    return Waits(zones=[ZoneWaits(id=o.zone.id, services=[_service(o, s) for s in o.zone.services]) for o in zones])


def places(zones: Iterable[Zone], base_url: str) -> Zones:
    return Zones(zones=[_place(zone, base_url) for zone in zones])


def in_zone(zone: Zone, at_ms: int) -> datetime:
    return local_time(zone, at_ms).replace(microsecond=0)


def _service(observed: Observed, service: str) -> ServiceWaits:
    """Unknown is null: for a service that the state does not tell of, and for all when the state is too old."""
    told = {record["id"]: record for record in observed.state["services"]}.get(service, {})
    record = told if observed.at_ms is not None else {}
    at = {name: _time(observed.zone, record.get(f"{name}_ms")) for name in ("opens", "closes")}
    return ServiceWaits(
        id=service,
        status=Status(record["state"]) if record else None,
        opens_at=at["opens"],
        closes_at=at["closes"],
        waiting=record.get("waiting"),
        serving=record.get("serving"),
        counters_open=record.get("counters_open"),
        wait=_wait(record.get("wait")),
        last_called=record.get("last_called"),
        observed_at=_time(observed.zone, observed.at_ms),
    )


def _wait(record: Json | None) -> Wait | None:
    return Wait(**record) if record else None


def _time(zone: Zone, at_ms: int | None) -> datetime | None:
    return in_zone(zone, at_ms) if at_ms else None


def _place(zone: Zone, base_url: str) -> ZonePlace:
    return ZonePlace(
        id=zone.id,
        name=dict(zone.name),
        site=dict(zone.site),
        time_zone=zone.time_zone.key,
        languages=list(zone.languages),
        url=f"{base_url}/z/{zone.id}",
        services=[ServicePlace(id=s.id, name=dict(s.name), info=dict(s.info)) for s in zone.services.values()],
        counters=[CounterPlace(id=c.id, name=dict(c.name), way=dict(c.way)) for c in zone.counters.values()],
    )

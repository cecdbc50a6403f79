"""What the feed says: pure functions from zones and their public states to the data of its documents."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from public_feed.feed.documents import (
    AddressPlace,
    CounterPlace,
    Kept,
    ServicePlace,
    ServiceRhythm,
    ServiceWaits,
    Status,
    UsualDay,
    UsualWait,
    Wait,
    Waits,
    Weekday,
    ZonePlace,
    ZoneRhythm,
    Zones,
    ZoneWaits,
)
from public_feed.feed.kinds import ROOT
from queue_core.domain.calendar import local_time
from queue_core.domain.model import ServiceId
from queue_core.domain.office import Zone
from queue_core.domain.quality import FEWEST, Quality
from queue_core.domain.rhythm import QUARTER_MIN, Rhythm, Usual

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Observed:
    """A zone's `public` state. `at_ms`: zone time of what it tells; None where it tells nothing reliable any more.
    `quality`: of the last days."""

    zone: Zone
    state: Json
    at_ms: int | None
    quality: Quality | None = None


def waits(zones: Iterable[Observed]) -> Waits:
    return Waits(zones=[_waits(observed) for observed in zones])


def places(zones: Iterable[Zone], base_url: str) -> Zones:
    return Zones(zones=[_place(zone, base_url) for zone in zones])


def usual(zone: Zone, rhythm: Rhythm | None) -> ZoneRhythm:
    """In the order of the office: services and weekdays of which too little is known are left out."""
    if rhythm is None:
        return ZoneRhythm(id=zone.id, until_day=None, services=None)
    services = [ServiceRhythm(id=s, weekdays=days) for s in zone.services if (days := _weekdays(rhythm, s))]
    return ZoneRhythm(id=zone.id, until_day=date.fromisoformat(rhythm.until_day), services=services)


def in_zone(zone: Zone, at_ms: int) -> datetime:
    return local_time(zone, at_ms).replace(microsecond=0)


def _waits(observed: Observed) -> ZoneWaits:
    zone = observed.zone
    services = [_service(observed, service) for service in zone.services]
    return ZoneWaits(id=zone.id, services=services, quality=_kept(observed.quality))


def _kept(quality: Quality | None) -> Kept | None:
    if quality is None or (judged := quality.judged) < FEWEST:
        return None
    return Kept(
        days=quality.days,
        tickets=judged,
        within=quality.within,
        too_short=quality.too_short,
        error_s=round(quality.error_s / judged),
        bias_s=round(quality.bias_s / judged),
    )


def _weekdays(rhythm: Rhythm, service: ServiceId) -> list[UsualDay]:
    week = rhythm.services.get(service, {})
    return [
        UsualDay(weekday=weekday, best=_clock(best), quarters=[_usual(q, u) for q, u in sorted(week[n].items())])
        for n, weekday in enumerate(Weekday)
        if (best := rhythm.best(service, n)) is not None
    ]


def _usual(quarter: int, usual: Usual) -> UsualWait:
    return UsualWait(time=_clock(quarter), days=usual.days, p10_s=usual.p10_s, p50_s=usual.p50_s, p90_s=usual.p90_s)


def _clock(quarter: int) -> str:
    hour, minute = divmod(quarter * QUARTER_MIN, 60)
    return f"{hour:02}:{minute:02}"


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
        address=AddressPlace(**asdict(zone.address)) if zone.address else None,
        time_zone=zone.time_zone.key,
        languages=list(zone.languages),
        url=f"{base_url}/z/{zone.id}",
        rhythm_url=f"{base_url}{ROOT}/zones/{zone.id}/rhythm.json",
        days_url=f"{base_url}{ROOT}/zones/{zone.id}/days.json",
        services=[ServicePlace(id=s.id, name=dict(s.name), info=dict(s.info)) for s in zone.services.values()],
        counters=[CounterPlace(id=c.id, name=dict(c.name), way=dict(c.way)) for c in zone.counters.values()],
    )

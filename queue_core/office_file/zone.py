"""From the tables of a zone's file to the domain's zone."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from queue_core.domain.model import ClassId, CounterId, SeriesId, ServiceId, ZoneId
from queue_core.domain.office import (
    EVERY_SERVICE,
    Appointments,
    CounterPlace,
    DeskWords,
    Rules,
    Service,
    Text,
    Topic,
    VisitorClass,
    Zone,
)
from queue_core.office_file.appointments_table import appointments_of
from queue_core.office_file.devices import ids
from queue_core.office_file.hours_table import hours_of
from queue_core.office_file.remote_table import remote_of
from queue_core.office_file.tables import (
    ChoiceTable,
    ClassTable,
    CounterTable,
    RulesTable,
    ServiceTable,
    SiteTable,
    ZoneFile,
)


def zone_of(file: ZoneFile, site: SiteTable, holidays: Iterable[date]) -> Zone:
    holidays = frozenset(holidays)
    services = {ServiceId(s.id): _service(s, holidays) for s in file.service}
    return Zone(
        id=ZoneId(file.zone.id),
        name=file.zone.name,
        site=site.name,
        services=services,
        counters={CounterId(c.id): _counter(c, services) for c in file.counter},
        series={SeriesId(s.id): s.series for s in file.series},
        classes={ClassId(c.id): _class(c) for c in file.classes},
        hours=hours_of(file.hours, holidays),
        rules=_rules(file.rules),
        appointments=_appointments(file, holidays),
        remote=remote_of(file.remote, holidays) if file.remote else None,
        survey=file.survey.survey if file.survey else None,
        languages=tuple(file.zone.languages or site.languages),
        topics=tuple(Topic(t.id, t.name, tuple(map(ServiceId, t.services))) for t in file.topic),
        desk=DeskWords(_choices(file.outcome), _choices(file.park_reason), _choices(file.pause_reason)),
        **_place(file, site),
    )


def _place(file: ZoneFile, site: SiteTable) -> dict[str, Any]:
    """What the domain has defaults for, or the site says."""
    time_zone = file.zone.time_zone or site.time_zone
    address = file.zone.address or site.address
    found = {
        **({"time_zone": ZoneInfo(time_zone)} if time_zone else {}),
        **({"address": address.address} if address else {}),
        **file.zone.given("day_starts"),
    }
    return found | {f"{kind}s": tuple(ids(file, kind)) for kind in ("kiosk", "display")}


def _appointments(file: ZoneFile, holidays: frozenset[date]) -> Appointments | None:
    return appointments_of(file.appointments, file.classes[0].id, holidays) if file.appointments else None


def _choices(tables: Iterable[ChoiceTable]) -> dict[str, Text]:
    return {table.id: table.name for table in tables}


def _class(table: ClassTable) -> VisitorClass:
    return VisitorClass(ClassId(table.id), table.name, _seconds(table.head_start_minutes))


def _service(table: ServiceTable, holidays: frozenset[date]) -> Service:
    given = table.given("quota", "info")
    if table.visit_minutes is not None:
        given["minutes"] = table.visit_minutes
    return Service(
        id=ServiceId(table.id),
        name=table.name,
        series=SeriesId(table.series),
        hours=hours_of(table.hours, holidays) if table.hours else None,
        head_start_s={ClassId(c): _seconds(minutes) for c, minutes in table.head_start_minutes.items()},
        **given,
    )


def _counter(table: CounterTable, services: Collection[ServiceId]) -> CounterPlace:
    served = services if EVERY_SERVICE in table.services else [ServiceId(s) for s in table.services]
    return CounterPlace(
        id=CounterId(table.id),
        name=table.name,
        services=tuple(served),
        offset_s={ServiceId(s): _seconds(minutes) for s, minutes in table.offset_minutes.items()},
        **table.given("way", "arrow", "floor", "room"),
    )


def _rules(table: RulesTable) -> Rules:
    return Rules(**dict(_in_seconds(table.given(*RulesTable.model_fields))))


def _in_seconds(values: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in values.items():
        if name.endswith("_minutes"):
            yield f"{name.removesuffix('_minutes')}_s", _seconds(value)
        else:
            yield name, value


def _seconds(minutes: float) -> int:
    return round(60 * minutes)

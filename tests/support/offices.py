"""Small offices to test with."""

from collections.abc import Mapping, Sequence
from datetime import time

from queue_core.domain.model import ClassId, CounterId, SeriesId, ServiceId, ZoneId
from queue_core.domain.office import WEEKDAYS, CounterPlace, Hours, Interval, Series, Service, VisitorClass, Zone

PRIORITY_HEAD_START_S = 1200


def office(
    minutes: Mapping[str, float],
    counters: Sequence[Sequence[str]],
    offsets_s: Mapping[str, int] | None = None,
    opens: time | None = None,
    closes: time = time(16, 0),
) -> Zone:
    """A zone with these services and counters `1..n`; always open unless `opens` is given."""
    hours = Hours(week=dict.fromkeys(WEEKDAYS[:5], (Interval(opens, closes),))) if opens else Hours(always=True)
    offset_s = {ServiceId(s): seconds for s, seconds in (offsets_s or {}).items()}
    series = {SeriesId(s): Series(SeriesId(s), s[0].upper()) for s in minutes}
    places = [
        CounterPlace(CounterId(str(n)), {"de": f"Platz {n}"}, tuple(map(ServiceId, services)), offset_s)
        for n, services in enumerate(counters, start=1)
    ]
    return Zone(
        id=ZoneId("hall"),
        name={"de": "Halle"},
        site={"de": "Amt"},
        services={ServiceId(s): Service(ServiceId(s), {"de": s}, SeriesId(s), m) for s, m in minutes.items()},
        counters={place.id: place for place in places},
        series=series,
        classes={
            ClassId("default"): VisitorClass(ClassId("default"), {"de": "Alle"}),
            ClassId("priority"): VisitorClass(ClassId("priority"), {"de": "Vorrang"}, PRIORITY_HEAD_START_S),
        },
        hours=hours,
    )


def town_hall() -> Zone:
    """Eight counters, five services, clerks with different skills."""
    return office(
        {"passport": 14, "residence": 9, "vehicle": 12, "certificate": 5, "advice": 20},
        [
            ("passport", "residence", "certificate"),
            ("passport", "residence", "certificate"),
            ("passport", "residence"),
            ("residence", "certificate"),
            ("vehicle",),
            ("vehicle", "certificate"),
            ("advice",),
            ("residence", "certificate", "vehicle"),
        ],
        opens=time(8, 0),
    )

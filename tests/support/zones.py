"""Small zones for tests."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from queue_core.domain.model import ClassId, CounterId, SeriesId, ServiceId, ZoneId
from queue_core.domain.office import CounterPlace, Hours, Rules, Series, Service, VisitorClass, Zone

NEW, SHORT = ServiceId("new"), ServiceId("short")
ONE, TWO = CounterId("1"), CounterId("2")
NORMAL, PRIORITY, APPOINTMENT = ClassId("normal"), ClassId("priority"), ClassId("appointment")


def text(words: str) -> Mapping[str, str]:
    return {"de": words, "en": words}


def zone(zone_id: str = "hall", **changes: Any) -> Zone:
    """Two services, two counters (the second serves only `short`), three classes, always open."""
    plain = Zone(
        id=ZoneId(zone_id),
        name=text("Hall"),
        site=text("Office"),
        services={
            NEW: Service(NEW, text("New"), SeriesId("a"), minutes=15),
            SHORT: Service(SHORT, text("Short"), SeriesId("c"), minutes=4),
        },
        counters={
            ONE: CounterPlace(ONE, text("Counter 1"), (NEW, SHORT)),
            TWO: CounterPlace(TWO, text("Counter 2"), (SHORT,)),
        },
        series={SeriesId("a"): Series(SeriesId("a"), "A"), SeriesId("c"): Series(SeriesId("c"), "C")},
        classes={
            NORMAL: VisitorClass(NORMAL, text("Everyone")),
            PRIORITY: VisitorClass(PRIORITY, text("Priority"), head_start_s=1200),
            APPOINTMENT: VisitorClass(APPOINTMENT, text("Appointment"), head_start_s=3600),
        },
        hours=Hours(always=True),
        rules=Rules(recall_pause_s=0),
    )
    return replace(plain, **changes)

"""The zones of the scenarios: a plain hall of any size, and the entrance zone of a Jobcenter."""

from collections.abc import Mapping, Sequence
from datetime import time

from queue_core.domain.model import ClassId, CounterId, SeriesId, ServiceId, ZoneId
from queue_core.domain.office import WEEKDAYS, CounterPlace, Hours, Interval, Series, Service, VisitorClass, Zone

_EVERYBODY = ClassId("default")
PRIORITY, APPOINTMENT = ClassId("priority"), ClassId("appointment")
_ENDS = time(16, 0)


def hall(
    name: str,
    minutes: Mapping[str, float],
    counters: Sequence[Sequence[str]],
    classes: Mapping[ClassId, int] | None = None,
    opens: time = time(8, 0),
    closes: time = _ENDS,
    offsets_s: Sequence[Mapping[str, int]] = (),
) -> Zone:
    """Monday to Friday; counters `1..n`; `classes` maps the classes beside the first to their head start in seconds."""
    week = dict.fromkeys(WEEKDAYS[:5], (Interval(opens, closes),))
    offsets = [*offsets_s, *[{}] * (len(counters) - len(offsets_s))]
    places = [
        CounterPlace(CounterId(str(n)), {"en": f"Desk {n}"}, tuple(map(ServiceId, services)), _offset(offset_s))
        for n, (services, offset_s) in enumerate(zip(counters, offsets, strict=True), start=1)
    ]
    starts = {_EVERYBODY: 0, **(classes or {})}
    return Zone(
        id=ZoneId(name),
        name={"en": name},
        site={"en": "simulated"},
        services={ServiceId(s): Service(ServiceId(s), {"en": s}, SeriesId(s), m) for s, m in minutes.items()},
        counters={place.id: place for place in places},
        series={SeriesId(s): Series(SeriesId(s), s[0].upper()) for s in minutes},
        classes={c: VisitorClass(c, {"en": c}, head_start_s) for c, head_start_s in starts.items()},
        hours=Hours(week=week),
    )


def _offset(offset_s: Mapping[str, int]) -> dict[ServiceId, int]:
    return {ServiceId(service): seconds for service, seconds in offset_s.items()}


def jobcenter(name: str) -> Zone:
    """The shape of config/default/eingangszone.toml, on a long day."""
    short, money = ("auskunft", "unterlagen", "termin"), ("neuantrag", "geldleistung")
    return hall(
        name,
        {"auskunft": 4, "unterlagen": 5, "neuantrag": 18, "geldleistung": 10, "vermittlung": 12, "termin": 6},
        [
            short,
            short,
            (*short, "geldleistung"),
            money,
            money,
            (*money, "unterlagen"),
            ("vermittlung",),
            ("vermittlung", "termin"),
            (*money, "vermittlung"),
        ],
        {PRIORITY: 1200, APPOINTMENT: 1800},
        opens=time(8, 0),
        closes=time(17, 0),
        offsets_s=[{}, {}, {"geldleistung": 600}, {}, {}, {"unterlagen": 900}],
    )

"""The week's rhythm: how long people waited at which time of which weekday, from the days that are on record."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from queue_core.domain.calendar import business_day, local_time, opening_ms
from queue_core.domain.model import ServiceId
from queue_core.domain.office import Zone

QUARTER_MIN = 15
QUARTERS_A_DAY = 96
_QUARTER_MS = 60_000 * QUARTER_MIN
_ANY_QUARTER = range(QUARTERS_A_DAY)


def quarter_of(local: datetime) -> int:
    """The quarter of an hour of a local time, 0 (00:00) to 95 (23:45)."""
    return (60 * local.hour + local.minute) // QUARTER_MIN


class Usual(NamedTuple):
    """Of all who drew in this quarter of an hour, over `days` days: the 10, 50 and 90 % points of their waits."""

    days: int
    p10_s: int
    p50_s: int
    p90_s: int


class Best(NamedTuple):
    """A quarter of an hour to come in: its begin, and what is usual then."""

    at_ms: int
    usual: Usual


@dataclass(frozen=True, slots=True)
class DayWaits:
    """What a rhythm is made of: by service and quarter the waits of one day's visitors, in tens of seconds, sorted.
    Quarters count from the midnight at which the business day's date begins; those after the next one are 96 and up.
    `day`: the business day, ISO.
    """

    day: str
    services: Mapping[ServiceId, Mapping[int, tuple[int, ...]]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        services = {s: {str(q): list(waits) for q, waits in day.items()} for s, day in self.services.items()}
        return {"day": self.day, "services": services}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "DayWaits":
        services = {
            ServiceId(s): {int(q): tuple(waits) for q, waits in day.items()} for s, day in record["services"].items()
        }
        return cls(record["day"], services)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`services`: by service, by weekday (0 = Monday), by quarter of the local day (0 = 00:00, 95 = 23:45). Quarters
    without enough days are absent. `until_day` is the last business day on record, ISO."""

    until_day: str = ""
    services: Mapping[ServiceId, Mapping[int, Mapping[int, Usual]]] = field(default_factory=dict)

    def usual(self, service: ServiceId, weekday: int, quarter: int) -> Usual | None:
        return self.services.get(service, {}).get(weekday, {}).get(quarter)

    def best(
        self, service: ServiceId, weekday: int, from_quarter: int = 0, within: Container[int] = _ANY_QUARTER
    ) -> int | None:
        """The quarter, from that one on and among those, with the shortest usual wait; of equal ones the first."""
        week = self.services.get(service, {}).get(weekday, {})
        ahead = [q for q in sorted(week) if q >= from_quarter and q in within]
        return min(ahead, key=lambda q: week[q].p50_s, default=None)

    def best_ahead(self, zone: Zone, service: ServiceId, now_ms: int) -> Best | None:
        """The best quarter of the business day that begins at `now_ms` or later, while the service is open."""
        ahead = [Best(at_ms, usual) for at_ms, usual in self._open_quarters(zone, service, now_ms) if at_ms >= now_ms]
        return min(ahead, key=lambda best: best.usual.p50_s, default=None)

    def _open_quarters(self, zone: Zone, service: ServiceId, now_ms: int) -> Iterator[tuple[int, Usual]]:
        """In order. Real time goes on evenly while the clocks change, and so do these."""
        for opens, closes in opening_ms(zone, zone.hours_of(service), business_day(zone, now_ms)):
            for at_ms in range(-(-opens // _QUARTER_MS) * _QUARTER_MS, closes, _QUARTER_MS):
                local = local_time(zone, at_ms)
                if usual := self.usual(service, local.weekday(), quarter_of(local)):
                    yield at_ms, usual

    def to_json(self) -> dict[str, Any]:
        return {
            "until_day": self.until_day,
            "services": {
                service: {
                    str(weekday): {str(q): list(usual) for q, usual in quarters.items()}
                    for weekday, quarters in week.items()
                }
                for service, week in self.services.items()
            },
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Rhythm":
        return cls(
            until_day=record["until_day"],
            services={
                ServiceId(service): {
                    int(d): {int(q): Usual(*usual) for q, usual in quarters.items()} for d, quarters in week.items()
                }
                for service, week in record["services"].items()
            },
        )

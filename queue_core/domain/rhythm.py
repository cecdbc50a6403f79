"""The week's rhythm: how long people waited at which time of which weekday, from the days that are on record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from queue_core.domain.model import ServiceId


class Usual(NamedTuple):
    """Of all who drew in this quarter of an hour, over `days` days: the 10, 50 and 90 % points of their waits."""

    days: int
    p10_s: int
    p50_s: int
    p90_s: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`services`: by service, by weekday (0 = Monday), by quarter of the local day (0 = 00:00, 95 = 23:45). Quarters
    without enough days are absent. `until_day` is the last business day on record, ISO."""

    until_day: str = ""
    services: Mapping[ServiceId, Mapping[int, Mapping[int, Usual]]] = field(default_factory=dict)

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

"""Whether services are within their opening hours, and until or from when."""

from collections.abc import Mapping
from dataclasses import dataclass

from queue_core.domain.calendar import business_day, closing_ms, next_opening_ms, opening_ms
from queue_core.domain.model import ServiceId
from queue_core.domain.office import Zone


@dataclass(frozen=True, slots=True)
class Opening:
    """`closes_ms` only while open and with an end, `opens_ms` only while closed and with a next time."""

    is_open: bool
    closes_ms: int | None = None
    opens_ms: int | None = None


class Timetable:
    """A zone's openings, worked out anew only when an edge has passed or the configuration is another one.

    `until_ms`: what `at` answered last holds until then.
    """

    def __init__(self) -> None:
        self._zone: Zone | None = None
        self._from_ms = self.until_ms = 0
        self._openings: Mapping[ServiceId, Opening] = {}

    def at(self, zone: Zone, now_ms: int) -> Mapping[ServiceId, Opening]:
        if zone is not self._zone or not self._from_ms <= now_ms < self.until_ms:
            self._openings = openings(zone, now_ms)
            edges = (e for o in self._openings.values() for e in (o.closes_ms, o.opens_ms) if e)
            self._zone, self._from_ms = zone, now_ms
            self.until_ms = min([business_day(zone, now_ms).to_ms, *edges])
        return self._openings


def openings(zone: Zone, now_ms: int) -> dict[ServiceId, Opening]:
    return {service: _opening(zone, service, now_ms) for service in zone.services}


def _opening(zone: Zone, service: ServiceId, now_ms: int) -> Opening:
    hours = zone.hours_of(service)
    today = opening_ms(zone, hours, business_day(zone, now_ms))
    if any(opens <= now_ms < closes for opens, closes in today):
        return Opening(True, closes_ms=closing_ms(zone, hours, now_ms))
    return Opening(False, opens_ms=next_opening_ms(zone, hours, now_ms))

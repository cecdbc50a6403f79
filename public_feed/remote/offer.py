"""What a zone offers to whoever draws from elsewhere, at one moment. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from queue_core.domain.calendar import business_day, opening_ms
from queue_core.domain.model import ServiceId
from queue_core.domain.office import Remote, Zone
from queue_core.web.problems import not_found


@dataclass(frozen=True, slots=True)
class Offer:
    zone: Zone
    rules: Remote
    now_ms: int

    @property
    def services(self) -> tuple[ServiceId, ...]:
        return self.rules.services or tuple(self.zone.services)

    @property
    def is_open(self) -> bool:
        """By the hours of drawing from elsewhere; each service has its own beside."""
        if self.rules.hours is None:
            return True
        intervals = opening_ms(self.zone, self.rules.hours, business_day(self.zone, self.now_ms))
        return any(opens <= self.now_ms < closes for opens, closes in intervals)

    def is_too_short(self, service: Mapping[str, Any]) -> bool:
        """Whether the wait is too short to draw before one comes; an unknown wait is not."""
        wait = service["wait"]
        return bool(wait) and wait["p50_s"] < self.rules.shortest_wait_s


def offer_of(zone: Zone, now_ms: int) -> Offer:
    """Raises `Problem` 404 where a zone gives no numbers from elsewhere."""
    if zone.remote is None:
        raise not_found()
    return Offer(zone, zone.remote, now_ms)

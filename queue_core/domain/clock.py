"""A zone's clock: zone time runs at a rate from an origin, so that a demo day can pass in an hour."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ZoneClock:
    """zone time = zone_ms + rate x (real time - real_ms). Rate 0 stands still (tests and simulation set it by hand)."""

    zone_ms: int
    real_ms: int
    rate: float = 1.0

    def at(self, real_ms: int) -> int:
        return int(self.zone_ms + self.rate * (real_ms - self.real_ms))


REAL_TIME = ZoneClock(0, 0)

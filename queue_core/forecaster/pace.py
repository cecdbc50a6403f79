"""How often a zone is forecast."""

from dataclasses import dataclass

#: Forecasting one zone takes at most this share of a core.
SHARE_OF_ZONE = 0.05


@dataclass(frozen=True, slots=True)
class Pace:
    """At most one forecast in `pause_s`, at least one in `idle_s`; a lease ends `lease_s` after the last one."""

    pause_s: float
    idle_s: float
    lease_s: float

    @property
    def retry_s(self) -> float:
        return min(self.idle_s, self.lease_s / 3)

    def pause_after_s(self, cost_s: float) -> float:
        """The least pause after a forecast that took so much of a core; the lease must not end within it."""
        return min(self.idle_s, self.lease_s / 2, max(self.pause_s, cost_s / SHARE_OF_ZONE))

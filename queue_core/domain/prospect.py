"""When those are called who have not come yet: by the time at which they are expected, where somebody knows."""

from typing import NamedTuple, Self

from queue_core.domain.model import Booking, ClassId, ServiceId


class Slot(NamedTuple):
    """When somebody is expected by appointment, and for what. No code: whose it is, is not told on."""

    service: ServiceId
    visitor_class: ClassId
    slot_ms: int

    @classmethod
    def of(cls, booking: Booking) -> Self:
        return cls(booking.service, booking.visitor_class, booking.slot_ms)


class CallTimes(NamedTuple):
    """Between which times the call comes of somebody who is in time: in 8 of 10 cases from `p10_ms` to `p90_ms`."""

    p10_ms: int
    p50_ms: int
    p90_ms: int

    def wait(self, now_ms: int) -> dict[str, int]:
        """The same in seconds from now on, as waits are told; the bounds are rounded outwards."""
        low_ms, middle_ms, high_ms = (max(0, at_ms - now_ms) for at_ms in self)
        return {"p10_s": low_ms // 1000, "p50_s": (middle_ms + 500) // 1000, "p90_s": -(-high_ms // 1000)}

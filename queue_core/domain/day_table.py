"""An ended day in figures, for everybody: by service and time of day, never of fewer than a handful of visits."""

from dataclasses import dataclass

from queue_core.domain.model import ServiceId


@dataclass(frozen=True, slots=True)
class DayLine:
    """Of all who drew for the service from `from_ms` to before `to_ms`, both on a quarter of an hour. `p50_s`, `p90_s`:
    waits of those who were called; None where they are too few. `counters_open`: that served it, on average over the
    time; None where counters are not on record."""

    service: ServiceId
    from_ms: int
    to_ms: int
    issued: int
    called: int
    no_shows: int
    p50_s: int | None
    p90_s: int | None
    counters_open: float | None


@dataclass(frozen=True, slots=True)
class DayTable:
    """`day`: the business day, ISO. Lines in order of service and time."""

    day: str
    lines: tuple[DayLine, ...] = ()

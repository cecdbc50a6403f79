"""How a wait is told: ranges, never points; one rule for every page, for paper and for speech.

p10 is rounded down and p90 up, by 5 minutes and above an hour by 15, then with the clock time beside it. Nobody is
promised a minute: short waits are "a few minutes", ranges wider than an hour keep only their lower end. The same rule
for live updates is `static/js/ranges.js`; a test holds the two together. Placeholders are those of `str.format`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_MINUTE_MS = 60_000
_STEP_MIN = 5
_LONG_STEP_MIN = 15
_LONG_MIN = 60
_WIDEST_MIN = 60

Json = Mapping[str, Any]


class Told(StrEnum):
    """The kinds of sentence that a wait is told in; from UNKNOWN on, those without a range."""

    SOON = "soon"
    UP_TO = "up_to"
    BETWEEN = "between"
    BETWEEN_TIMES = "between_times"
    MORE_THAN = "more_than"
    UNKNOWN = "unknown"
    NO_COUNTER_OPEN = "no_counter_open"
    SERVICE_CLOSED = "service_closed"
    FULL = "full"
    OPENS = "opens"
    OUTSIDE_HOURS = "outside_hours"


@dataclass(frozen=True, slots=True)
class Telling:
    """`low` and `high` in minutes. `from_ms` and `to_ms`: the same as times, where they are told; OPENS has from_ms."""

    told: Told
    low: int = 0
    high: int = 0
    from_ms: int = 0
    to_ms: int = 0


def tell(wait: Json | None, now_ms: int, reason: str | None = None) -> Telling:
    """`wait` is {p10_s, p90_s, ...} from now on; without it `reason` says why."""
    if wait is None:
        return Telling(Told(reason) if reason in set(Told) else Told.UNKNOWN)
    low, high = _down(wait["p10_s"] / 60), _up(wait["p90_s"] / 60)
    if high <= _STEP_MIN:
        return Telling(Told.SOON)
    if low == 0:
        return Telling(Told.UP_TO, 0, high)
    if high - low > _WIDEST_MIN:
        return Telling(Told.MORE_THAN, low)
    high = max(high, low + _step(low))
    if high <= _LONG_MIN:
        return Telling(Told.BETWEEN, low, high)
    step_ms = _STEP_MIN * _MINUTE_MS
    from_ms = (now_ms + low * _MINUTE_MS) // step_ms * step_ms
    to_ms = -(-(now_ms + high * _MINUTE_MS) // step_ms) * step_ms
    return Telling(Told.BETWEEN_TIMES, low, high, from_ms, to_ms)


_STATES = {"stopped": Told.SERVICE_CLOSED, "full": Told.FULL}


def tell_service(service: Json, now_ms: int) -> Telling:
    """What a newcomer should know first; `service` is a record of the views `waits` and `public`."""
    if service["state"] == "closed":
        return Telling(Told.OPENS, from_ms=service["opens_ms"]) if service["opens_ms"] else Telling(Told.OUTSIDE_HOURS)
    if service["state"] in _STATES:
        return Telling(_STATES[service["state"]])
    return tell(service["wait"], now_ms, service["reason"])


def closes_before(service: Json, now_ms: int) -> bool:
    """Whether the wait may last longer than the service is open."""
    wait, closes_ms = service["wait"], service["closes_ms"]
    return bool(service["open"] and wait and closes_ms) and now_ms + 1000 * wait["p90_s"] > closes_ms


@dataclass(frozen=True, slots=True)
class Openness:
    """Of a whole zone: open (until `closes_ms`, if ever), stopped for today, or closed (until `opens_ms`)."""

    state: str
    closes_ms: int | None = None
    opens_ms: int | None = None


def openness(services: Sequence[Json]) -> Openness:
    if within := [s for s in services if s["open"]]:
        ends = [s["closes_ms"] for s in within]
        return Openness("open", closes_ms=None if None in ends else max(ends))
    if any(s["state"] in _STATES for s in services):
        return Openness("stopped")
    return Openness("closed", opens_ms=min((s["opens_ms"] for s in services if s["opens_ms"]), default=None))


def _step(minutes: float) -> int:
    return _LONG_STEP_MIN if minutes > _LONG_MIN else _STEP_MIN


def _down(minutes: float) -> int:
    return int(minutes // _step(minutes)) * _step(minutes)


def _up(minutes: float) -> int:
    return int(-(-minutes // _step(minutes))) * _step(minutes)

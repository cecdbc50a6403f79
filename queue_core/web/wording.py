"""What a page tells of services and zones first: the wait, or why there is none.

What of a range is told is decided in `queue_core.domain.telling`. The same rules for live updates are
`static/js/ranges.js`; a test holds the two together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from queue_core.domain.telling import Telling, Told, tell

Json = Mapping[str, Any]

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

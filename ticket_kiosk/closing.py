"""Near the end of service: whether somebody who draws now will still be called. The browser has the same rule for its
live waits (static/closing.js)."""

from collections.abc import Mapping
from typing import Any

from queue_core.domain.calendar import iso
from queue_core.domain.devices import NearClosing
from queue_core.domain.model import ServiceId
from queue_core.domain.office import Zone
from queue_core.web.problems import Problem


def is_too_late(service: Mapping[str, Any], now_ms: int) -> bool:
    """Whether the call is expected behind the end of service; `service` is a record of the view `waits`."""
    wait, closes_ms = service["wait"], service["closes_ms"]
    return bool(service["open"] and wait and closes_ms) and now_ms + 1000 * wait["p50_s"] > closes_ms


def stops(rule: NearClosing, service: Mapping[str, Any], now_ms: int) -> bool:
    """Whether a kiosk with this rule gives out no more numbers for the service."""
    return rule is NearClosing.STOP and is_too_late(service, now_ms)


def too_late(zone: Zone, service: ServiceId, closes_ms: int) -> Problem:
    detail = "Whoever draws now would be called only after the end of service; `closes` says when that is."
    return Problem(409, "near_closing", detail, service=service, closes=iso(zone, closes_ms))

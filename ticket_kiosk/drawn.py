"""A drawn ticket as the kiosk shows it: number, wait, and the way to one's own page as a QR code. Pure."""

from typing import Any

from queue_core.domain.events import EventType
from queue_core.domain.model import ServiceId, TicketId
from queue_core.domain.outcome import Outcome
from queue_core.domain.views.scene import Outlook
from queue_core.web.qr import qr_picture

_QUIET_MODULES = 2


def drawn(outcome: Outcome, outlook: Outlook | None, url: str) -> dict[str, Any]:
    """`wait` is what the issued event keeps, so that a repeated draw shows the same; `ahead` may be unknown."""
    issued = next(event for event in outcome.events if event.type is EventType.ISSUED).data
    service, ticket = ServiceId(issued["service"]), TicketId(issued["ticket"])
    ahead = outlook.ahead if outlook else {}
    reason = outlook.reasons.get(service) if outlook else None
    return {
        "number": issued["number"],
        "service": service,
        "further": issued.get("further", []),
        "issued_ms": issued["issued_ms"],
        "wait": issued.get("estimate"),
        "reason": reason and reason.value,
        "ahead": ahead.get(ticket, ahead.get(service)),
        "not_before_ms": issued.get("not_before_ms", 0),
        "url": url,
        "qr": qr_picture(url, _QUIET_MODULES),
    }

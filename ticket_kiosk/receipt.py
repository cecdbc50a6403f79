"""A ticket's paper: its lines, from what the kiosk was told and the words of one language. Pure.

The kiosk's page prints them; whatever else prints renders the same lines.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from gettext import NullTranslations
from typing import Any

from queue_core.domain.office import Zone
from queue_core.domain.telling import tell
from queue_core.web.teller import Teller
from queue_core.web.words import said


class Size(StrEnum):
    """How large a line is set; the text of CODE is the address that a QR code carries."""

    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"
    HUGE = "huge"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Line:
    size: Size
    text: str


def receipt(ticket: Mapping[str, Any], zone: Zone, words: NullTranslations, language: str) -> tuple[Line, ...]:
    """`ticket` as `drawn` tells it; `words` are the kiosk's. What is not known is left out, but for the wait."""
    lines = _lines(ticket, zone, words.gettext, Teller(words, language), language)
    return tuple(line for line in lines if line.text)


def _lines(ticket: Mapping[str, Any], zone: Zone, _: Any, say: Teller, language: str) -> Iterator[Line]:
    at_ms, time_zone = ticket["issued_ms"], zone.time_zone.key
    time = say.clock(at_ms, time_zone)
    yield Line(Size.NORMAL, said(zone.site, language))
    yield Line(Size.SMALL, said(zone.name, language))
    yield Line(Size.SMALL, _("Your number"))
    yield Line(Size.HUGE, ticket["number"])
    yield Line(Size.LARGE, said(zone.services[ticket["service"]].name, language))
    yield Line(Size.SMALL, _("Drawn on {date} at {time}").format(date=say.date(at_ms, time_zone), time=time))
    yield Line(Size.LARGE, say.position(ticket, at_ms))
    yield Line(Size.SMALL, _("Wait until the call"))
    yield Line(Size.LARGE, say.wait(ticket, at_ms, time_zone))
    if tell(ticket["wait"], at_ms).is_range:
        yield Line(Size.SMALL, _("Estimated at {time}. It may change.").format(time=time))
    yield Line(Size.CODE, ticket["url"])
    yield Line(Size.SMALL, _("Scan the code: it shows your position, and tells you when to come."))
    yield Line(Size.SMALL, _("Please keep this number. The display calls it and shows the counter."))

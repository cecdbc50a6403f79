"""A ticket's paper: its lines, from what the kiosk was told and the words of one language. Pure.

The kiosk's page prints them where nothing better does; `ticket_kiosk.paper` makes them a picture.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from gettext import NullTranslations
from typing import Any

from queue_core.domain.devices import PrinterPlace
from queue_core.domain.model import ServiceId, TicketState
from queue_core.domain.office import Text, Zone
from queue_core.domain.telling import tell
from queue_core.web.teller import Teller
from queue_core.web.words import direction, said

_NOTHING: Text = {}
_TURKISH = "tr"
#: Turkish keeps the dot of its i.
_DOTTED = str.maketrans("i", "İ")


class Size(StrEnum):
    """How large a line is set. MARK stands out from all others; RULE is a line without words; the text of CODE is the
    address that a QR code carries."""

    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"
    HUGE = "huge"
    MARK = "mark"
    RULE = "rule"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Line:
    """`language` is empty where the text has none, as numbers; `rtl`: it is read from right to left."""

    size: Size
    text: str
    language: str = ""
    rtl: bool = False


def line_of(record: Mapping[str, Any]) -> Line:
    """A line as JSON has it."""
    return Line(Size(record["size"]), record["text"], record["language"], record["rtl"])


def begun(text: str, language: str) -> str:
    """Words that elsewhere stand beside others, as a line of their own begins."""
    first = text[:1].translate(_DOTTED) if language == _TURKISH else text[:1]
    return first.upper() + text[1:]


def receipt(
    ticket: Mapping[str, Any],
    zone: Zone,
    words: NullTranslations,
    language: str,
    printer: PrinterPlace | None = None,
    copy: bool = False,
) -> tuple[Line, ...]:
    """`ticket` as `drawn` tells it, `words` are the kiosk's. Of a ticket with `emergency` nobody knows a wait, and it
    has no page; `further` are services after the first; `told_ms` is when the wait was estimated, `state` the ticket's
    then, if not at issue. What is not known is left out, but for the wait. A `copy` is marked, so that two papers of
    one number are never two numbers."""
    head, foot = (printer.head, printer.foot) if printer else (_NOTHING, _NOTHING)
    paper = _Paper(ticket, zone, words.gettext, Teller(words, language), language)
    lines = [
        *paper.head(head, copy),
        *paper.number(),
        *(paper.emergency() if ticket.get("emergency") else paper.outlook()),
        *paper.code(),
        *paper.foot(foot),
    ]
    return tuple(line for line in lines if line.text or line.size is Size.RULE)


@dataclass(frozen=True, slots=True)
class _Paper:
    ticket: Mapping[str, Any]
    zone: Zone
    _: Callable[[str], str]
    say: Teller
    language: str

    def head(self, text: Text, copy: bool) -> Iterator[Line]:
        yield self._line(Size.NORMAL, said(text, self.language))
        yield self._line(Size.NORMAL, said(self.zone.site, self.language))
        yield self._line(Size.SMALL, said(self.zone.name, self.language))
        if copy:
            yield self._line(Size.MARK, self._("Copy"))
        yield Line(Size.RULE, "")

    def number(self) -> Iterator[Line]:
        _, ticket = self._, self.ticket
        date = self.say.date(ticket["issued_ms"], self._time_zone)
        time = self.say.clock(ticket["issued_ms"], self._time_zone)
        yield self._line(Size.SMALL, _("Your number"))
        yield Line(Size.HUGE, ticket["number"])
        yield self._line(Size.LARGE, self._service(ticket["service"]))
        for service in filter(None, map(self._service, ticket.get("further", ()))):
            yield self._sentence(Size.NORMAL, _("then: {service}").format(service=service))
        if slot_ms := ticket.get("slot_ms"):
            slot = self.say.moment(slot_ms, ticket["issued_ms"], self._time_zone)
            yield self._line(Size.NORMAL, _("Your appointment: {time}.").format(time=slot))
        yield self._line(Size.SMALL, _("Drawn on {date} at {time}").format(date=date, time=time))
        yield Line(Size.RULE, "")

    def outlook(self) -> Iterator[Line]:
        _, say, ticket = self._, self.say, self.ticket
        if ticket.get("state", TicketState.WAITING) != TicketState.WAITING:
            return
        at_ms = ticket.get("told_ms", ticket["issued_ms"])
        yield self._sentence(Size.LARGE, say.position(ticket, at_ms))
        yield self._line(Size.SMALL, _("Wait until the call"))
        yield self._sentence(Size.LARGE, say.wait(ticket, at_ms, self._time_zone))
        if tell(ticket["wait"], at_ms).is_range:
            time = say.clock(at_ms, self._time_zone)
            yield self._line(Size.SMALL, _("Estimated at {time}. It may change.").format(time=time))
        yield Line(Size.RULE, "")

    def code(self) -> Iterator[Line]:
        if self.ticket["url"]:
            yield Line(Size.CODE, self.ticket["url"])
            scan = self._("Scan the code: it shows your position, and tells you when to come.")
            yield self._line(Size.SMALL, scan)

    def emergency(self) -> Iterator[Line]:
        _ = self._
        yield self._line(Size.NORMAL, _("Your number is valid, and your place in the queue is kept."))
        yield self._line(Size.SMALL, _("The waiting system does not answer right now: nobody can tell the wait."))
        yield Line(Size.RULE, "")

    def foot(self, text: Text) -> Iterator[Line]:
        keep = self._("Please keep this number. The display calls it and shows the counter.")
        yield self._line(Size.SMALL, keep)
        yield self._line(Size.NORMAL, said(text, self.language))

    @property
    def _time_zone(self) -> str:
        return self.zone.time_zone.key

    def _service(self, service: str) -> str:
        known = self.zone.services.get(ServiceId(service))
        return said(known.name, self.language) if known else ""

    def _sentence(self, size: Size, text: str) -> Line:
        return self._line(size, begun(text, self.language))

    def _line(self, size: Size, text: str) -> Line:
        return Line(size, text, self.language, direction(self.language) == "rtl")

"""What a printer is to whoever prints: its state, and one ticket at a time with the printer's own word on it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from PIL.Image import Image


class Paper(StrEnum):
    OK = "ok"
    LOW = "low"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PrinterState:
    """What the printer says, now. Whoever does not answer is not online, and nothing else is known of it."""

    online: bool = False
    paper: Paper = Paper.UNKNOWN
    cover_open: bool = False
    fault: str = ""

    @property
    def ready(self) -> bool:
        """A ticket sent now will be printed."""
        return self.online and not self.cover_open and not self.fault and self.paper in (Paper.OK, Paper.LOW)


class Printed(StrEnum):
    """PRINTED: the printer said so after the cut. REFUSED: nothing was sent, nothing is in anybody's hand; it may be
    sent again. UNKNOWN: sent in part or whole, and never confirmed; only a person can tell."""

    PRINTED = "printed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Printer(Protocol):
    """Blocking, for a thread of its own; never longer than some seconds, and never raises for what a printer does."""

    @property
    def said(self) -> PrinterState:
        """Its last word, also from within a ticket; nobody is asked."""

    def state(self) -> PrinterState: ...

    def print(self, picture: Image, after_half: bool = False) -> Printed:
        """One ticket, cut off; `picture` is one bit deep and as wide as the paper. `after_half`: a part of another one
        may hang out, and is cut off first."""

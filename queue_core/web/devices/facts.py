"""What a device may say of itself. An unknown fact is refused: a page and a server that differ should notice."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from queue_core.domain.attendance import Audio, DeviceKind

_ZONES_MOST = 20
_DONE_MOST = 100
_MEDIA_MOST = 100
_COUNT_MOST = 1_000_000
_SEQ_MOST = 2**53


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be printable")
    return text


Word = Annotated[str, StringConstraints(max_length=64), AfterValidator(_printable)]
Told = Annotated[str, StringConstraints(max_length=200), AfterValidator(_printable)]
Address = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_printable)]
Counted = Annotated[int, Field(ge=0, le=_COUNT_MOST)]
Seq = Annotated[int, Field(ge=0, le=_SEQ_MOST)]
Health = Literal["live", "stale", "dead"] | None


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Facts(Said):
    clock_ms: Annotated[int, Field(ge=0, le=_SEQ_MOST)] | None = None


class DisplayFacts(Facts):
    """`rendered`: zone -> epoch and seq of what the screen shows. `reach_m`: from how far its last call can be read.
    `broken_media`: addresses that could not be shown lately."""

    audio: Annotated[Audio, Field(strict=False)] | None = None
    health: Health = None
    rendered: Annotated[
        dict[Word, Annotated[list[Seq], Field(min_length=2, max_length=2)]], Field(max_length=_ZONES_MOST)
    ] = Field(default_factory=dict)
    volume: Annotated[int, Field(ge=0, le=100)] | None = None
    reach_m: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] | None = None
    is_dark: bool = False
    broken_media: Annotated[list[Address], Field(max_length=_MEDIA_MOST)] = Field(default_factory=list)


class KioskFacts(Facts):
    """`health`: `without` gives out numbers without waits, `away` none."""

    screen: Word | None = None
    health: Literal["live", "without", "away"] | None = None
    language: Word | None = None


class PrinterFacts(Said):
    online: bool
    paper: Literal["ok", "low", "out", "unknown"] = "unknown"
    cover_open: bool = False
    fault: Told = ""


class JournalFacts(Said):
    """`refused`: numbers given out in an outage that the server did not take; staff must know of those visitors."""

    printing: Counted = 0
    unknown: Counted = 0
    refused: Counted = 0


class AgentFacts(Facts):
    printer: PrinterFacts | None = None
    server: Literal["up", "away"] | None = None
    journal: JournalFacts | None = None
    emergency_left: Counted | None = None


class Reported(Said):
    """`done`: ids of the commands that were executed since the last report that was answered."""

    build: Word = ""
    done: Annotated[list[Word], Field(max_length=_DONE_MOST)] = Field(default_factory=list)


class DisplayReport(Reported):
    facts: DisplayFacts = Field(default_factory=DisplayFacts)


class KioskReport(Reported):
    facts: KioskFacts = Field(default_factory=KioskFacts)


class AgentReport(Reported):
    facts: AgentFacts = Field(default_factory=AgentFacts)


AnyReport = DisplayReport | KioskReport | AgentReport

REPORTS: Mapping[DeviceKind, type[AnyReport]] = {
    DeviceKind.DISPLAY: DisplayReport,
    DeviceKind.KIOSK: KioskReport,
    DeviceKind.AGENT: AgentReport,
}


def facts_of(report: AnyReport) -> dict[str, Any]:
    """Only what was said."""
    return report.facts.model_dump(mode="json", exclude_unset=True)

"""What the API's commands may be given. Unknown fields are refused; types are not guessed."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from queue_core.domain.model import Current, ReturnMode

_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
NUMBERS_LENT_MOST = 500
#: More is no visit but a mistake.
SERVICES_A_VISIT_MOST = 10
SERVICES_OF_A_COUNTER_MOST = 200
FIRST_YEAR, LAST_YEAR = 2000, 2199
RETURN_AFTER_MOST_S = 24 * 3600

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_PRINTABLE)]
Note = Annotated[
    str,
    StringConstraints(max_length=200, pattern=_PRINTABLE),
    Field(description="A note without anything personal; it is kept in the log."),
]


def _of_our_time(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR} is wanted")
    return moment


Moment = Annotated[
    AwareDatetime, Field(strict=False, description="ISO 8601 with an offset."), AfterValidator(_of_our_time)
]


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Nothing(Request):
    """No fields."""


class DrawTicket(Request):
    service: Id
    visitor_class: Id | None = Field(default=None, description="The zone's first class without it.")
    further: list[Id] = Field(
        default_factory=list,
        max_length=SERVICES_A_VISIT_MOST - 1,
        description="Services that the same visit goes on to, in this order.",
    )
    lent_number: int | None = Field(
        default=None, ge=1, le=99_999, description="A number of a block lent before, given out while offline."
    )
    claimed_at: Moment | None = Field(default=None, description="When the lent number was given out.")
    lent_series: Id | None = Field(default=None, description="The lent number's series, if not the service's own.")
    outage_at: Moment | None = Field(default=None, description="When the outage began: the claim is not older.")

    @model_validator(mode="after")
    def _together(self) -> Self:
        if (self.lent_number is None) != (self.claimed_at is None):
            raise ValueError("lent_number and claimed_at go together")
        if self.lent_number is None and (self.lent_series or self.outage_at):
            raise ValueError("lent_series and outage_at belong to a lent_number")
        return self


class TransferTicket(Request):
    service: Id | None = None
    counter: Id | None = Field(default=None, description="Only this counter may call it, until it closes.")
    by_counter: Id | None = Field(default=None, description="The counter that sends it on.")
    reason: Note = ""

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.service is None and self.counter is None:
            raise ValueError("name a service, a counter, or both")
        return self


class AddServiceToVisit(Request):
    service: Id


class ReturnTicket(Request):
    mode: Annotated[ReturnMode, Field(strict=False)] = ReturnMode.END
    after_s: int | None = Field(
        default=None, ge=1, le=RETURN_AFTER_MOST_S, description="With mode `after`; the zone's own time without it."
    )


class CallTicketAt(Request):
    counter: Id


class OpenCounterFor(Request):
    services: list[Id] = Field(
        default_factory=list,
        max_length=SERVICES_OF_A_COUNTER_MOST,
        description="Of the counter's services, those served until it closes. Without: as before a pause, else all.",
    )


class ServeVisitor(Request):
    service: Id
    visitor_class: Id | None = Field(default=None, description="The zone's first class without it.")


class AtCounter(Request):
    """What is done to the visit at a counter."""

    meant: Id | None = Field(
        default=None, description="The ticket that the counter should hold: where it holds another, nothing is done."
    )


class UndoMove(Request):
    meant: Id | None = Field(
        default=None, description="A ticket that the last move was about: where it was about others, nothing is done."
    )


class CallNextTicket(AtCounter):
    current: Annotated[Current | None, Field(strict=False)] = Field(
        default=None, description="What becomes of the ticket that the counter still holds."
    )


class FinishVisit(AtCounter):
    outcome: Note = ""


class WithReason(Request):
    reason: Note = ""


class ParkVisit(AtCounter):
    reason: Note = ""


class BookSlot(Request):
    booking: Id | None = Field(default=None, description="The appointment system's own id; one is made without it.")
    service: Id
    visitor_class: Id | None = None
    slot_at: Moment
    only_free: bool = Field(default=False, description="Only where a place is free; else whatever is booked then.")


class MoveSlot(Request):
    slot_at: Moment
    only_free: bool = Field(default=False, description="Only where a place is free; else whatever is booked then.")


class HoldTime(Request):
    service: Id
    slot_at: Moment


class MoveTime(Request):
    slot_at: Moment


class BlockSpan(Request):
    from_at: Moment
    to_at: Moment
    services: list[Id] = Field(
        default_factory=list, max_length=SERVICES_OF_A_COUNTER_MOST, description="Only of these; of all without."
    )
    reason: Note = ""

    @model_validator(mode="after")
    def _a_span(self) -> Self:
        if self.from_at >= self.to_at:
            raise ValueError("to_at lies after from_at")
        return self


class UnblockSpan(Request):
    block: Id


class ReserveBlock(Request):
    series: Id
    count: int = Field(ge=1, le=NUMBERS_LENT_MOST)


def epoch_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)

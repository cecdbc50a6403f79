"""The states of the views, as documented; tests hold every frame of a real stream against these models.

Fields may be added: who reads a state ignores what it does not know.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from queue_core.domain.model import CounterState, TicketState
from queue_core.domain.office import Arrow
from queue_core.domain.views.records import ServiceState
from queue_core.domain.views.view import View

Words = dict[str, str]


class Record(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Range(Record):
    """Seconds: of 100 people 10, 50 and 90 are called by then. `method`: which estimator said so."""

    p10_s: int
    p50_s: int
    p90_s: int
    method: str


class ServiceWaits(Record):
    """Times in zone time. `ahead`: people who would be called before who draws now. `reason`: why there is no wait."""

    id: str
    name: Words
    state: ServiceState
    open: bool
    opens_ms: int | None
    closes_ms: int | None
    waiting: int
    counters_open: int
    ahead: int | None
    wait: Range | None
    reason: str | None


class ServiceTraffic(ServiceWaits):
    serving: int
    last_called: str | None


class Counter(Record):
    id: str
    name: Words
    way: Words
    state: CounterState
    number: str | None = Field(description="The number at the counter now.")


class Call(Record):
    id: str
    number: str


class CallLine(Call):
    """`current`: the visitor is still expected at that counter."""

    service: str
    counter: str
    at_ms: int
    recalls: int
    current: bool


class DeskTicket(Record):
    """0, "" or [] for not yet, or none. `further`: ids of services still to come."""

    id: str
    number: str
    service: str
    visitor_class: str
    state: TicketState
    ordinal: int
    issued_ms: int
    arrival_ms: int
    rank_ms: int
    not_before_ms: int
    pin: str
    counter: str
    called_ms: int
    started_ms: int
    recalls: int
    recalled_ms: int
    reason: str
    booking: str
    slot_ms: int
    delays: int
    confirm_by_ms: int
    further: list[str]


class Undo(Record):
    type: str
    ticket: str
    number: str
    until_ms: int


class DeskCounter(Counter):
    """`services`: ids of what it calls now; `skills`: of all that it may serve."""

    services: list[str]
    skills: list[str]
    since_ms: int
    reason: str
    ticket: DeskTicket | None
    undo: Undo | None


class Expected(Record):
    """So many visitors with an appointment are expected then."""

    id: str
    slot_ms: int
    service: str
    visitor_class: str
    count: int


class Named(Record):
    id: str
    name: Words


class Estimates(Record):
    method: str | None
    as_of_ms: int


class Place(Record):
    """`day`: the business day, ISO."""

    zone: str
    name: Words
    site: Words
    time_zone: str
    day: str


class WaitsState(Place):
    services: list[ServiceWaits]


class PublicState(Place):
    """`totals`: tickets of today, issued and by state."""

    services: list[ServiceTraffic]
    counters: list[Counter]
    calls: list[Call]
    totals: dict[str, int]


class LobbyState(Place):
    services: list[ServiceTraffic]
    counters: list[Counter]
    calls: list[CallLine]


class DeskState(Place):
    """`rules`: the zone's, as configured."""

    rules: dict[str, Any]
    classes: list[Named]
    services: list[ServiceTraffic]
    counters: list[DeskCounter]
    tickets: list[DeskTicket]
    bookings: list[Expected]
    calls: list[CallLine]
    totals: dict[str, int]
    estimates: Estimates | None


class OwnState(Place):
    """`state`: the ticket's, or `unknown`. `final`: nothing more will come. `later`: why the call comes later than was
    announced. `delay_s`: so much later the visitor may ask to be called, and `delays_left` times."""

    number: str | None
    state: str
    final: bool
    service: str | None
    service_name: Words | None
    counter: str | None
    counter_name: Words | None
    way: Words | None
    arrow: Arrow | None
    floor: Words | None
    room: Words | None
    ahead: int | None
    wait: Range | None
    reason: str | None
    later: str | None
    issued_ms: int | None
    not_before_ms: int | None
    slot_ms: int | None
    called_ms: int | None
    recalls: int | None
    recalled_ms: int | None
    started_ms: int | None
    return_until_ms: int | None
    confirm_by_ms: int | None
    delay_s: int | None
    delays_left: int | None
    further: list[Named]


STATES: Mapping[View, type[Place]] = {
    View.WAITS: WaitsState,
    View.PUBLIC: PublicState,
    View.LOBBY: LobbyState,
    View.DESK: DeskState,
    View.OWN: OwnState,
}

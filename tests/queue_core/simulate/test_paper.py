"""The zone on paper decides as the store's moves do, and calls as `domain.policy` says."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from queue_core.domain.booking_commands import Book, CheckIn
from queue_core.domain.calendar import BusinessDay, business_day, local_ms
from queue_core.domain.commands import Command, Issue, OpenCounter
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import BookingId, ClassId, CounterId, ServiceId, TicketId
from queue_core.domain.office import Series, Zone
from queue_core.domain.policy import order
from queue_core.domain.snapshot import Snapshot
from queue_core.engine import Engine
from queue_core.filling import Filling
from queue_core.simulate.day import OfficeDay, draw
from queue_core.simulate.engine_port import EnginePort
from queue_core.simulate.habits import Appointments, Demand, Habits, Manners
from queue_core.simulate.halls import APPOINTMENT, PRIORITY, hall
from queue_core.simulate.ids import SeededIds
from queue_core.simulate.paper import PaperZone
from queue_core.simulate.paper_port import PaperPort
from queue_core.simulate.player import play
from queue_core.simulate.port import OfficePort
from queue_core.simulate.scenarios import SCENARIOS
from queue_core.store.opened import Store, open_store
from queue_core.store.records import Records

A, B = ServiceId("a"), ServiceId("b")
FRAME = frozenset({EventType.CONFIGURED, EventType.EPOCH_STARTED})
NAMES = frozenset({"ticket", "booking"})


def small() -> Zone:
    """Short series and a quota, so that numbers begin anew and draws are refused."""
    zone = hall("small", {"a": 6, "b": 9}, [("a", "b"), ("a", "b"), ("b",)], {PRIORITY: 1200, APPOINTMENT: 1800})
    series = {s: Series(s, one.prefix, last=40) for s, one in zone.series.items()}
    return replace(zone, series=series, services={**zone.services, B: replace(zone.services[B], quota=30)})


ZONE = small()
MONDAY = business_day(ZONE, local_ms(ZONE, date(2030, 1, 7), time(12)))
TUESDAY = business_day(ZONE, MONDAY.to_ms)
BUSY = Habits(
    manners=Manners(never=0.1, comes_back=0.6, others=0.2, patience_s=1800.0),
    demand=Demand(load=1.1),
    appointments=Appointments((A, B), every_s=1800.0, visitor_class=APPOINTMENT),
)


@pytest.fixture
async def store(valkey_url: str) -> AsyncIterator[Store]:
    async with open_store(valkey_url) as opened:
        yield opened


def drawn(day: BusinessDay) -> OfficeDay:
    found = draw(ZONE, day, 1, BUSY)
    assert found is not None
    return found


async def both_days(port: OfficePort) -> None:
    for day in (MONDAY, TUESDAY):
        await port.advance_to(drawn(day).opens_ms - 600_000)
        await play(ZONE, drawn(day), port)


def nameless(log: list[Event]) -> list[dict[str, Any]]:
    """The events with their tickets and bookings counted, not named."""
    names: dict[str, int] = {}
    return [
        {"at_ms": e.at_ms, "type": e.type}
        | {k: names.setdefault(v, len(names)) if k in NAMES else v for k, v in e.data.items()}
        for e in log
        if e.type not in FRAME
    ]


@pytest.mark.slow
async def test_engine_and_paper_play_the_same_days_event_by_event(store: Store) -> None:
    start_ms = drawn(MONDAY).opens_ms - 600_000
    engine = Engine({ZONE.id: ZONE}, store.zones([ZONE.id]), Filling(ids=SeededIds("1")))
    await engine.open()
    await engine.set_clock(ZONE.id, start_ms, rate=0.0)
    await both_days(EnginePort(engine, ZONE.id, "two days"))
    real = [e async for e in Records(store.client, ZONE.id).export() if e.at_ms >= start_ms]
    paper = PaperZone(ZONE, start_ms, day=MONDAY)
    await both_days(PaperPort(paper))
    told = _from_first_booking(nameless(paper.log))
    assert _from_first_booking(nameless(real)) == told
    assert {EventType.CHECKED_IN, EventType.EXPIRED, EventType.DAY_ROLLED} <= {e["type"] for e in told}


def _from_first_booking(log: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Before it the engine ends the day of the real clock."""
    return log[[e["type"] for e in log].index(EventType.BOOKED) :]


@pytest.mark.parametrize("name", ["jobcenter", "appointments", "priorities"])
def test_every_call_is_the_first_in_the_order_of_the_policy(name: str) -> None:
    scenario, before = SCENARIOS[name], Snapshot()
    called = 0
    for event in scenario.log(seed=1, n=0):
        if event.type is EventType.CALLED:
            first = order(scenario.zone, event.data["counter"], before.tickets.values(), event.at_ms)[0]
            assert first.ticket.id == event.data["ticket"]
            called += 1
        before.fold(event)
    assert called > 100


def at_slot(minutes: float, *commands: Command) -> PaperZone:
    """A zone with an appointment, `minutes` after its slot, and what is done there."""
    slot_ms = local_ms(ZONE, MONDAY.day, time(10))
    paper = PaperZone(ZONE, MONDAY.from_ms, day=MONDAY)
    paper.do(Book(BookingId("b1"), A, APPOINTMENT, slot_ms))
    paper.now_ms = slot_ms + round(60_000 * minutes)
    for command in commands:
        paper.do(command)
    return paper


HERE = CheckIn(BookingId("b1"), TicketId("t1"))


@pytest.mark.parametrize(
    ("minutes", "ranked_after_slot", "waits_until"), [(-30, -30, -5), (5, -30, None), (20, -10, None)]
)
def test_appointment_ranks_by_its_slot_unless_it_comes_late(
    minutes: float, ranked_after_slot: float, waits_until: float | None
) -> None:
    ticket = at_slot(minutes, HERE).state.tickets[TicketId("t1")]
    assert (ticket.rank_ms - ticket.slot_ms) / 60_000 == ranked_after_slot
    assert ticket.not_before_ms == (ticket.slot_ms + 60_000 * waits_until if waits_until else 0)


@pytest.mark.parametrize(
    ("minutes", "command", "refusal"),
    [
        (-90, HERE, Refusal.BOOKING_TOO_EARLY),
        (0, CheckIn(BookingId("b2"), TicketId("t1")), Refusal.UNKNOWN_BOOKING),
        (0, Book(BookingId("b1"), A, APPOINTMENT, 0), Refusal.BOOKING_EXISTS),
    ],
    ids=["too early", "unknown", "booked already"],
)
def test_what_cannot_be_done_with_a_booking_changes_nothing(minutes: float, command: Command, refusal: Refusal) -> None:
    paper = at_slot(minutes)
    with pytest.raises(Refused) as refused:
        paper.do(command)
    assert refused.value.code is refusal
    assert len(paper.log) == 2


def test_quota_is_kept_and_a_full_series_refuses() -> None:
    paper = PaperZone(ZONE, MONDAY.from_ms, day=MONDAY)
    for n in range(30):
        paper.do(Issue(B, ClassId("default"), TicketId(f"b{n}")))
    with pytest.raises(Refused, match="quota_exhausted"):
        paper.do(Issue(B, ClassId("default"), TicketId("b30")))
    for n in range(40):
        paper.do(Issue(A, ClassId("default"), TicketId(f"a{n}")))
    with pytest.raises(Refused, match="series_full"):
        paper.do(Issue(A, ClassId("default"), TicketId("a40")))


def test_day_that_ends_leaves_an_empty_house_and_begins_its_numbers_anew() -> None:
    paper = at_slot(0, HERE, OpenCounter(CounterId("1")), Issue(B, ClassId("default"), TicketId("t2")))
    kinds = [event.type for event in paper.roll_day(TUESDAY)]
    assert kinds == [EventType.EXPIRED, EventType.EXPIRED, EventType.COUNTER_CLOSED, EventType.DAY_ROLLED]
    assert paper.state.is_at_rest()
    assert paper.state.day == TUESDAY.day.isoformat()
    assert paper.roll_day(TUESDAY) == ()
    paper.do(Issue(A, ClassId("default"), TicketId("t3")))
    assert paper.state.tickets[TicketId("t3")].number == "A001"

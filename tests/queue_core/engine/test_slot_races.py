"""Many visitors at once: a place is given once, and nobody loses what was confirmed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from random import Random

import pytest

from queue_core.domain.booking_commands import Book, CancelBooking, ConfirmBooking, HoldSlot, MoveBooking
from queue_core.domain.commands import Command
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import Booking, BookingId, Within
from queue_core.domain.office import Appointments
from queue_core.domain.slots import length_ms, limits
from queue_core.domain.snapshot import Snapshot
from queue_core.engine import Engine, Once
from tests.support import invariants
from tests.support.bench import MINUTE_MS, MORNING_MS, Bench
from tests.support.zones import APPOINTMENT, NEW, SHORT

RULES = Appointments((NEW, SHORT), APPOINTMENT, share=1.0, notice_s=0, changes_most=1000, hold_s=60)
SLOTS_MS = [MORNING_MS + n * 5 * MINUTE_MS for n in range(24, 36)]


@pytest.fixture
async def processes(bench: Bench, store_url: str) -> AsyncIterator[list[Engine]]:
    """Four processes with connections of their own."""
    await bench.restart(replace(bench.zone, appointments=RULES))
    async with bench.processes(store_url) as engines:
        yield engines


def never_overbooked(bench: Bench, log: Sequence[Event]) -> None:
    """After every event of the log, whatever order the clients had in mind."""
    state = Snapshot()
    for event in log:
        state.fold(event)
        if event.type in (EventType.SLOT_HELD, EventType.BOOKED, EventType.BOOKING_MOVED):
            held = [b for b in state.holds.values() if b.held_until_ms > event.at_ms]
            _within_places(bench, [*state.bookings.values(), *state.arrived.values(), *held])


def _within_places(bench: Bench, taken: Sequence[Booking]) -> None:
    for at_ms in {b.slot_ms for b in taken}:
        busy = [b for b in taken if b.slot_ms <= at_ms < b.slot_ms + b.length_ms]
        for limit in (limit for service in (NEW, SHORT) for limit in limits(bench.zone, service)):
            assert sum(b.service in limit.services for b in busy) <= limit.places


async def ask(engine: Engine, bench: Bench, command: Command, once: Once | None = None) -> BookingId | Refusal:
    """The booking that the command was about, or why it was refused."""
    try:
        outcome = await engine.do(bench.zone.id, command, once)
    except Refused as e:
        return e.code
    return BookingId(outcome.events[-1].data["booking"])


async def test_of_a_hundred_at_one_place_one_gets_it(bench: Bench, processes: list[Engine]) -> None:
    hold = HoldSlot(NEW, APPOINTMENT, SLOTS_MS[0])
    answers = await asyncio.gather(*(ask(processes[n % 4], bench, hold) for n in range(100)))
    assert Counter(answers)[Refusal.SLOT_FULL] == 99
    assert len((await bench.read()).holds) == 1


async def test_however_many_hold_at_once_a_share_of_the_day_stays_free(bench: Bench, processes: list[Engine]) -> None:
    """Nobody confirms: strangers with a hundred addresses leave half of the day to whoever comes and means it."""
    ceiling = {"from_ms": SLOTS_MS[0], "to_ms": SLOTS_MS[-1] + 1, "most": 4}
    holds = [HoldSlot(NEW, APPOINTMENT, SLOTS_MS[n % 12], ceiling=ceiling) for n in range(96)]
    answers = await asyncio.gather(*(ask(processes[n % 4], bench, hold) for n, hold in enumerate(holds)))
    assert {a for a in answers if isinstance(a, Refusal)} <= {Refusal.SLOT_FULL, Refusal.HOLDS_EXHAUSTED}
    held = (await bench.read()).holds
    assert 1 <= len(held) <= 4
    free = [at for at in SLOTS_MS[::3] if at not in {b.slot_ms for b in held.values()}]
    assert free
    await bench.pass_s(61)
    again = await ask(processes[0], bench, HoldSlot(NEW, APPOINTMENT, SLOTS_MS[0], ceiling=ceiling))
    assert not isinstance(again, Refusal)


async def test_a_hold_asked_for_again_and_again_is_one(bench: Bench, processes: list[Engine]) -> None:
    hold, once = HoldSlot(NEW, APPOINTMENT, SLOTS_MS[0]), Once("somebody", "one press")
    answers = await asyncio.gather(*(ask(processes[n % 4], bench, hold, once) for n in range(50)))
    assert len(set(answers)) == 1
    assert list((await bench.read()).holds) == [answers[0]]


@pytest.mark.parametrize("seed", range(3))
async def test_visitors_and_staff_at_once_never_overbook_and_lose_nothing(
    bench: Bench, processes: list[Engine], seed: int
) -> None:
    confirmed: dict[BookingId, bool] = {}

    async def visitor(n: int) -> None:
        random, engine = Random(f"{seed}/{n}"), processes[n % 4]
        for _ in range(6):
            service, slot_ms = random.choice([NEW, SHORT]), random.choice(SLOTS_MS)
            wanted = random.choice(
                [HoldSlot(service, APPOINTMENT, slot_ms)] * 4
                + [Book(BookingId(""), service, APPOINTMENT, slot_ms, Within.FREE)]
            )
            booking = await ask(engine, bench, wanted)
            if isinstance(booking, Refusal):
                assert booking is Refusal.SLOT_FULL
                continue
            if isinstance(wanted, HoldSlot) and (await ask(engine, bench, ConfirmBooking(booking))) != booking:
                continue
            confirmed[booking] = True
            await ask(processes[(n + 1) % 4], bench, MoveBooking(booking, random.choice(SLOTS_MS), Within.RULES))
            if random.random() < 0.4:
                assert await ask(engine, bench, CancelBooking(booking)) == booking
                del confirmed[booking]

    async def clock() -> None:
        """Holds lapse in between."""
        for _ in range(10):
            await bench.pass_s(20)

    await asyncio.gather(clock(), *(visitor(n) for n in range(24)))
    log = [event async for event in bench.records.export()]
    never_overbooked(bench, log)
    assert set((await bench.read()).bookings) == set(confirmed)
    invariants.i8_seq_has_no_gap(log)


async def test_a_hold_confirmed_and_taken_at_once_has_one_winner(bench: Bench, processes: list[Engine]) -> None:
    for slot_ms in SLOTS_MS[::3]:
        held = await ask(processes[0], bench, HoldSlot(NEW, APPOINTMENT, slot_ms))
        assert isinstance(held, str)
        await bench.pass_s(61)
        rivals = (HoldSlot(NEW, APPOINTMENT, slot_ms), ConfirmBooking(BookingId(held)))
        taken, confirmed = await asyncio.gather(*(ask(processes[n], bench, rival) for n, rival in enumerate(rivals)))
        assert [isinstance(answer, Refusal) for answer in (taken, confirmed)].count(True) == 1
    never_overbooked(bench, [event async for event in bench.records.export()])


async def test_two_appointments_that_want_each_other_s_time_stay_where_they_are(
    bench: Bench, processes: list[Engine]
) -> None:
    one, other = SLOTS_MS[0], SLOTS_MS[0] + length_ms(bench.zone, NEW)
    bookings = [await ask(processes[0], bench, Book(BookingId(""), NEW, APPOINTMENT, at)) for at in (one, other)]
    moves = [MoveBooking(BookingId(b), at, Within.RULES) for b, at in zip(bookings, (other, one), strict=True)]
    answers = await asyncio.gather(*(ask(processes[n], bench, move) for n, move in enumerate(moves)))
    assert answers == [Refusal.SLOT_FULL] * 2

"""Places for appointments: held, confirmed, moved, blocked, over days; told as free just where a move finds one."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from queue_core.appointments import Appointments as Facade
from queue_core.domain.booking_commands import (
    BlockSlots,
    Book,
    CancelBooking,
    CheckIn,
    ConfirmBooking,
    HoldSlot,
    MoveBooking,
    UnblockSlots,
)
from queue_core.domain.commands import Command
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import BlockId, BookingId, ServiceId, Within
from queue_core.domain.occupancy import Occupancy
from queue_core.domain.office import Appointments
from queue_core.domain.outcome import Outcome
from queue_core.domain.snapshot import Snapshot
from queue_core.engine import Once
from queue_core.store.records import Records
from tests.support import invariants
from tests.support.bench import DAY_MS, MINUTE_MS, MORNING_MS, Bench
from tests.support.zones import APPOINTMENT, NEW, SHORT

#: An appointment of `new` takes 15 minutes, one of `short` 5; both share counter 1, `short` has counter 2 as well.
RULES = Appointments((NEW, SHORT), APPOINTMENT, share=1.0, changes_most=1)
A, B, C = (BookingId(i) for i in "abc")
SLOT_MS = MORNING_MS + 120 * MINUTE_MS
LONG_MS = 15 * MINUTE_MS
HOLD_MS = 10 * MINUTE_MS


@pytest.fixture
async def office(bench: Bench) -> Bench:
    await bench.restart(replace(bench.zone, appointments=RULES))
    return bench


def hold(booking: BookingId, slot_ms: int = SLOT_MS, service: ServiceId = NEW) -> HoldSlot:
    return HoldSlot(service, APPOINTMENT, slot_ms, booking)


async def booked(office: Bench, booking: BookingId = A, slot_ms: int = SLOT_MS) -> None:
    await office.do(hold(booking, slot_ms))
    await office.do(ConfirmBooking(booking))


async def test_a_hold_keeps_the_place_and_becomes_an_appointment(office: Bench) -> None:
    outcome = await office.do(hold(A))
    assert outcome.events[-1].data["held_until_ms"] == MORNING_MS + HOLD_MS
    state = await office.read()
    assert (list(state.holds), state.bookings) == ([A], {})
    assert await office.refusal(hold(B)) is Refusal.SLOT_FULL
    await office.do(ConfirmBooking(A))
    state = await office.read()
    assert (state.holds, state.bookings[A].length_ms) == ({}, LONG_MS)
    assert await office.refusal(ConfirmBooking(A)) is Refusal.BOOKING_CONFIRMED


async def test_what_is_only_held_takes_no_more_than_its_share_of_the_day(office: Bench) -> None:
    ceiling = {"from_ms": SLOT_MS, "to_ms": SLOT_MS + 4 * LONG_MS, "most": 1}
    await office.do(hold(A))
    second = replace(hold(B, SLOT_MS + LONG_MS), ceiling=ceiling)
    assert await office.refusal(second) is Refusal.HOLDS_EXHAUSTED
    await office.do(hold(B, SLOT_MS + 4 * LONG_MS))
    into_it = MoveBooking(B, SLOT_MS + 2 * LONG_MS, Within.RULES, ceiling)
    assert await office.refusal(into_it) is Refusal.HOLDS_EXHAUSTED
    await office.do(MoveBooking(A, SLOT_MS + 3 * LONG_MS, Within.RULES, ceiling))
    await office.do(ConfirmBooking(A))
    await office.do(into_it)


async def test_visitors_hold_half_of_what_is_free_of_a_day_at_most(office: Bench) -> None:
    appointments = await facade(office)
    (day,) = appointments.free(office.zone.id, NEW, date(2030, 1, 17), 1)
    half = -(-len(day.slots) // 2)
    for slot in day.slots[:half]:
        await (await facade(office)).hold(office.zone.id, NEW, slot.from_ms, Once("a", str(slot.from_ms)))
    with pytest.raises(Refused) as refused:
        await (await facade(office)).hold(office.zone.id, NEW, day.slots[half].from_ms, Once("a", "one more"))
    assert refused.value.code is Refusal.HOLDS_EXHAUSTED
    assert refused.value.details["until_ms"] == office.now_ms + HOLD_MS


async def test_a_hold_that_lapsed_frees_its_place_by_itself(office: Bench) -> None:
    await office.do(hold(A))
    await office.pass_s(HOLD_MS / 1000 - 0.001)
    assert await office.refusal(hold(B)) is Refusal.SLOT_FULL
    await office.pass_s(0.001)
    await office.do(hold(B))
    assert await office.refusal(ConfirmBooking(A)) is Refusal.HOLD_LAPSED
    assert await office.refusal(MoveBooking(A, SLOT_MS + LONG_MS, Within.RULES)) is Refusal.HOLD_LAPSED


async def test_a_hold_that_lapsed_is_confirmed_all_the_same_if_nobody_took_its_place(office: Bench) -> None:
    await office.do(hold(A))
    await office.pass_s(20 * 60)
    await office.do(ConfirmBooking(A))
    assert await office.refusal(hold(B)) is Refusal.SLOT_FULL


async def test_holds_that_nobody_can_confirm_are_forgotten_by_the_next(office: Bench) -> None:
    await office.do(hold(A))
    await office.pass_s(71 * 60)
    outcome = await office.do(hold(B, SLOT_MS + DAY_MS))
    assert [(e.type.value, e.data.get("bookings")) for e in outcome.events] == [
        ("holds_lapsed", [A]),
        ("slot_held", None),
    ]
    assert await office.refusal(ConfirmBooking(A)) is Refusal.UNKNOWN_BOOKING
    assert list((await office.read()).holds) == [B]


async def test_nobody_checks_in_with_what_is_only_held(office: Bench) -> None:
    await office.do(hold(A))
    await office.set_time(SLOT_MS)
    assert await office.refusal(CheckIn(A)) is Refusal.BOOKING_UNCONFIRMED
    assert await office.refusal(ConfirmBooking(A)) is Refusal.BOOKING_OVER


async def test_times_that_overlap_share_their_places(office: Bench) -> None:
    """Counter 1 serves `new`, both counters serve `short`: a `new` and a `short` at a time, or two `short`."""
    await booked(office)
    await office.do(hold(B, SLOT_MS + 10 * MINUTE_MS, SHORT))
    assert await office.refusal(hold(C, SLOT_MS + 12 * MINUTE_MS, SHORT)) is Refusal.SLOT_FULL
    assert await office.refusal(hold(C, SLOT_MS + 14 * MINUTE_MS)) is Refusal.SLOT_FULL
    await office.do(hold(C, SLOT_MS + LONG_MS))


async def test_whoever_has_come_keeps_the_place_of_the_appointment(office: Bench) -> None:
    await booked(office)
    await office.set_time(SLOT_MS - 20 * MINUTE_MS)
    await office.do(CheckIn(A))
    book = Book(B, NEW, APPOINTMENT, SLOT_MS, Within.FREE)
    assert await office.refusal(book) is Refusal.SLOT_FULL
    state = await office.read()
    assert (state.bookings, list(state.arrived)) == ({}, [A])
    assert Occupancy(office.zone, state, office.now_ms).free(NEW, SLOT_MS) == 0


async def test_another_system_books_what_it_likes_and_it_counts(office: Bench) -> None:
    for booking in (A, B):
        await office.do(Book(booking, NEW, APPOINTMENT, SLOT_MS))
    assert await office.refusal(hold(C)) is Refusal.SLOT_FULL
    await office.do(CancelBooking(A))
    assert await office.refusal(hold(C)) is Refusal.SLOT_FULL


async def test_visitors_move_as_often_as_the_zone_allows_and_staff_as_they_like(office: Bench) -> None:
    await booked(office)
    await booked(office, B, SLOT_MS + LONG_MS)
    assert await office.refusal(MoveBooking(A, SLOT_MS + LONG_MS, Within.RULES)) is Refusal.SLOT_FULL
    await office.do(MoveBooking(A, SLOT_MS + 5 * MINUTE_MS - LONG_MS, Within.RULES))
    assert await office.refusal(MoveBooking(A, SLOT_MS, Within.RULES)) is Refusal.CHANGES_SPENT
    await office.do(MoveBooking(A, SLOT_MS, Within.FREE))
    await office.do(MoveBooking(A, SLOT_MS + LONG_MS))
    assert (await office.read()).bookings[A].changes == 1


async def test_a_hold_is_moved_without_being_counted_and_without_lasting_longer(office: Bench) -> None:
    await office.do(hold(A))
    for n in (1, 2, 3):
        await office.do(MoveBooking(A, SLOT_MS + n * LONG_MS, Within.RULES))
    held = (await office.read()).holds[A]
    assert (held.changes, held.held_until_ms) == (0, MORNING_MS + HOLD_MS)
    await office.do(hold(B))


async def test_notice_binds_visitors_and_an_appointment_that_has_begun_stays(office: Bench) -> None:
    soon_ms = MORNING_MS + 59 * MINUTE_MS
    refused = await office.refused(hold(A, soon_ms))
    assert (refused.code, refused.details["from_ms"]) == (Refusal.TOO_SHORT_NOTICE, MORNING_MS + 60 * MINUTE_MS)
    await office.do(Book(A, NEW, APPOINTMENT, soon_ms, Within.FREE))
    past = Book(B, NEW, APPOINTMENT, MORNING_MS - LONG_MS, Within.FREE)
    assert await office.refusal(past) is Refusal.TOO_SHORT_NOTICE
    await office.set_time(soon_ms)
    assert await office.refusal(MoveBooking(A, SLOT_MS, Within.RULES)) is Refusal.BOOKING_OVER


async def test_in_a_blocked_span_nothing_is_given_and_what_is_there_stays(office: Bench) -> None:
    await booked(office)
    block = BlockSlots(SLOT_MS - MINUTE_MS, SLOT_MS + MINUTE_MS, (NEW,), "meeting", BlockId("x"))
    await office.do(block)
    assert await office.refusal(block) is Refusal.BLOCK_EXISTS
    assert A in (await office.read()).bookings
    assert await office.refusal(hold(B, SLOT_MS - LONG_MS)) is Refusal.SLOT_BLOCKED
    await office.do(hold(B, SLOT_MS, SHORT))
    await office.do(UnblockSlots(BlockId("x")))
    assert await office.refusal(UnblockSlots(BlockId("x"))) is Refusal.UNKNOWN_BLOCK
    await office.do(hold(C, SLOT_MS - LONG_MS))


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        pytest.param(hold(A, service=ServiceId("none")), Refusal.UNKNOWN_SERVICE, id="hold"),
        pytest.param(ConfirmBooking(A), Refusal.UNKNOWN_BOOKING, id="confirm"),
        pytest.param(BlockSlots(1, 2, (ServiceId("none"),)), Refusal.UNKNOWN_SERVICE, id="block"),
        pytest.param(UnblockSlots(BlockId("none")), Refusal.UNKNOWN_BLOCK, id="unblock"),
    ],
)
async def test_what_is_unknown_is_refused(office: Bench, command: Command, refusal: Refusal) -> None:
    assert await office.refusal(command) is refusal


async def test_where_nobody_gives_appointments_nothing_is_held(bench: Bench) -> None:
    assert await bench.refusal(hold(A)) is Refusal.NOT_BOOKABLE


async def test_a_repeated_hold_is_the_same_one(office: Bench) -> None:
    once = Once("somebody", "a press")
    first = await office.do(HoldSlot(NEW, APPOINTMENT, SLOT_MS), once)
    again = await office.do(HoldSlot(NEW, APPOINTMENT, SLOT_MS), once)
    invariants.i2_a_repeat_gets_the_same_answer(first, again)
    assert len((await office.read()).holds) == 1


async def test_appointments_of_weeks_to_come_live_through_nights_restarts_and_a_restored_store(office: Bench) -> None:
    await booked(office, A, SLOT_MS + 3 * DAY_MS)
    await office.do(hold(B, SLOT_MS + 4 * DAY_MS))
    await office.do(BlockSlots(SLOT_MS, SLOT_MS + 5 * DAY_MS, (SHORT,), "", BlockId("x")))
    for _ in range(2):
        await office.next_day()
    await office.restart(replace(office.zone, appointments=replace(RULES, days_ahead=3)))
    await office.engine.begin_epoch(office.zone.id, "restored")
    assert await office.refusal(hold(C, SLOT_MS + 3 * DAY_MS)) is Refusal.SLOT_FULL
    await office.next_day()
    await office.set_time(SLOT_MS + 3 * DAY_MS)
    await office.do(CheckIn(A))
    await office.next_day()
    state = await office.read()
    assert (state.bookings, state.arrived, list(state.holds), len(state.blocks)) == ({}, {}, [B], 1)
    folded = Snapshot()
    async for event in office.records.export():
        folded.fold(event)
    invariants.i9_state_is_the_fold_of_the_log(state, folded)


async def test_after_their_day_and_the_purge_nothing_is_left_of_them(office: Bench) -> None:
    await booked(office, BookingId("GONE2345"))
    await office.do(hold(BookingId("HELD2345"), SLOT_MS + LONG_MS))
    await office.do(BlockSlots(SLOT_MS, SLOT_MS + MINUTE_MS, (), "", BlockId("blocked1")))
    await office.next_day()
    await office.next_day()
    records = Records(office.client, office.zone.id)
    assert await records.purge_days(office.day, office.now_ms)
    state = await office.read()
    assert (state.bookings, state.holds, state.arrived, state.blocks) == ({}, {}, {}, ())
    for word in ("GONE2345", "HELD2345", "blocked1"):
        for key in [k async for k in office.client.scan_iter("*")]:
            kind = await office.client.type(key)
            if kind == "hash":
                assert word not in str(await office.client.hgetall(key)), key
            elif kind == "zset":
                assert word not in str(await office.client.zrange(key, 0, -1)), key
            elif kind == "stream":
                assert word not in str(await office.client.xrange(key)), key


async def test_an_index_that_an_older_release_did_not_keep_is_made_when_it_starts(office: Bench) -> None:
    await booked(office)
    await office.client.delete("{hall}:slots", "{hall}:holds")
    await office.restart(replace(office.zone, appointments=replace(RULES, hold_s=300)))
    assert await office.refusal(hold(B)) is Refusal.SLOT_FULL


async def is_done(office: Bench, command: Command) -> bool:
    with suppress(Refused):
        return bool(await office.do(command))
    return False


@pytest.mark.parametrize("seed", range(3))
async def test_what_is_told_as_free_is_what_a_move_finds(office: Bench, seed: int) -> None:
    """The rule stands in Lua, which decides, and in Python, which tells."""
    random = Random(seed)
    await office.restart(replace(office.zone, appointments=replace(RULES, share=0.5, counters=0, notice_s=0)))
    for n in range(60):
        service = random.choice([NEW, SHORT])
        slot_ms = SLOT_MS + MINUTE_MS * random.randrange(0, 120, 5)
        free = Occupancy(office.zone, await office.read(), office.now_ms).free(service, slot_ms)
        booking = BookingId(f"b{n}")
        found = await is_done(office, hold(booking, slot_ms, service))
        assert found == (free > 0)
        if found and random.random() < 0.4:
            await office.do(random.choice([ConfirmBooking(booking), CancelBooking(booking)]))
        if n == 30:
            await office.do(BlockSlots(SLOT_MS, SLOT_MS + 20 * MINUTE_MS, (SHORT,), "", BlockId("x")))
        await office.pass_s(20)


async def facade(office: Bench) -> Facade:
    state = await office.read()
    return Facade(office.engine, lambda _zone: state, lambda _zone: office.now_ms)


def only_booking(outcome: Outcome) -> BookingId:
    return BookingId(outcome.events[-1].data["booking"])


async def test_faces_find_hold_confirm_move_and_cancel(office: Bench) -> None:
    zone = office.zone.id
    [today, *_] = (await facade(office)).free(zone, NEW, None, 1)
    assert today.day == date(2030, 1, 16)
    slot = next(slot for slot in today.slots if slot.free)
    assert slot.from_ms == MORNING_MS + 60 * MINUTE_MS
    held = only_booking(await (await facade(office)).hold(zone, NEW, slot.from_ms, Once("a", "1")))
    await (await facade(office)).confirm(zone, held, Once("a", "2"))
    with pytest.raises(Refused) as refused:
        await (await facade(office)).hold(zone, NEW, slot.from_ms, Once("b", "1"))
    assert refused.value.code is Refusal.SLOT_FULL
    assert refused.value.details["free_ms"][:2] == [slot.to_ms, slot.to_ms + LONG_MS]
    await (await facade(office)).move(zone, held, slot.to_ms, Once("a", "3"))
    assert (await (await facade(office)).find(zone, f" {held[:4]}-{held[4:].lower()} ")).slot_ms == slot.to_ms
    [service, _] = (day := (await facade(office)).day(zone)).services
    assert ([b.id for b in day.bookings], service.service) == ([held], NEW)
    assert {s.from_ms: s.free for s in service.slots}[slot.to_ms] == 0
    await (await facade(office)).cancel(zone, held, Once("a", "4"))
    assert (await facade(office)).day(zone).bookings == ()


async def test_faces_are_told_nothing_of_days_that_are_over_or_too_far(office: Bench) -> None:
    told = await facade(office)
    last = date(2030, 1, 16) + timedelta(days=28)
    assert told.free(office.zone.id, NEW, last + timedelta(days=1), 7) == []
    assert [d.day for d in told.free(office.zone.id, NEW, last, 7)] == [last]
    assert told.free(office.zone.id, NEW, date(2029, 1, 1), 1)[0].day == date(2030, 1, 16)
    with pytest.raises(Refused):
        await told.hold(office.zone.id, NEW, SLOT_MS + 29 * DAY_MS, Once("a", "1"))

"""A file of appointments is booked whole and once, whatever the store does meanwhile; or one hears how far it came."""

import random
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from queue_core.domain.booking_commands import Book
from queue_core.domain.errors import StoreAway
from queue_core.domain.model import Booking, BookingId, ServiceId
from queue_core.domain.office import Zone
from queue_core.engine import Engine
from queue_core.intake import Patience, Unfinished, take_in
from queue_core.store.connection import connect
from queue_core.table_file import FileInvalid
from tests.support import invariants
from tests.support.bench import MINUTE_MS, MORNING_MS, Bench, bench_at
from tests.support.cutting_proxy import cutting_proxy
from tests.support.valkey import Server, running_server
from tests.support.zones import NEW, NORMAL

ROWS = 400
CODES = [f"{n:08d}" for n in range(ROWS)]
SLOT, SLOT_MS = "2030-01-16T11:00", MORNING_MS + 60 * MINUTE_MS
#: Longer than any stall of a test machine.
LONG_S = 60.0


class Register:
    """The engine's, telling of each command before it is given, and of each that got no answer."""

    def __init__(self, engine: Engine, zone: Zone) -> None:
        self._engine, self._zone = engine, zone
        self.asked = 0
        self.before: Callable[[int], None] = lambda _asked: None
        self.unanswered: Callable[[], None] = lambda: None

    async def read(self) -> tuple[Mapping[BookingId, Booking], int]:
        snapshot, now_ms = await self._engine.read(self._zone.id)
        return snapshot.bookings, now_ms

    async def find(self, booking: BookingId) -> Booking:
        return await self._engine.booking(self._zone.id, booking)

    async def book(self, booking: Booking) -> None:
        self.asked += 1
        self.before(self.asked)
        try:
            await self._engine.do(
                self._zone.id, Book(booking.id, booking.service, booking.visitor_class, booking.slot_ms)
            )
        except StoreAway:
            self.unanswered()
            raise


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server("valkey") as running:
        yield running


@pytest.fixture
async def bench(server: Server) -> AsyncIterator[Bench]:
    async with bench_at(server.url) as opened:
        await opened.client.flushall()
        yield opened


@pytest.fixture
def register(bench: Bench) -> Register:
    return Register(bench.engine, bench.zone)


def file(*rows: str) -> bytes:
    return "\n".join(["code,service,slot", *(rows or (f"{code},new,{SLOT}" for code in CODES))]).encode()


async def taken_in(register: Register, zone: Zone, content: bytes, patience_s: float = LONG_S) -> int:
    return len((await take_in(register, zone, content, "list.csv", Patience(patience_s))).fresh)


async def require_all_once(bench: Bench) -> None:
    assert sorted((await bench.read()).bookings) == CODES
    events = [e async for e in bench.records.export()]
    assert sorted(e.data["booking"] for e in events if e.type == "booked") == CODES
    invariants.i8_seq_has_no_gap(events)


async def test_a_store_that_stalls_is_waited_for(bench: Bench, register: Register, server: Server) -> None:
    register.before = lambda asked: server.freeze() if asked == ROWS // 2 else None
    register.unanswered = server.thaw
    assert await taken_in(register, bench.zone, file()) == ROWS
    assert register.asked > ROWS
    await require_all_once(bench)


async def test_answers_that_are_lost_on_the_way_book_nothing_twice(bench: Bench, server: Server) -> None:
    chance = random.Random(5)
    with TemporaryDirectory(prefix="wz-") as folder:
        async with cutting_proxy(Path(folder), server.url) as proxy, connect(proxy.url) as client:
            engine = bench.process(client=client)
            await engine.open()
            far, lost = Register(engine, bench.zone), list[int]()

            def cut(asked: int) -> None:
                if asked % 97 == 0:
                    proxy.cut_after = chance.randrange(2000)

            far.before, far.unanswered = cut, lambda: lost.append(1)
            assert await taken_in(far, bench.zone, file()) == ROWS
    assert lost
    await require_all_once(bench)


async def test_when_patience_ends_one_hears_how_much_is_booked_and_repeats_the_file(
    bench: Bench, register: Register, server: Server
) -> None:
    register.before = lambda asked: server.freeze() if asked == ROWS // 2 else None
    with pytest.raises(Unfinished) as unfinished:
        await taken_in(register, bench.zone, file(), patience_s=0)
    server.thaw()
    stopped = unfinished.value
    assert 0 < stopped.booked < ROWS
    assert (stopped.of, stopped.fault) == (ROWS, None)
    assert str(stopped) == (
        f"the store does not answer; {stopped.booked} of {ROWS} appointments are booked, the same file can be repeated"
    )
    register.before = lambda _asked: None
    assert await taken_in(register, bench.zone, file()) <= ROWS - stopped.booked
    await require_all_once(bench)


async def test_a_store_that_is_away_from_the_start_has_booked_nothing(
    bench: Bench, register: Register, server: Server
) -> None:
    server.freeze()
    try:
        with pytest.raises(Unfinished, match="nothing is booked"):
            await taken_in(register, bench.zone, file(), patience_s=0)
    finally:
        server.thaw()


async def test_a_row_that_the_zone_refuses_is_told_with_its_line(bench: Bench, register: Register) -> None:
    gone = ServiceId("gone")
    newer = replace(bench.zone, services={**bench.zone.services, gone: replace(bench.zone.services[NEW], id=gone)})
    with pytest.raises(Unfinished) as unfinished:
        await taken_in(register, newer, file(f"{CODES[0]},new,{SLOT}", f"{CODES[1]},gone,{SLOT}"))
    stopped = unfinished.value
    assert stopped.fault
    assert str(stopped.fault) == "list.csv:3: unknown_service"
    assert (stopped.booked, stopped.of, list((await bench.read()).bookings)) == (1, 2, CODES[:1])


async def test_a_code_that_somebody_books_meanwhile_just_so_is_as_good(bench: Bench) -> None:
    there = _Meanwhile(bench, SLOT_MS)
    assert await taken_in(there, bench.zone, file(f"{CODES[0]},new,{SLOT}")) == 1


async def test_a_code_that_somebody_books_meanwhile_otherwise_is_told(bench: Bench) -> None:
    there = _Meanwhile(bench, SLOT_MS + 15 * MINUTE_MS)
    with pytest.raises(Unfinished, match=r"list.csv:2: booking_exists; 0 of 1"):
        await taken_in(there, bench.zone, file(f"{CODES[0]},new,{SLOT}"))
    assert (await bench.read()).bookings[BookingId(CODES[0])].slot_ms == SLOT_MS + 15 * MINUTE_MS


class _Meanwhile(Register):
    """Another process books the first code between the reading of the zone and the first command."""

    def __init__(self, bench: Bench, slot_ms: int) -> None:
        super().__init__(bench.engine, bench.zone)
        self._bench, self._slot_ms = bench, slot_ms

    async def read(self) -> tuple[Mapping[BookingId, Booking], int]:
        found = await super().read()
        await self._bench.do(Book(BookingId(CODES[0]), NEW, NORMAL, self._slot_ms))
        return found


async def test_a_file_with_a_fault_books_nothing(bench: Bench, register: Register) -> None:
    with pytest.raises(FileInvalid):
        await taken_in(register, bench.zone, file(f"{CODES[0]},new,{SLOT}", f"{CODES[1]},none,{SLOT}"))
    assert (register.asked, (await bench.read()).bookings) == (0, {})

"""What a long day costs: bytes a ticket in the store, and a command's work when thousands were issued before."""

import asyncio
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import redis

from benchmarks.bench import Bench
from benchmarks.rows import Row, alone, compared
from benchmarks.stream import cores
from benchmarks.stream.hall import LARGE, MIDDLE, SERVICE, SMALL, Clerk, Hall
from queue_core.domain.commands import CallNext, Command, Finish, Issue, OpenCounter
from queue_core.domain.model import CounterId, Current, ServiceId, ZoneId
from queue_core.domain.office import Office
from queue_core.engine import Engine, Once
from queue_core.office_file import load_office
from queue_core.store.embedded import socket_url
from queue_core.store.opened import open_store
from tests.support.valkey import binaries, running_server

FEW = 10
#: So many wait at once on a long day.
WAITING = 100
TICKET_MOST_BYTES = 2000.0
WRITERS = 32
CATCH_UP_WITHIN_S = 30.0
POLL_S = 0.1
COUNTER = CounterId("1")
SCOPE, KEY_BYTES = "bench", 16
BLOCKS = 8
COMMANDS_A_BLOCK = 25
COST_MOST = 1.25


def rows(bench: Bench) -> Iterator[Row]:
    office, day = load_office(bench.hall.config), bench.scale.day
    sizes = {SMALL: FEW, MIDDLE: day // 10, LARGE: day}
    yield from _filled(office, socket_url(bench.hall.office.data), sizes)
    for engine in sorted(binaries().keys() - {"valkey"}):
        with running_server(engine) as server:
            some = asyncio.run(_day(office, server.url, ZoneId(MIDDLE), day // 10))
            yield _bytes_row(some, day // 10, engine.capitalize())
    _catch_up(bench.hall, sizes)
    yield from _cost_of_commands(bench.hall, day)


@dataclass(slots=True)
class Filler:
    """Plays a zone's day by the engine, as fast as the store takes it."""

    engine: Engine
    zone: ZoneId

    async def issue(self, tickets: int) -> None:
        visitors = self.engine.zone(self.zone).default_class
        await self._all(Issue(ServiceId(SERVICE), visitors), tickets)

    async def open(self) -> None:
        await self._all(OpenCounter(COUNTER), 1)

    async def serve(self, tickets: int) -> None:
        await self._all(CallNext(COUNTER), 1)
        await self._all(CallNext(COUNTER, Current.FINISH), tickets - 1)
        await self._all(Finish(COUNTER), 1)

    async def _all(self, command: Command, times: int) -> None:
        """As often, by several writers, each with a key as long as clients' are."""
        turns = iter(range(times))

        async def write() -> None:
            for _ in turns:
                await self.engine.do(self.zone, command, Once(SCOPE, secrets.token_hex(KEY_BYTES)))

        await asyncio.gather(*(write() for _ in range(WRITERS)))


@dataclass(frozen=True, slots=True)
class Filled:
    """Bytes in the store a ticket: while the first of the day wait, and when all have been served."""

    waiting: float
    served: float


def _filled(office: Office, url: str, sizes: Mapping[str, int]) -> Iterator[Row]:
    for zone, tickets in sizes.items():
        ticket = asyncio.run(_day(office, url, ZoneId(zone), tickets))
        yield _bytes_row(ticket, tickets, "Valkey")
    how = f"the same, while {WAITING} wait"
    yield alone("Valkey per waiting ticket", "bytes", [ticket.waiting], how, most=TICKET_MOST_BYTES)


def _bytes_row(ticket: Filled, tickets: int, engine: str) -> Row:
    how = "all keys of the zone; issued, called, finished"
    return alone(f"{engine} per visit, {tickets:,} a day", "bytes", [ticket.served], how, most=TICKET_MOST_BYTES)


async def _day(office: Office, url: str, zone: ZoneId, tickets: int) -> Filled:
    async with open_store(url) as opened:
        filler = Filler(Engine({zone: office[zone]}, opened.zones([zone])), zone)
        await filler.engine.open()
        with redis.Redis.from_url(opened.url) as store:
            empty = _bytes(store, zone)
            await filler.open()
            some = min(WAITING, tickets)
            await filler.issue(some)
            waiting = _bytes(store, zone)
            await filler.serve(some)
            for _ in range(tickets // some - 1):
                await filler.issue(some)
                await filler.serve(some)
            return Filled((waiting - empty) / some, (_bytes(store, zone) - empty) / tickets)


def _catch_up(hall: Hall, zones: Mapping[str, int]) -> None:
    """The server has shown everything that was written past it."""
    until = time.monotonic() + CATCH_UP_WITHIN_S
    with redis.Redis.from_url(socket_url(hall.office.data), decode_responses=True) as store:
        for zone in zones:
            last = store.xrevrange(f"{{{zone}}}:log", count=1)[0][0]
            while hall.shown_position(zone) != last:
                if time.monotonic() > until:
                    raise RuntimeError(f"{zone} is shown up to {hall.shown_position(zone)}, the log is at {last}")
                time.sleep(POLL_S)


def _bytes(store: redis.Redis, zone: ZoneId) -> int:
    return sum(int(store.memory_usage(key, samples=0) or 0) for key in store.scan_iter(f"{{{zone}}}:*"))


@dataclass(slots=True)
class Cost:
    """What commands of one zone took: in the store's own count, CPU of the server, and for the client."""

    clerk: Clerk
    store_us: list[float] = field(default_factory=list)
    server_us: list[float] = field(default_factory=list)
    client_ms: list[float] = field(default_factory=list)

    def block(self, hall: Hall, store: redis.Redis) -> None:
        store.config_resetstat()
        cpu_s = cores.cpu_s([hall.pid])
        took_ms = [
            reply.took_ms
            for _ in range(COMMANDS_A_BLOCK)
            for reply in (self.clerk.issue(), self.clerk.at_counter("call-next"), self.clerk.at_counter("finish"))
        ]
        self.server_us.append(1e6 * (cores.cpu_s([hall.pid]) - cpu_s) / len(took_ms))
        self.store_us.append(store.info("commandstats")["cmdstat_fcall"]["usec_per_call"])
        self.client_ms.append(sorted(took_ms)[len(took_ms) // 2])


def _cost_of_commands(hall: Hall, day: int) -> Iterator[Row]:
    """Block by block in turn, so that both zones meet the same machine."""
    few, many = (Cost(hall.clerk(zone)) for zone in (SMALL, LARGE))
    with redis.Redis.from_url(socket_url(hall.office.data)) as store:
        for _ in range(BLOCKS):
            for cost in (few, many):
                cost.block(hall, store)
    title, rival = f"a command after {day:,} tickets", f"after {FEW}"
    yield compared(f"{title}: store", "us", many.store_us, rival, few.store_us, most=COST_MOST)
    yield compared(f"{title}: CPU of the server", "us", many.server_us, rival, few.server_us, most=COST_MOST)
    yield compared(f"{title}: its answer", "ms", many.client_ms, rival, few.client_ms, most=COST_MOST)

"""What a long day costs: bytes a ticket in the store, and a command's work when thousands were issued before."""

import asyncio
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import redis

from benchmarks.rows import Row, share
from benchmarks.scene import COUNTER, LARGE, MIDDLE, SERVICE, SMALL, OneClient, shown_position
from queue_core.domain.commands import CallNext, Command, Finish, Issue, OpenCounter
from queue_core.domain.model import CounterId, Current, ServiceId, ZoneId
from queue_core.engine import Engine, Once
from queue_core.office_file import load_office
from queue_core.store.embedded import socket_url
from queue_core.store.opened import open_store
from tests.support.office_process import OfficeProcess

TICKETS = 10_000
DAYS = {SMALL: 10, MIDDLE: 1_000, LARGE: TICKETS}
#: So many wait at once on a long day.
WAITING = 100
TICKET_MOST_BYTES = 2000.0
WRITERS = 32
POLL_S = 0.1
SCOPE, KEY_BYTES = "bench", 16
BLOCKS = 8
COMMANDS_A_BLOCK = 25
COST_MOST = 1.25


@dataclass(slots=True)
class Filler:
    """Plays a zone's day as fast as the store takes it."""

    engine: Engine
    zone: ZoneId

    async def issue(self, tickets: int) -> None:
        visitors = self.engine.zone(self.zone).default_class
        await self._all(Issue(ServiceId(SERVICE), visitors), tickets)

    async def open(self) -> None:
        await self._all(OpenCounter(CounterId(COUNTER)), 1)

    async def serve(self, tickets: int) -> None:
        counter = CounterId(COUNTER)
        await self._all(CallNext(counter), 1)
        await self._all(CallNext(counter, Current.FINISH), tickets - 1)
        await self._all(Finish(counter), 1)

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


def filled(office: OfficeProcess) -> Iterator[Row]:
    for zone, tickets in DAYS.items():
        ticket = asyncio.run(_day(office, ZoneId(zone), tickets))
        how = f"MEMORY USAGE of the zone's keys; {tickets:,} issued, called, finished; log and answers included"
        yield Row(f"store per visit, {tickets:,} a day", ticket.served, "bytes", TICKET_MOST_BYTES, how)
    how = f"the same, while {WAITING} wait"
    yield Row("store per waiting ticket", ticket.waiting, "bytes", TICKET_MOST_BYTES, how)
    _catch_up(office)


async def _day(office: OfficeProcess, zone: ZoneId, tickets: int) -> Filled:
    zones = load_office(Path(office.settings["config"]))
    async with open_store(socket_url(office.data)) as opened:
        filler = Filler(Engine(zones, opened.zones(zones)), zone)
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


def _catch_up(office: OfficeProcess) -> None:
    """The server has shown everything that was written past it."""
    with redis.Redis.from_url(socket_url(office.data), decode_responses=True) as store:
        for zone in DAYS:
            last = store.xrevrange(f"{{{zone}}}:log", count=1)[0][0]
            while shown_position(office, zone) != last:
                time.sleep(POLL_S)


def _bytes(store: redis.Redis, zone: ZoneId) -> int:
    return sum(int(store.memory_usage(key, samples=0) or 0) for key in store.scan_iter(f"{{{zone}}}:*"))


@dataclass(slots=True)
class Cost:
    """What commands of one zone took: in the store's own count, and for the client."""

    zone: str
    store_us: list[float] = field(default_factory=list)
    client_ms: list[float] = field(default_factory=list)

    def block(self, client: OneClient, store: redis.Redis) -> None:
        store.config_resetstat()
        for _ in range(COMMANDS_A_BLOCK):
            self.client_ms.append(client.issue().took_ms)
            self.client_ms.append(client.at_counter("call-next").took_ms)
            self.client_ms.append(client.at_counter("finish").took_ms)
        self.store_us.append(store.info("commandstats")["cmdstat_fcall"]["usec_per_call"])


def cost_of_commands(office: OfficeProcess) -> Iterator[Row]:
    """Block by block in turn, so that both zones meet the same machine."""
    costs = [Cost(SMALL), Cost(LARGE)]
    clients = {zone: OneClient(office, zone, office.token("supervisor", zone)) for zone in (SMALL, LARGE)}
    with redis.Redis.from_url(socket_url(office.data)) as store:
        for _ in range(BLOCKS):
            for cost in costs:
                cost.block(clients[cost.zone], store)
    small, large = costs
    how = f"issue, call-next, finish: a day of {DAYS[SMALL]} tickets and one of {DAYS[LARGE]:,}, in turn"
    yield Row(f"work of a command, {DAYS[SMALL]}", share(small.store_us, 0.5), "us", None, how)
    yield Row(f"work of a command, {DAYS[LARGE]:,}", share(large.store_us, 0.5), "us", None, how)
    ratio = share(large.store_us, 0.5) / share(small.store_us, 0.5)
    yield Row("work of a command, ratio", ratio, "x", COST_MOST, "by the store's own count of its functions")
    ratio = share(large.client_ms, 0.5) / share(small.client_ms, 0.5)
    yield Row("answer to a command, ratio", ratio, "x", COST_MOST, "p50 of the HTTP client")

"""One zone in the store: moves in, outcomes out; and the plain reads."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass, fields
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ReadOnlyError, RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from queue_core.domain.clock import ZoneClock
from queue_core.domain.commands import (
    CallNext,
    CloseCounter,
    Command,
    Finish,
    Issue,
    Miss,
    OpenCounter,
    Park,
    PauseCounter,
    Recall,
    RollDay,
    Start,
)
from queue_core.domain.errors import Refusal, Refused, StoreAway
from queue_core.domain.events import Event
from queue_core.domain.model import Ticket, TicketId, ZoneId
from queue_core.domain.outcome import Outcome
from queue_core.domain.policy import pin_queue
from queue_core.domain.snapshot import Snapshot
from queue_core.store import library
from queue_core.store.keys import FIELD, ZoneKeys

_NO_QUEUES = (Start, Finish, Miss, Park, Recall, OpenCounter, PauseCounter)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who sends a command, in which belief: its random id, the business day, the idempotency key, the digests of the
    request and of the configuration ("" for whichever)."""

    command: str
    day: str
    answer_key: str = ""
    request: str = ""
    configuration: str = ""


_UNSTAMPED = astuple(Stamp("", ""))


@dataclass(frozen=True, slots=True)
class ZoneReading:
    """A zone as the store holds it now; `snapshot` is None while the zone has never been opened."""

    now_ms: int
    snapshot: Snapshot | None = None
    digest: str = ""
    clock: ZoneClock = ZoneClock(0, 0)


class OutOfStep(Exception):
    """The store is in another business day or configuration than the command believed, or the day is over."""


@asynccontextmanager
async def store_errors() -> AsyncIterator[None]:
    """Turns a store that does not answer, or cannot write now, into `StoreAway`.

    Before Python 3.12 `asyncio.wait_for`, by which redis-py writes, may swallow a cancellation: it is raised here.
    """
    before = _cancellations()
    try:
        yield
        if _cancellations() > before:
            raise asyncio.CancelledError
    except (RedisConnectionError, RedisTimeoutError, ReadOnlyError, OSError) as e:
        raise StoreAway(f"{type(e).__name__}: {e}") from e
    except ResponseError as e:
        if str(e).startswith(("LOADING", "MISCONF", "NOREPLICAS", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN")):
            raise StoreAway(str(e)) from e
        raise


def _cancellations() -> int:
    task = asyncio.current_task()
    return task.cancelling() if task else 0


class ZoneStore:
    """Runs commands of one zone. `queues` are the names of all its waiting sets, those of retired services included."""

    def __init__(self, client: Redis, zone: ZoneId) -> None:
        self._client = client
        self.keys = ZoneKeys(zone)

    async def run(self, command: Command, stamp: Stamp, queues: Sequence[str]) -> Outcome:
        """Raises `Refused`, `OutOfStep`, `StoreAway`."""
        named = self._queues(command, queues)
        args = {f.name: value for f in fields(command) if (value := getattr(command, f.name)) is not None}
        reply = await self._call(
            command.move,
            list(named.values()),
            [*astuple(stamp), json.dumps(args), *named],
        )
        return await self._outcome(reply)

    async def read(self) -> ZoneReading:
        kind, now_ms, *rest = await self._call("read_zone", [], [*_UNSTAMPED, "{}"], read_only=True)
        if kind == "fresh":
            return ZoneReading(now_ms)
        state, digest, zone_ms, real_ms, rate = rest
        clock = ZoneClock(int(zone_ms), int(real_ms), float(rate))
        return ZoneReading(now_ms, Snapshot.from_json(json.loads(state)), digest, clock)

    async def set_clock(self, zone_ms: int, rate: float) -> int:
        """Zone time goes on from `zone_ms` (0: from now, never backwards) at `rate`; answers the zone time."""
        reply = await self._call("set_clock", [], [*_UNSTAMPED, json.dumps({"zone_ms": zone_ms, "rate": rate})])
        return int(reply[1])

    async def ticket(self, ticket: TicketId) -> Ticket:
        """Raises `Refused` (unknown_ticket) for a ticket that today has not seen."""
        async with store_errors():
            record = await self._client.hget(self.keys.tickets, ticket)
        if record is None:
            raise Refused(Refusal.UNKNOWN_TICKET, {"id": ticket})
        return Ticket.from_json(json.loads(record))

    def _queues(self, command: Command, queues: Sequence[str]) -> dict[str, str]:
        """Waiting sets that the command may touch: name -> key. Others are not declared, so that a call stays small."""
        if isinstance(command, _NO_QUEUES):
            return {}
        if isinstance(command, Issue):
            return {command.service: self.keys.wait(command.service)}
        named = {name: self.keys.wait(name) for name in queues}
        if isinstance(command, RollDay):
            named |= {">log": self.keys.log_of(command.from_day), ">tickets": self.keys.tickets_of(command.from_day)}
        if isinstance(command, CallNext | CloseCounter):
            pinned = pin_queue(command.counter)
            named.setdefault(pinned, self.keys.wait(pinned))
        return named

    async def _call(self, name: str, keys: Iterable[str], args: Iterable[str], *, read_only: bool = False) -> list[Any]:
        all_keys = [*self.keys.fixed, *keys]
        call = self._client.fcall_ro if read_only else self._client.fcall
        async with store_errors():
            try:
                reply = await call(library.function(name), len(all_keys), *all_keys, *args)
            except ResponseError as e:
                if "Function not found" not in str(e):
                    raise
                await library.load(self._client)
                reply = await call(library.function(name), len(all_keys), *all_keys, *args)
        return list(reply)

    async def _outcome(self, reply: list[Any]) -> Outcome:
        kind, now_ms, *rest = reply
        match kind:
            case "done" | "repeated":
                epoch, first, payloads = rest
                return _events_outcome(epoch, first, payloads, now_ms, repeated=kind == "repeated")
            case "nothing":
                epoch, seq, more = rest
                return Outcome(epoch, seq, now_ms, (), more=json.loads(more))
            case "elsewhere":
                return await self._from_day(now_ms, *rest)
            case "stale":
                raise OutOfStep
            case "refused":
                raise Refused(Refusal(rest[0]), _details(json.loads(rest[1])))
            case _:
                raise RedisError(f"unknown reply {kind!r}")

    async def _from_day(self, now_ms: int, epoch: int, seq: int, count: int, day: str) -> Outcome:
        """The answer to a command of an ended day; once that day is purged the key is spent for good."""
        key = self.keys.log_of(f"{day[:4]}-{day[4:6]}-{day[6:]}")
        async with store_errors():
            found: list[Any] = await self._client.xrange(key, f"{epoch}-{seq}", f"{epoch}-{seq + count - 1}") or []
        if len(found) < count:
            raise Refused(Refusal.KEY_SPENT)
        return _events_outcome(epoch, seq, [entry[FIELD] for _, entry in found], now_ms, repeated=True)


def _events_outcome(epoch: int, first: int, payloads: Sequence[str], now_ms: int, *, repeated: bool) -> Outcome:
    events = tuple(Event.from_json(epoch, first + i, json.loads(p)) for i, p in enumerate(payloads))
    return Outcome(epoch, first + len(events) - 1, now_ms, events, repeated)


def _details(details: Mapping[str, Any] | list[Any]) -> Mapping[str, Any]:
    return details if isinstance(details, Mapping) else {}

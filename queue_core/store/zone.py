"""One zone in the store: moves in, outcomes out; and the plain reads."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from queue_core.domain.booking_commands import BlockSlots, ConfirmBooking, HoldSlot, UnblockSlots
from queue_core.domain.clock import ZoneClock
from queue_core.domain.commands import (
    CallNext,
    CloseCounter,
    Command,
    Configure,
    Issue,
    Miss,
    OpenCounter,
    Park,
    PauseCounter,
    Recall,
    RollDay,
    Serve,
    Start,
)
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.events import Event
from queue_core.domain.model import Booking, BookingId, Ticket, TicketId, ZoneId
from queue_core.domain.outcome import Outcome
from queue_core.domain.policy import pin_queue
from queue_core.domain.snapshot import Snapshot
from queue_core.store import library
from queue_core.store.away import store_errors
from queue_core.store.keys import FIELD, ZoneKeys
from queue_core.store.line import Line, Word
from queue_core.store.survey import SurveyStore

_OF_SLOTS = (HoldSlot, ConfirmBooking, BlockSlots, UnblockSlots)
_NO_QUEUES = (Start, Miss, Park, Recall, OpenCounter, PauseCounter, *_OF_SLOTS)
_IDEMPOTENT = (RollDay, Configure)


class Stamp(NamedTuple):
    """Who sends a command, in which belief: its random id, the business day, the idempotency key, the digests of the
    request and of the configuration ("" for whichever)."""

    command: str
    day: str
    answer_key: str = ""
    request: str = ""
    configuration: str = ""


_UNSTAMPED = Stamp("", "")


@dataclass(frozen=True, slots=True)
class ZoneReading:
    """A zone as the store holds it now; `snapshot` is None while the zone has never been opened."""

    now_ms: int
    snapshot: Snapshot | None = None
    digest: str = ""
    clock: ZoneClock = ZoneClock(0, 0)


class OutOfStep(Exception):
    """The store is in another business day or configuration than the command believed, or the day is over."""


class ZoneStore:
    """Runs commands of one zone. `queues` are the names of all its waiting sets, those of retired services included.

    Commands go by the line, best one for all zones of a process; what may be long is read by the client.
    """

    def __init__(self, client: Redis, zone: ZoneId, line: Line | None = None) -> None:
        self._client = client
        self._line = line or Line(client)
        self.keys = ZoneKeys(zone)
        self.survey = SurveyStore(client, self.keys)
        self._fixed = tuple(self.keys.fixed)
        self._loading = asyncio.Lock()
        self._declared: tuple[Sequence[str], Mapping[str, str]] = ((), {})

    async def run(self, command: Command, stamp: Stamp, queues: Sequence[str]) -> Outcome:
        """Raises `Refused`, `OutOfStep`, `StoreAway`."""
        named = self._queues(command, queues)
        keys = (*self._fixed, *named.values())
        arguments = orjson.dumps(command.arguments(), default=dict)
        function = library.function(command.move)
        call: Sequence[Word] = ("FCALL", function, len(keys), *keys, *stamp, arguments, *named)
        repeatable = stamp.answer_key != "" or isinstance(command, _IDEMPOTENT)
        return await self._outcome(await self._ask(call, repeatable=repeatable))

    async def read(self) -> ZoneReading:
        kind, now_ms, *rest = await self._call("read_zone", b"{}", read_only=True)
        if kind == "fresh":
            return ZoneReading(now_ms)
        state, digest, zone_ms, real_ms, rate = rest
        clock = ZoneClock(int(zone_ms), int(real_ms), float(rate))
        return ZoneReading(now_ms, Snapshot.from_json(orjson.loads(state)), digest, clock)

    async def set_clock(self, zone_ms: int, rate: float) -> int:
        """Zone time goes on from `zone_ms` (0: from now, never backwards) at `rate`; answers the zone time."""
        return int((await self._call("set_clock", orjson.dumps({"zone_ms": zone_ms, "rate": rate})))[1])

    async def ticket(self, ticket: TicketId) -> Ticket:
        """Raises `Refused` (unknown_ticket) for a ticket that today has not seen."""
        record = await self._line.ask("HGET", self.keys.tickets, ticket, repeatable=True)
        if record is None:
            raise Refused(Refusal.UNKNOWN_TICKET, {"id": ticket})
        return Ticket.from_json(orjson.loads(record))

    async def booking(self, booking: BookingId) -> Booking:
        """Held, booked, or checked in today. Raises `Refused` (unknown_booking)."""
        record = await self._line.ask("HGET", self.keys.bookings, booking, repeatable=True)
        if record is None:
            raise Refused(Refusal.UNKNOWN_BOOKING, {"booking": booking})
        return Booking.from_json(orjson.loads(record))

    async def bookings(self) -> dict[BookingId, Booking]:
        """The appointments that are not over, those that are only held or have been checked in included."""
        records = await self._line.ask("HVALS", self.keys.bookings, repeatable=True)
        found = (Booking.from_json(orjson.loads(r)) for r in records)
        return {booking.id: booking for booking in found}

    async def has_answered(self, answer_key: str) -> bool:
        """Whether a command was done under this key, on a day that is not purged."""
        return bool(await self._line.ask("HEXISTS", self.keys.answers, answer_key, repeatable=True))

    def _queues(self, command: Command, queues: Sequence[str]) -> dict[str, str]:
        """Waiting sets that the command may touch: name -> key. Others are not declared, so that a call stays small."""
        if isinstance(command, _NO_QUEUES):
            return {}
        if isinstance(command, Issue | Serve):
            return {command.service: self.keys.wait(command.service)}
        if queues is not self._declared[0]:
            self._declared = queues, {name: self.keys.wait(name) for name in queues}
        named = dict(self._declared[1])
        if isinstance(command, RollDay):
            named |= {">log": self.keys.log_of(command.from_day), ">tickets": self.keys.tickets_of(command.from_day)}
        if isinstance(command, CallNext | CloseCounter):
            pinned = pin_queue(command.counter)
            named.setdefault(pinned, self.keys.wait(pinned))
        return named

    async def _ask(self, call: Sequence[Word], *, repeatable: bool) -> list[Any]:
        try:
            reply = await self._line.ask(*call, repeatable=repeatable)
        except ResponseError as e:
            await self._load_lost_library(e)
            reply = await self._line.ask(*call, repeatable=repeatable)
        return list(reply)

    async def _call(self, name: str, argument: bytes, *, read_only: bool = False) -> list[Any]:
        call = self._client.fcall_ro if read_only else self._client.fcall
        function, words = library.function(name), (*self._fixed, *_UNSTAMPED, argument)
        async with store_errors():
            try:
                reply = await call(function, len(self._fixed), *words)
            except ResponseError as e:
                await self._load_lost_library(e)
                reply = await call(function, len(self._fixed), *words)
        return list(reply)

    async def _load_lost_library(self, error: ResponseError) -> None:
        if not library.is_lost(error):
            raise error
        async with self._loading, store_errors():
            await library.load(self._client)

    async def _outcome(self, reply: list[Any]) -> Outcome:
        kind, now_ms, *rest = reply
        match kind:
            case "done" | "repeated":
                epoch, first, payloads = rest
                return _events_outcome(epoch, first, payloads, now_ms, repeated=kind == "repeated")
            case "nothing":
                epoch, seq, more = rest
                return Outcome(epoch, seq, now_ms, (), more=orjson.loads(more))
            case "elsewhere":
                return await self._from_day(now_ms, *rest)
            case "stale":
                raise OutOfStep
            case "refused":
                raise Refused(Refusal(rest[0]), _details(orjson.loads(rest[1])))
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
    events = tuple(Event.from_json(epoch, first + i, orjson.loads(p)) for i, p in enumerate(payloads))
    return Outcome(epoch, first + len(events) - 1, now_ms, events, repeated)


def _details(details: Mapping[str, Any] | list[Any]) -> Mapping[str, Any]:
    return details if isinstance(details, Mapping) else {}

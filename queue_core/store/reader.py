"""Follows the logs and estimates of several zones over one connection: a snapshot first, then every event once.

A store that came back may have lost history (restored, failed over) and even have written other events in its place,
so a lower seq proves nothing: after every reconnect the last event read is read again, and its random command id is
compared.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from hiredis import pack_command
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection

from queue_core.domain.errors import HistoryLost, StoreAway
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ZoneId
from queue_core.domain.snapshot import Snapshot
from queue_core.store.away import store_errors
from queue_core.store.connection import BLOCKED_REPLY_TIMEOUT_S, MAX_BLOCK_MS
from queue_core.store.line import Word
from queue_core.store.zone import ZoneStore

#: More streams in one XREAD cost every event: 0.5 ms with 50, 3.3 ms with 1,000. Two a zone: log and estimates.
STREAMS_MOST = 64
ZONES_MOST = STREAMS_MOST // 2
#: So many of the last events come with a zone's snapshot.
TAIL_MOST = 64
_BATCH = 200
_FROM_START = "0"


@dataclass(frozen=True, slots=True)
class Opened:
    """Where a zone stands now; what came before it is to be forgotten. `tail` holds the events that led there, the
    last of them, as far as they are of this day."""

    zone: ZoneId
    snapshot: Snapshot
    tail: Sequence[Event] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """The next events, without a gap."""

    zone: ZoneId
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Estimated:
    zone: ZoneId
    forecast: Mapping[str, Any]


News = Opened | Happened | Estimated
#: As the store answers: (id, (FIELD, payload)).
_Entries = Sequence[tuple[str, tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class _Place:
    """The last event read: its id, the random id of its command, and the business day whose log holds it."""

    epoch: int
    seq: int
    command: str
    day: str
    estimates: str = _FROM_START

    @property
    def id(self) -> str:
        return f"{self.epoch}-{self.seq}"

    def leads_to(self, events: Sequence[Event]) -> bool:
        here = (self.epoch, self.seq)
        for event in events:
            starts = event.type is EventType.EPOCH_STARTED and event.epoch > here[0]
            if not starts and (event.epoch, event.seq) != (here[0], here[1] + 1):
                return False
            here = (event.epoch, event.seq)
        return True

    def after(self, events: Sequence[Event]) -> "_Place":
        last, days = events[-1], [day for event in events if (day := _day(event))]
        return _Place(last.epoch, last.seq, last.command, days[-1] if days else self.day, self.estimates)


class LogReader:
    """For one task: call `read` again and again, after an error too. `client` has a connection of its own.

    Every event of every zone comes this way: what is read often is asked on the connection itself.
    """

    def __init__(self, client: Redis, zones: Iterable[ZoneId]) -> None:
        self._client = client
        self._stores = {zone: ZoneStore(client, zone) for zone in zones}
        if len(self._stores) > ZONES_MOST:
            raise ValueError(f"at most {ZONES_MOST} zones a connection")
        self._streams = {zone: (store.keys.log, store.keys.estimates) for zone, store in self._stores.items()}
        keys = [key for both in self._streams.values() for key in both]
        self._xread: Sequence[Word] = ("XREAD", "COUNT", _BATCH, "BLOCK", MAX_BLOCK_MS, "STREAMS", *keys)
        self._connection: AbstractConnection | None = None
        self._places: dict[ZoneId, _Place] = {}
        self._fenced = False

    @property
    def zones(self) -> Sequence[ZoneId]:
        return list(self._stores)

    async def read(self) -> list[News]:
        """What is new; [] when nothing was for MAX_BLOCK_MS.

        A zone begins with `Opened`, and does so again whenever its events cannot be followed. Raises `StoreAway`, and
        `HistoryLost` once for each zone that needs a new epoch.
        """
        try:
            async with store_errors():
                if not self._fenced:
                    await self._fence()
                opened: list[News] = [await self._open(zone) for zone in self._stores if zone not in self._places]
                return opened or await self._next()
        except StoreAway:
            self._fenced = False
            raise

    def reopen(self) -> None:
        """Every zone begins again, with `Opened`: somebody could not follow."""
        self._places.clear()

    async def close(self) -> None:
        self._connection = None
        await self._client.aclose()

    async def _fence(self) -> None:
        for zone, place in list(self._places.items()):
            self._places[zone] = replace(place, estimates=_FROM_START)
            if place.command != await self._command_at(zone, place):
                await self._lose(zone, place)
        self._fenced = True

    async def _lose(self, zone: ZoneId, place: _Place) -> None:
        """Forgets the place; raises unless somebody has begun a new epoch already."""
        now = await self._snapshot(zone)
        del self._places[zone]
        if now is None or now.epoch <= place.epoch:
            raise HistoryLost(zone, place.epoch, place.seq)

    async def _open(self, zone: ZoneId) -> Opened:
        snapshot = await self._snapshot(zone)
        if snapshot is None:
            raise StoreAway(f"zone {zone} has not been opened yet")
        place = _Place(snapshot.epoch, snapshot.seq, "", snapshot.day)
        tail = await self._tail(zone, place)
        command = tail[-1].command if tail else await self._command_at(zone, place)
        self._places[zone] = replace(place, command=command)
        return Opened(zone, snapshot, tail)

    async def _tail(self, zone: ZoneId, place: _Place) -> list[Event]:
        """Up to the event at this place; [] when that is not in today's log."""
        log = self._stores[zone].keys.log
        entries: _Entries = await self._ask("XREVRANGE", log, place.id, "-", "COUNT", TAIL_MOST)
        if entries and entries[0][0] == place.id:
            return _events(entries[::-1])
        return []

    async def _command_at(self, zone: ZoneId, place: _Place) -> str:
        """The command id of the event at this place; "" when it is not there. A rollover renames the log."""
        keys = self._stores[zone].keys
        for key in (keys.log, keys.log_of(place.day)):
            for event in await self._range(key, place.id, place.id):
                return event.command
        return ""

    async def _next(self) -> list[News]:
        places = [self._places[zone] for zone in self._streams]
        ids = [id_ for place in places for id_ in (place.id, place.estimates)]
        found: Mapping[str, _Entries] = await self._ask(*self._xread, *ids) or {}
        news: list[News] = []
        for zone, (log, estimates) in self._streams.items() if found else ():
            if entries := found.get(log):
                news.append(await self._happened(zone, entries))
            if entries := found.get(estimates):
                news.append(self._estimated(zone, entries))
        return news

    async def _happened(self, zone: ZoneId, entries: _Entries) -> News:
        place = self._places.pop(zone)
        events = _events(entries)
        if not place.leads_to(events):
            events = [*await self._rest_of_day(zone, place), *events]
        if not place.leads_to(events):
            return await self._open(zone)
        self._places[zone] = place.after(events)
        return Happened(zone, events)

    async def _rest_of_day(self, zone: ZoneId, place: _Place) -> list[Event]:
        """What the log still held when a rollover renamed it."""
        return await self._range(self._stores[zone].keys.log_of(place.day), f"{place.epoch}-{place.seq + 1}", "+")

    async def _range(self, key: str, first: str, last: str) -> list[Event]:
        return _events(await self._ask("XRANGE", key, first, last))

    def _estimated(self, zone: ZoneId, entries: _Entries) -> Estimated:
        last, (_, payload) = entries[-1]
        if zone in self._places:
            self._places[zone] = replace(self._places[zone], estimates=last)
        return Estimated(zone, orjson.loads(payload))

    async def _ask(self, *words: Word) -> Any:
        connection = self._connection or await self._own_connection()
        async with asyncio.timeout(BLOCKED_REPLY_TIMEOUT_S):
            await connection.send_packed_command(pack_command(words))  # type: ignore[arg-type]  # its stub: a tuple of one
            return await connection.read_response()

    async def _own_connection(self) -> AbstractConnection:
        """The client's only one. It has no timeouts of its own, which cost a task for every write: ours hold."""
        connection: AbstractConnection = (await self._client.initialize()).connection  # type: ignore[assignment]
        connection.socket_timeout = None
        self._connection = connection
        return connection

    async def _snapshot(self, zone: ZoneId) -> Snapshot | None:
        async with asyncio.timeout(BLOCKED_REPLY_TIMEOUT_S):
            return (await self._stores[zone].read()).snapshot


def shares(zones: Sequence[ZoneId]) -> list[Sequence[ZoneId]]:
    """The zones in as many shares as connections are needed."""
    return [zones[i : i + ZONES_MOST] for i in range(0, len(zones), ZONES_MOST)]


def _events(entries: _Entries) -> list[Event]:
    events = []
    for id_, (_, payload) in entries:
        epoch, _, seq = id_.partition("-")
        events.append(Event.from_json(int(epoch), int(seq), orjson.loads(payload)))
    return events


def _day(event: Event) -> str:
    match event.type:
        case EventType.DAY_ROLLED:
            return str(event.data["day"])
        case EventType.EPOCH_STARTED:
            return str(event.data["state"]["day"])
        case _:
            return ""

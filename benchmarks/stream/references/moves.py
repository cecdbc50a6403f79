"""Bare FCALLs: what a command of ours sends to the store, taped once and repeated with fresh ids."""

from itertools import count
from typing import Any, cast

from redis.asyncio import Redis

from queue_core.domain.commands import CallNext, Command, Issue, OpenCounter
from queue_core.domain.model import CounterId, Current, ServiceId, TicketId, ZoneId
from queue_core.domain.office import Office
from queue_core.engine import Engine, Once
from queue_core.store.connection import connect
from queue_core.store.zone import ZoneStore

#: Where a stamp's random ids lie behind the keys: the command's id and the digest of its idempotency key.
_COMMAND, _ANSWER, _ARGUMENTS = 0, 2, 5
_TICKET = "bare-ticket-"
SERVICE, COUNTER = ServiceId("visit"), CounterId("1")


class Tape:
    """Stands before the client and keeps the last call."""

    def __init__(self, client: Redis) -> None:
        self._client, self.last = client, cast(tuple[Any, ...], ())

    async def fcall(self, *call: Any) -> Any:
        self.last = call
        return await self._client.fcall(*call)

    fcall_ro = fcall


class BareMoves:
    """Issues and calls by FCALL alone: no engine, no reading of the reply."""

    def __init__(self, client: Redis, issue: tuple[Any, ...], call: tuple[Any, ...]) -> None:
        self.client = client
        self._issue, self._call = list(issue), list(call)
        self._numbers = count(1)
        self._issue_at, self._call_at = 2 + issue[1], 2 + call[1]

    async def issue(self) -> Any:
        call, at, number = self._issue.copy(), self._issue_at, f"{next(self._numbers):012d}"
        call[at + _COMMAND], call[at + _ANSWER] = number[-8:], "bi" + number
        call[at + _ARGUMENTS] = call[at + _ARGUMENTS].replace(_TICKET, f"b{number}")
        return await self.client.fcall(*call)

    async def call(self) -> Any:
        call, at, number = self._call.copy(), self._call_at, f"{next(self._numbers):012d}"
        call[at + _COMMAND], call[at + _ANSWER] = number[-8:], "bc" + number
        return await self.client.fcall(*call)


async def bare_moves(url: str, office: Office, zone: ZoneId) -> BareMoves:
    """Tapes one issue and one call in that zone."""
    client = connect(url)
    tape = Tape(client)
    engine = Engine({zone: office[zone]}, {zone: ZoneStore(cast(Redis, tape), zone)})
    await engine.open()
    await engine.do(zone, OpenCounter(COUNTER), Once("bare", "open"))
    await engine.do(zone, issue_of(engine, zone), Once("bare", "first"))
    await engine.do(zone, issue_of(engine, zone, _TICKET), Once("bare", "issue"))
    issue = tape.last
    await engine.do(zone, CallNext(COUNTER), Once("bare", "call"))
    await engine.do(zone, next_of(), Once("bare", "next"))
    return BareMoves(client, issue, tape.last)


def issue_of(engine: Engine, zone: ZoneId, ticket: str = "") -> Command:
    return Issue(SERVICE, engine.zone(zone).default_class, TicketId(ticket))


def next_of() -> Command:
    return CallNext(COUNTER, Current.FINISH)

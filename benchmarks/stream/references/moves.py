"""Bare FCALLs: what a command of ours sends to the store, taped once and repeated with fresh ids."""

from itertools import count
from typing import Any

from redis.asyncio import Redis

from queue_core.domain.commands import CallNext, Command, Issue, OpenCounter
from queue_core.domain.model import CounterId, Current, ServiceId, TicketId, ZoneId
from queue_core.domain.office import Office
from queue_core.engine import Engine, Once
from queue_core.store.connection import connect
from queue_core.store.line import Line, Word
from queue_core.store.zone import ZoneStore

#: Where a stamp's random ids lie behind the keys: the command's id and the digest of its idempotency key.
_COMMAND, _ANSWER, _ARGUMENTS = 0, 2, 5
_TICKET = "bare-ticket-"
NUMBER_CHARS, COMMAND_CHARS = 12, 8
SERVICE, COUNTER = ServiceId("visit"), CounterId("1")


class Tape(Line):
    """A line to the store that keeps the last FCALL: its words as texts, those for `Redis.fcall`."""

    def __init__(self, client: Redis) -> None:
        super().__init__(client)
        self.last: tuple[Any, ...] = ()

    async def ask(self, *words: Word, repeatable: bool) -> Any:
        self.last = tuple(word.decode() if isinstance(word, bytes) else word for word in words[1:])
        return await super().ask(*words, repeatable=repeatable)


class BareMoves:
    """Issues and calls by FCALL alone: no engine, no reading of the reply."""

    def __init__(self, client: Redis, issue: tuple[Any, ...], call: tuple[Any, ...]) -> None:
        self.client = client
        self._issue, self._call = list(issue), list(call)
        self._numbers = count(1)
        self._issue_at, self._call_at = 2 + issue[1], 2 + call[1]

    async def issue(self) -> Any:
        return await self.client.fcall(*self.issue_call(f"{next(self._numbers):012d}"))

    async def call(self) -> Any:
        return await self.client.fcall(*self.next_call(f"{next(self._numbers):012d}"))

    def issue_call(self, number: str) -> list[Any]:
        """What one issue sends; `number`, of 12 characters, makes it another than all others."""
        call, at = self._issue.copy(), self._issue_at
        call[at + _COMMAND], call[at + _ANSWER] = number[-COMMAND_CHARS:], "bi" + number
        call[at + _ARGUMENTS] = call[at + _ARGUMENTS].replace(_TICKET, f"b{number}")
        return call

    def next_call(self, number: str) -> list[Any]:
        call, at = self._call.copy(), self._call_at
        call[at + _COMMAND], call[at + _ANSWER] = number[-COMMAND_CHARS:], "bc" + number
        return call


async def bare_moves(url: str, office: Office, zone: ZoneId) -> BareMoves:
    """Tapes one issue and one call in that zone."""
    client = connect(url)
    tape = Tape(client)
    engine = Engine({zone: office[zone]}, {zone: ZoneStore(client, zone, tape)})
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

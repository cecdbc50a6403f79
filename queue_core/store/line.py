"""One line to the store: the commands that wait in this process go out together, in one round trip.

A command that finds the line idle goes out at once. While a batch is under way the next ones gather, and follow
together: with every write synced to disk, one sync answers for all of them. Commands run in the order in which they
were asked. Long answers do not belong here: all others would wait for them.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from hiredis import pack_command
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import RedisError, ResponseError

from queue_core.domain.errors import StoreAway
from queue_core.store.away import away
from queue_core.store.connection import CONNECT_TIMEOUT_S, REPLY_TIMEOUT_S

#: A batch is bounded, so that a flood of commands does not make the first of them wait for the last.
BATCH_MOST = 128
#: Who has waited so long behind others hears `StoreAway`; what was never sent was surely not done.
WAIT_MOST_S = 2.5
#: To read what has arrived already.
CATCH_UP_S = 0.05
_CLOSED = "the line to the store is closed"

Word = str | bytes | int


@dataclass(slots=True, eq=False)
class _Asked:
    """`again`: it may be sent a second time after a lost connection."""

    packed: bytes
    again: bool
    since_s: float
    answer: asyncio.Future[Any]


class Line:
    """Shared by all tasks of one event loop. Its connection is one of the client's pool, kept for good."""

    def __init__(self, client: Redis, batch_most: int = BATCH_MOST) -> None:
        self._pool = client.connection_pool
        self._batch_most = batch_most
        self._connection: AbstractConnection | None = None
        self._waiting: deque[_Asked] = deque()
        self._serving: asyncio.Task[None] | None = None
        self._closed = False

    async def ask(self, *words: Word, repeatable: bool) -> Any:
        """The store's answer to one command. Raises `StoreAway`, or the error that the store answered.

        When the connection is lost before the answer, the command may have run. Where a second run changes nothing
        (`repeatable`), it is sent once more; else that is for the caller to decide.
        """
        if self._closed:
            raise StoreAway(_CLOSED)
        loop = asyncio.get_running_loop()
        packed = pack_command(words)  # type: ignore[arg-type]  # its stub means a tuple of one
        asked = _Asked(packed, repeatable, loop.time(), loop.create_future())
        self._waiting.append(asked)
        if self._serving is None:
            self._serving = loop.create_task(self._serve())
        return await asked.answer

    async def close(self) -> None:
        """Answers what waits, and takes no more."""
        self._closed = True
        if self._serving:
            await asyncio.wait([self._serving])
        if self._connection:
            await self._connection.disconnect()

    async def _serve(self) -> None:
        """While anybody waits. A caller that is cancelled takes back only what has not been sent."""
        batch: Sequence[_Asked] = ()
        try:
            while batch := self._next_batch():
                await self._serve_batch(batch)
        finally:
            self._serving = None
            _refuse([*batch, *self._waiting], StoreAway(_CLOSED))

    async def _serve_batch(self, batch: Sequence[_Asked]) -> None:
        try:
            connection = await self._connected()
        except (RedisError, OSError) as e:
            _refuse([*batch, *self._waiting], e)
            self._waiting.clear()
            return
        try:
            await _exchange(connection, batch)
        except (RedisError, OSError) as e:
            await connection.disconnect(nowait=True)
            self._send_again(batch, e)

    def _next_batch(self) -> list[_Asked]:
        batch: list[_Asked] = []
        earliest_s = asyncio.get_running_loop().time() - WAIT_MOST_S
        while self._waiting and len(batch) < self._batch_most:
            asked = self._waiting.popleft()
            if asked.since_s < earliest_s:
                _refuse([asked], StoreAway("the store did not get to this command in time"))
            elif not asked.answer.done():
                batch.append(asked)
        return batch

    async def _connected(self) -> AbstractConnection:
        """A connection that lives and owes no answer. It has no timeouts of its own: ours hold for whole batches."""
        if self._connection is None:
            connection: AbstractConnection = await self._pool.get_connection()  # type: ignore[no-untyped-call]
            connection.socket_timeout = None
            self._connection = connection
        connection = self._connection
        if connection.is_connected and await connection.can_read():
            await connection.disconnect(nowait=True)
        if not connection.is_connected:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await connection.connect()  # type: ignore[no-untyped-call]
        return connection

    def _send_again(self, batch: Sequence[_Asked], error: Exception) -> None:
        """First of all, in their order, and for the last time; without those whose repetition would be a second act."""
        open_ = [asked for asked in batch if not asked.answer.done()]
        _refuse([asked for asked in open_ if not asked.again], error)
        repeated = [asked for asked in open_ if asked.again]
        for asked in repeated:
            asked.again = False
        self._waiting.extendleft(reversed(repeated))


async def _exchange(connection: AbstractConnection, batch: Sequence[_Asked]) -> None:
    async with _until_late():
        await connection.send_packed_command(b"".join([asked.packed for asked in batch]))
        for asked in batch:
            try:
                answer = await connection.read_response()
            except ResponseError as e:
                _refuse([asked], e)
            else:
                if not asked.answer.done():
                    asked.answer.set_result(answer)


@asynccontextmanager
async def _until_late() -> AsyncIterator[None]:
    """Raises `TimeoutError` when the store is late. Where this process itself stood still, what arrived in the meantime
    is read first: a command that was done must not be told as lost."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:
        timer = loop.call_later(REPLY_TIMEOUT_S, lambda: limit.reschedule(loop.time() + CATCH_UP_S))
        try:
            yield
        finally:
            timer.cancel()


def _refuse(batch: Iterable[_Asked], error: Exception) -> None:
    for asked in batch:
        if not asked.answer.done():
            told = away(error) or error
            if told is not error:
                told.__cause__ = error
            asked.answer.set_exception(told)

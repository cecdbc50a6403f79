"""What a store that does not answer, or cannot write now, looks like; and how it is told."""

import asyncio
from types import TracebackType

from redis.exceptions import ClusterDownError, OutOfMemoryError, ReadOnlyError, ResponseError, TryAgainError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from queue_core.domain.errors import StoreAway

_NO_ANSWER = (RedisConnectionError, RedisTimeoutError, OSError)
_CANNOT_NOW = (ReadOnlyError, OutOfMemoryError, ClusterDownError, TryAgainError)
#: Errors that redis-py has no class for.
_CANNOT_WRITE = ("MISCONF", "NOREPLICAS")


def away(error: BaseException) -> StoreAway | None:
    """The error as `StoreAway`, where it says that the store is; None for any other."""
    if isinstance(error, (*_NO_ANSWER, *_CANNOT_NOW)):
        return StoreAway(f"{type(error).__name__}: {error}")
    if isinstance(error, ResponseError) and str(error).startswith(_CANNOT_WRITE):
        return StoreAway(str(error))
    return None


class store_errors:
    """Around every use of a client: raises `StoreAway` for a store that does not answer, or cannot write now.

    Before Python 3.12 `asyncio.wait_for`, by which redis-py writes, may swallow a cancellation: it is raised here.
    """

    __slots__ = ("_before",)

    async def __aenter__(self) -> None:
        self._before = _cancellations()

    async def __aexit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if error is None:
            if _cancellations() > self._before:
                raise asyncio.CancelledError
        elif told := away(error):
            raise told from error


def _cancellations() -> int:
    task = asyncio.current_task()
    return task.cancelling() if task else 0

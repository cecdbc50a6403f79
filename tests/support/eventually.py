"""Waiting for what will be so: poll with a deadline, never sleep for a guessed time."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

Value = TypeVar("Value")

#: A machine that stands still for some seconds is no fault of what is tried; who is in time waits no longer for it.
WITHIN_S = 20.0
POLL_S = 0.005


@overload
async def eventually(probe: Callable[[], Awaitable[Value]], within_s: float = WITHIN_S) -> Value: ...
@overload
async def eventually(probe: Callable[[], Value], within_s: float = WITHIN_S) -> Value: ...
async def eventually(probe: Callable[[], Any], within_s: float = WITHIN_S) -> Any:
    """The first truthy value of `probe` (a plain or async function); AssertionError after `within_s`.

    A probe may assert: its AssertionError counts as "not yet", and the last one is shown at the deadline.
    """
    deadline = time.monotonic() + within_s
    while True:
        failure: AssertionError | None = None
        value: Any = None
        try:
            result = probe()
            value = await result if inspect.isawaitable(result) else result
        except AssertionError as error:
            failure = error
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not so within {within_s} s, last: {value!r}") from failure
        await asyncio.sleep(POLL_S)


def eventually_sync(probe: Callable[[], Value], within_s: float = WITHIN_S) -> Value:
    """`eventually` for tests without an event loop."""
    deadline = time.monotonic() + within_s
    while True:
        failure: AssertionError | None = None
        value: Value | None = None
        try:
            value = probe()
        except AssertionError as error:
            failure = error
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not so within {within_s} s, last: {value!r}") from failure
        time.sleep(POLL_S)

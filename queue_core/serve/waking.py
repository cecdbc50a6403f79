"""Wakes the background worker: something waits for it."""

import asyncio
import logging
from collections.abc import Callable

from queue_core.jobs import timetable
from queue_core.store.connection import connect_jobs

log = logging.getLogger(__name__)


def wake(url: str, job: Callable[[], None]) -> None:
    """At once, beside the loop. A worker that is away finds what was put aside when it is back."""
    waking = asyncio.get_running_loop().run_in_executor(None, _wake, url, job)
    waking.add_done_callback(_log_failure)


def _wake(url: str, job: Callable[[], None]) -> None:
    with connect_jobs(url) as connection:
        timetable.soon(connection, job)


def _log_failure(waking: "asyncio.Future[None]") -> None:
    if not waking.cancelled() and (error := waking.exception()):
        log.warning("the worker was not woken: %s", error)

"""News of alarms on their way to the webhook: put aside at once, sent by the background worker."""

import asyncio
import logging

from queue_core import jobs
from queue_core.settings import Settings
from queue_core.store.connection import connect_jobs
from queue_core.store.opened import Store
from queue_core.store.outbox import Outbox
from queue_core.watch.alarming import Announce, News, to_nobody
from queue_core.webhook import letter

log = logging.getLogger(__name__)


def announcer(settings: Settings, store: Store) -> Announce:
    """Tells the worker; a worker that is away finds what was put aside when it is back."""
    if settings.alarm_webhook_url is None:
        return to_nobody
    outbox = Outbox(store.client)

    async def announce(news: News) -> None:
        await outbox.put(letter(news))
        waking = asyncio.get_running_loop().run_in_executor(None, _wake, store.url)
        waking.add_done_callback(_log_failure)

    return announce


def _wake(url: str) -> None:
    with connect_jobs(url) as connection:
        jobs.soon(connection, jobs.tell_alarms)


def _log_failure(waking: "asyncio.Future[None]") -> None:
    if not waking.cancelled() and (error := waking.exception()):
        log.warning("the worker was not woken for an alarm: %s", error)

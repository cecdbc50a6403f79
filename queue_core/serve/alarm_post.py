"""News of alarms on their way to the webhook: put aside at once, sent by the background worker."""

from queue_core.jobs import telling
from queue_core.serve.waking import wake
from queue_core.settings import Settings
from queue_core.store.opened import Store
from queue_core.store.outbox import Outbox
from queue_core.watch.alarming import Announce, News, to_nobody
from queue_core.webhook import letter


def announcer(settings: Settings, store: Store) -> Announce:
    """Tells the worker; a worker that is away finds what was put aside when it is back."""
    if settings.alarm_webhook_url is None:
        return to_nobody
    outbox = Outbox(store.client)

    async def announce(news: News) -> None:
        await outbox.put(letter(news))
        wake(store.url, telling.tell_alarms)

    return announce

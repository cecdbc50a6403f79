"""All that tells phones, built once for a web process, where the office wants it."""

from dataclasses import dataclass

from queue_core.engine import Engine
from queue_core.jobs import telling
from queue_core.live.hub import Hub
from queue_core.push.ciphers import PushKeys, fault_of
from queue_core.push.phones import Phones
from queue_core.push.watching import PathOf, PushWatch
from queue_core.serve.waking import wake
from queue_core.settings import Settings
from queue_core.store.opened import Store
from queue_core.store.push import PushStore
from queue_core.web.secret import load_secret


@dataclass(frozen=True, slots=True)
class Told:
    phones: Phones
    watch: PushWatch


def open_phones(settings: Settings, store: Store, engine: Engine, hub: Hub, path_of: PathOf) -> Told | None:
    if settings.push_contact is None:
        return None
    kept = PushStore(store.client)
    public_key = PushKeys(load_secret(settings)).public

    async def wake_worker() -> None:
        wake(store.url, telling.tell_phones)

    phones = Phones(public_key, kept, hub, fault_of, loopback=settings.push_loopback)
    return Told(phones, PushWatch(engine, hub, kept, path_of, wake_worker))

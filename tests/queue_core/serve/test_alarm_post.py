"""News of an alarm are put aside and the worker is woken; without a webhook nothing happens."""

from typing import Any

from queue_core.domain.alarms import Alarm, AlarmKind
from queue_core.domain.model import CounterId, ZoneId
from queue_core.jobs.timetable import QUEUE
from queue_core.serve.alarm_post import announcer
from queue_core.settings import Settings
from queue_core.store.opened import open_store
from queue_core.store.outbox import Outbox
from queue_core.watch.alarming import Change, News, to_nobody
from tests.support.eventually import eventually

NEWS = News(Change.OPENED, Alarm("a", AlarmKind.EMERGENCY, (ZoneId("hall"),), 5, counter=CounterId("1")), 5)


async def test_the_worker_is_woken_for_what_was_put_aside(valkey_url: str) -> None:
    told: dict[str, Any] = {"alarm_webhook_url": "http://127.0.0.1:9/", "alarm_webhook_secret": "s" * 32}
    async with open_store(valkey_url) as store:
        await announcer(Settings(**told), store)(NEWS)
        assert [letter.id for letter in await Outbox(store.client).waiting()] == ["a.opened"]

        async def is_woken() -> bool:
            return bool(await store.client.llen(f"rq:queue:{QUEUE}"))

        assert await eventually(is_woken)


async def test_without_a_webhook_nobody_is_told(valkey_url: str) -> None:
    async with open_store(valkey_url) as store:
        assert announcer(Settings(), store) is to_nobody

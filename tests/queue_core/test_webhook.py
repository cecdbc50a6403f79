"""The webhook, against a real HTTP server that fails first."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_core.domain.alarms import Alarm, AlarmKind
from queue_core.domain.model import CounterId, ZoneId
from queue_core.store.connection import connect
from queue_core.store.outbox import Outbox
from queue_core.watch.alarming import Change, News
from queue_core.webhook import PAUSES_MS, Webhook, letter
from tests.support.web_server import free_listener, serving

SECRET = "s" * 32
ALARM = Alarm("a1", AlarmKind.EMERGENCY, (ZoneId("hall"),), 5, counter=CounterId("1"), note="Frau Muster")


@dataclass
class Receiver:
    """Answers as told, one after the other, then 204."""

    url: str = ""
    answers: list[Response] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    strayed: int = 0

    async def take(self, request: Request) -> Response:
        self.got.append((dict(request.headers), await request.body()))
        return self.answers.pop(0) if self.answers else Response(status_code=204)

    async def stray(self, _request: Request) -> Response:
        self.strayed += 1
        return Response(status_code=204)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver, listener = Receiver(), free_listener()
    receiver.url = f"http://127.0.0.1:{listener.getsockname()[1]}/alarms"
    routes = [
        Route("/alarms", receiver.take, methods=["POST"]),
        Route("/elsewhere", receiver.stray, methods=["GET", "POST"]),
    ]
    async with serving(Starlette(routes=routes), listener):
        yield receiver


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest_asyncio.fixture
async def outbox(valkey_url: str) -> AsyncIterator[Outbox]:
    async with connect(valkey_url) as client:
        yield Outbox(client)


@dataclass
class HandClock:
    ms: int = 1_700_000_000_000

    def __call__(self) -> int:
        return self.ms


async def test_it_is_told_again_until_it_takes_it_with_the_same_id(receiver: Receiver, outbox: Outbox) -> None:
    clock = HandClock()
    webhook = Webhook(receiver.url, SECRET, outbox, clock)
    receiver.answers = [Response(status_code=500)]
    await outbox.put(letter(News(Change.OPENED, ALARM, clock.ms)))
    await webhook.tell()
    await webhook.tell()
    assert len(receiver.got) == 1
    clock.ms += PAUSES_MS[0]
    await webhook.tell()
    assert [headers["wartezone-event"] for headers, _ in receiver.got] == ["a1.opened"] * 2
    assert await outbox.waiting() == []


async def test_what_it_is_told_is_signed_over_time_id_and_body(receiver: Receiver, outbox: Outbox) -> None:
    clock = HandClock()
    await outbox.put(letter(News(Change.RESOLVED, ALARM, clock.ms)))
    await Webhook(receiver.url, SECRET, outbox, clock).tell()
    ((headers, body),) = receiver.got
    signed = f"{headers['wartezone-timestamp']}.{headers['wartezone-event']}.".encode() + body
    wanted = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["wartezone-signature"] == f"v1={wanted}"
    assert headers["wartezone-timestamp"] == str(clock.ms // 1000)
    told = json.loads(body)
    assert (told["event"], told["alarm"]["kind"], told["alarm"]["counter"]) == ("resolved", "emergency", "1")


async def test_a_redirect_leads_nowhere(receiver: Receiver, outbox: Outbox) -> None:
    receiver.answers = [RedirectResponse("/elsewhere", 307)]
    await outbox.put(letter(News(Change.OPENED, ALARM, 1)))
    await Webhook(receiver.url, SECRET, outbox).tell()
    assert receiver.strayed == 0
    assert len(await outbox.waiting()) == 1


async def test_one_that_is_not_taken_holds_up_no_other(receiver: Receiver, outbox: Outbox) -> None:
    receiver.answers = [Response(status_code=503)]
    for at_ms, change in enumerate(Change):
        await outbox.put(letter(News(change, ALARM, at_ms)))
    await Webhook(receiver.url, SECRET, outbox).tell()
    assert [waiting.id for waiting in await outbox.waiting()] == ["a1.opened"]


async def test_where_nobody_ever_answers_it_is_given_up(outbox: Outbox, caplog: pytest.LogCaptureFixture) -> None:
    listener = free_listener()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    listener.close()
    clock = HandClock()
    webhook = Webhook(url, SECRET, outbox, clock)
    await outbox.put(letter(News(Change.OPENED, ALARM, clock.ms)))
    for pause_ms in PAUSES_MS:
        await webhook.tell()
        clock.ms += pause_ms
    assert len(await outbox.waiting()) == 1
    await webhook.tell()
    assert await outbox.waiting() == []
    assert "given up" in caplog.text
    assert SECRET not in caplog.text


def test_what_a_clerk_wrote_stays_in_the_house() -> None:
    sent = json.loads(letter(News(Change.OPENED, ALARM, 1)).body)
    assert set(sent["alarm"]) == {"id", "kind", "zones", "since_ms", "device", "counter"}
    assert "Muster" not in letter(News(Change.OPENED, ALARM, 1)).body

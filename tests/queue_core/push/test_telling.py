"""From a call to a phone: a whole office, the job's sender, and a push service that reads what the phone reads."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from public_feed.app.face import face as app
from public_feed.own.face import face as own
from queue_core.domain.model import TicketId, ZoneId
from queue_core.jobs.telling import tell_phones
from queue_core.push.ciphers import PushKeys, sealed
from queue_core.push.sending import NEWS_FOR_S, PAUSES_MS, SEND_WITHIN_S, Post
from queue_core.push.watching import PushWatch
from queue_core.real_clock import real_ms
from queue_core.store.case_phones import CasePhones
from queue_core.store.push import PushStore
from queue_core.web.secret import load_secret
from tests.support.eventually import eventually
from tests.support.push_service import PushService, push_service
from tests.support.web_office import ORIGIN, WebOffice, open_web_office

HALL = ZoneId("hall")
CONTACT = "mailto:it@example.de"
FROM_US = {"Origin": ORIGIN}


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    settings: dict[str, Any] = {"push_contact": CONTACT, "push_loopback": True}
    async with open_web_office(valkey_url, tmp_path, faces=[own, app], **settings) as opened:
        yield opened


@pytest_asyncio.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as opened:
        yield opened


class Clock:
    def __init__(self) -> None:
        self.later_ms = 0

    def __call__(self) -> int:
        return real_ms() + self.later_ms


def post(office: WebOffice, clock: Clock | None = None, within_s: float = SEND_WITHIN_S) -> Post:
    """As the job makes it."""
    authorize = partial(PushKeys(load_secret(office.frame.settings)).authorization, contact=CONTACT)
    client = office.store.client
    return Post(
        PushStore(client),
        CasePhones(client),
        sealed,
        authorize,
        loopback=True,
        now=clock or Clock(),
        within_s=within_s,
    )


async def drawn(office: WebOffice) -> tuple[TicketId, str]:
    ticket = TicketId((await office.draw())["id"])
    await eventually(lambda: ticket in office.hub.snapshot(HALL).tickets)
    return ticket, office.frame.links.path(HALL, ticket)


async def told(office: WebOffice, service: PushService, lang: str = "de") -> tuple[TicketId, str]:
    """A ticket whose phone is to be told."""
    ticket, path = await drawn(office)
    answer = await office.http.post(f"{path}/push?lang={lang}", json=subscription(service), headers=FROM_US)
    assert answer.status_code == 204, answer.text
    return ticket, path


def subscription(service: PushService) -> dict[str, Any]:
    return {"endpoint": service.endpoint, "keys": service.keys}


async def on_the_way(office: WebOffice, count: int) -> bool:
    store = PushStore(office.store.client)

    async def are_there() -> bool:
        return len(await store.letters()) == count

    return await eventually(are_there)


async def test_a_call_reaches_the_phone_in_its_language_and_signed(office: WebOffice, service: PushService) -> None:
    _, path = await told(office, service, "en")
    await office.command("counters/1/open")
    await office.command("counters/1/call-next")
    assert await on_the_way(office, 1)
    await post(office).send()
    [message], [claims], [headers] = service.got, service.claims, service.headers
    assert (message["kind"], message["title"]) == ("called", "A001: please come now")
    assert (message["text"], message["path"]) == ("You are called to: Counter 1", f"{path}?lang=en")
    assert office.frame.phones is not None
    assert (claims["aud"], claims["sub"]) == (service.address, CONTACT)
    assert claims["key"] == office.frame.phones.public_key
    assert (headers["ttl"], headers["urgency"], headers["content-encoding"]) == (str(NEWS_FOR_S), "high", "aes128gcm")


async def test_the_job_sends_it(
    office: WebOffice, service: PushService, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await called(office, service)
    told_of = {"REDIS_URL": valkey_url, "DATA": str(office.frame.settings.data), "PUSH_LOOPBACK": "true"}
    for name, value in {**told_of, "PUSH_CONTACT": CONTACT}.items():
        monkeypatch.setenv(f"WARTEZONE_{name}", value)
    await asyncio.to_thread(tell_phones)
    assert [message["kind"] for message in service.got] == ["called"]


async def test_each_thing_is_told_once_though_many_processes_see_it(office: WebOffice, service: PushService) -> None:
    await told(office, service)
    woken: list[int] = []

    async def wake() -> None:
        woken.append(1)

    store = PushStore(office.store.client)
    others = [PushWatch(office.engine, office.hub, store, office.frame.links.path, wake) for _ in range(3)]
    await office.command("counters/1/open")
    await office.command("counters/1/call-next")
    assert await on_the_way(office, 1)
    for other in others:
        await other.look()
    await post(office).send()
    await post(office).send()
    assert (len(service.got), woken) == (1, [])


async def test_a_call_again_is_told_again(office: WebOffice, service: PushService) -> None:
    await told(office, service)
    await office.command("counters/1/open")
    await office.command("counters/1/call-next")
    assert await on_the_way(office, 1)
    await post(office).send()
    answer = await office.command("counters/1/recall")
    assert answer.is_success, answer.text
    assert await on_the_way(office, 1)
    await post(office).send()
    assert [message["kind"] for message in service.got] == ["called", "recalled"]


async def test_a_phone_is_forgotten_with_its_ticket(office: WebOffice, service: PushService) -> None:
    ticket, path = await told(office, service)
    store = PushStore(office.store.client)
    assert list(await store.phones(HALL)) == [ticket]
    await office.http.post(f"{path}/leave", headers=FROM_US)
    await eventually(lambda: ticket not in office.hub.snapshot(HALL).tickets)
    await PushWatch(office.engine, office.hub, store, office.frame.links.path, nobody).look()
    assert await store.phones(HALL) == {}


async def nobody() -> None:
    pass


async def test_a_phone_is_forgotten_with_its_day_at_the_latest(office: WebOffice, service: PushService) -> None:
    await told(office, service)
    left_ms = await office.store.client.pttl("{hall}:push")
    snapshot = office.hub.snapshot(HALL)
    assert 0 < left_ms <= snapshot.day_to_ms - snapshot.day_from_ms


async def test_who_asks_to_stop_is_told_no_more(office: WebOffice, service: PushService) -> None:
    _, path = await told(office, service)
    ended = {"endpoint": service.endpoint}
    answer = await office.http.request("DELETE", f"{path}/push", json=ended, headers=FROM_US)
    assert answer.status_code == 204
    assert await PushStore(office.store.client).phones(HALL) == {}


async def called(office: WebOffice, service: PushService) -> None:
    await told(office, service)
    await office.command("counters/1/open")
    await office.command("counters/1/call-next")
    assert await on_the_way(office, 1)


async def test_a_service_that_knows_the_phone_no_more_ends_it(office: WebOffice, service: PushService) -> None:
    service.statuses = [410]
    await called(office, service)
    await post(office).send()
    assert await PushStore(office.store.client).phones(HALL) == {}
    assert await on_the_way(office, 0)


async def test_a_service_in_trouble_is_asked_again_and_then_no_more(office: WebOffice, service: PushService) -> None:
    service.statuses = [500, 429, 201]
    await called(office, service)
    clock = Clock()
    for tries, pause_ms in enumerate(PAUSES_MS[:2], start=1):
        await post(office, clock).send()
        await post(office, clock).send()
        assert len(service.got) == tries
        clock.later_ms += pause_ms + 1000
    await post(office, clock).send()
    assert len(service.got) == 3
    assert await on_the_way(office, 0)


async def test_news_that_is_old_is_none(office: WebOffice, service: PushService) -> None:
    await called(office, service)
    clock = Clock()
    clock.later_ms = 1000 * NEWS_FOR_S + 1000
    await post(office, clock).send()
    assert service.got == []
    assert await on_the_way(office, 0)


async def test_no_page_offers_it_where_the_office_does_not_want_it(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=[own, app]) as quiet:
        _, path = await drawn(quiet)
        assert "data-phone-begin" not in (await quiet.http.get(path)).text
        unasked = {"endpoint": "https://push.example.org/x", "keys": {"p256dh": "", "auth": ""}}
        assert (await quiet.http.post(f"{path}/push", json=unasked, headers=FROM_US)).status_code == 404


async def test_what_cannot_be_told_is_refused_and_not_kept(office: WebOffice, service: PushService) -> None:
    _, path = await drawn(office)

    async def answer(body: dict[str, Any], headers: dict[str, str] | None = None) -> tuple[int, str]:
        found = await office.http.post(f"{path}/push", json=body, headers=headers or FROM_US)
        return found.status_code, found.json()["code"]

    right = subscription(service)
    assert await answer({**right, "endpoint": "https://10.0.0.1/x"}) == (422, "phone_unusable")
    assert await answer({**right, "keys": {"p256dh": "x", "auth": "y"}}) == (422, "phone_unusable")
    assert await answer({**right, "more": 1}) == (422, "unknown_field")
    assert (await answer(right, {"Origin": "https://evil.example"}))[1] == "foreign_site"
    assert await PushStore(office.store.client).phones(HALL) == {}


async def test_a_ticket_has_so_many_phones_and_no_more(office: WebOffice, service: PushService) -> None:
    _, path = await drawn(office)
    codes = []
    for n in range(5):
        body = {**subscription(service), "endpoint": f"{service.endpoint}?{n}"}
        codes.append((await office.http.post(f"{path}/push", json=body, headers=FROM_US)).status_code)
    assert codes == [204, 204, 204, 204, 409]


async def test_a_link_that_is_not_ours_tells_nobody(office: WebOffice, service: PushService) -> None:
    answer = await office.http.post("/t/hall.none.AAAA/push", json=subscription(service), headers=FROM_US)
    assert answer.status_code == 404


async def test_services_that_talk_for_ever_or_not_at_all_keep_nobody_waiting(
    office: WebOffice, service: PushService
) -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError):
            writer.write(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n")
            while not writer.is_closing():
                writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
                await writer.drain()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError):
            await reader.read()

    async with (
        await asyncio.start_server(talk, "127.0.0.1") as one,
        await asyncio.start_server(say_nothing, "127.0.0.1") as other,
    ):
        _, path = await told(office, service)
        for server in (one, other):
            endpoint = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x"
            answer = await office.http.post(
                f"{path}/push", json={**subscription(service), "endpoint": endpoint}, headers=FROM_US
            )
            assert answer.status_code == 204, answer.text
        await office.command("counters/1/open")
        await office.command("counters/1/call-next")
        assert await on_the_way(office, 3)
        await post(office, within_s=0.5).send()
        assert len(service.got) == 1
        [later] = await PushStore(office.store.client).letters()
        assert later.tries == 1

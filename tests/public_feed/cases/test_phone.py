"""From news of a case to a phone: asked for by a look, once for each change, and never with what is new."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from public_feed.app.face import face as app
from public_feed.cases.phone import PACKAGE, words
from queue_core.casework.casework import Pushed
from queue_core.domain.cases import News
from queue_core.domain.site import Site
from queue_core.push.ciphers import PushKeys, sealed
from queue_core.push.sending import CASE_PAUSES_MS, Post
from queue_core.real_clock import real_ms
from queue_core.store.case_phones import CasePhones
from queue_core.store.push import CASE_LETTERS_KEPT_S, PHONES_MOST, PushStore
from queue_core.web.secret import load_secret
from queue_core.web.words import ORDER, translations
from tests.public_feed.cases.conftest import FACES, push
from tests.support.cases import NUMBER, PIN
from tests.support.push_service import PushService, push_service
from tests.support.web_office import ORIGIN, WebOffice, open_web_office

CONTACT = "mailto:it@example.de"
FROM_US = {"Origin": ORIGIN}


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path, site: Site) -> AsyncIterator[WebOffice]:
    settings: dict[str, Any] = {"push_contact": CONTACT, "push_loopback": True}
    async with open_web_office(valkey_url, tmp_path, faces=[*FACES, app], site=site, **settings) as opened:
        await push(opened, "received", 20)
        yield opened


@pytest_asyncio.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as opened:
        yield opened


async def looked(office: WebOffice, pin: str = PIN) -> str:
    answer = await office.http.post("/status", data={"case": NUMBER, "pin": pin}, headers=FROM_US)
    return answer.headers["location"]


def subscription(service: PushService, name: str = "") -> dict[str, Any]:
    return {"endpoint": service.endpoint + name, "keys": service.keys}


async def asked(office: WebOffice, service: PushService, name: str = "", lang: str = "de") -> httpx.Response:
    look = await looked(office)
    wanted = subscription(service, name)
    return await office.http.post(f"{look}/push?lang={lang}", json=wanted, headers=FROM_US)


async def send(office: WebOffice, later_ms: int = 0) -> None:
    """As the job does."""
    client = office.store.client
    authorize = partial(PushKeys(load_secret(office.frame.settings)).authorization, contact=CONTACT)
    now = lambda: real_ms() + later_ms  # noqa: E731
    await Post(PushStore(client), CasePhones(client), sealed, authorize, loopback=True, now=now).send()


async def letters(office: WebOffice) -> int:
    return len(await PushStore(office.store.client).letters())


async def phones(office: WebOffice) -> int:
    return len(await CasePhones(office.store.client).of(office.frame.cases.work.key(NUMBER)))


async def test_news_reach_the_phone_and_tell_neither_case_nor_stage(office: WebOffice, service: PushService) -> None:
    assert (await asked(office, service)).status_code == 204
    await push(office, "checking", 0, ("lease",))
    await send(office)
    [message], [headers] = service.got, service.headers
    assert message == {
        "kind": "news",
        "title": "Es gibt Neues zu Ihrem Antrag",
        "text": "Geben Sie Aktenzeichen und PIN ein, um es zu lesen.",
        "path": "/status?lang=de",
        "language": "de",
    }
    assert (headers["ttl"], headers["urgency"]) == (str(CASE_LETTERS_KEPT_S), "normal")
    key = office.frame.cases.work.key(NUMBER)
    assert not [word for word in (NUMBER, PIN, key, "checking", "lease") if word in json.dumps([message, headers])]


@pytest.mark.parametrize("language", ORDER)
def test_every_language_has_the_words(language: str) -> None:
    [(title, text)] = words(translations(PACKAGE, language).gettext).values()
    assert (title == "There is news about your application") == (language == "en")
    assert title != text


async def test_each_change_is_told_once_however_often_it_is_pushed(office: WebOffice, service: PushService) -> None:
    await asked(office, service)
    work = office.frame.cases.work
    news = [Pushed(NUMBER, News("checking", work.now_ms()), PIN)]
    for _ in range(3):
        await work.push(news, "test")
        await asyncio.gather(send(office), send(office))
    assert len(service.got) == 1
    await push(office, "deciding")
    await send(office)
    assert len(service.got) == 2


async def test_pushes_that_change_nothing_to_read_are_not_told(office: WebOffice, service: PushService) -> None:
    await asked(office, service)
    await push(office, "received")
    await push(office, "checking", 30)
    assert await letters(office) == 0


async def test_a_correction_is_news_as_well(office: WebOffice, service: PushService) -> None:
    await asked(office, service)
    work = office.frame.cases.work
    await work.correct(work.key(NUMBER), News("deciding", work.now_ms()), "staff:a")
    await send(office)
    assert len(service.got) == 1


async def test_who_wants_no_more_messages_gets_none(office: WebOffice, service: PushService) -> None:
    await asked(office, service)
    await push(office, "checking")
    ended = {"endpoint": service.endpoint}
    answer = await office.http.request("DELETE", f"{await looked(office)}/push", json=ended, headers=FROM_US)
    assert answer.status_code == 204
    await send(office)
    assert (service.got, await phones(office)) == ([], 0)


async def test_the_phones_go_with_the_case(office: WebOffice, service: PushService) -> None:
    await asked(office, service)
    await push(office, "checking")
    work = office.frame.cases.work
    await work.erase(work.key(NUMBER), "test")
    await send(office)
    assert (service.got, await phones(office)) == ([], 0)


async def test_the_phones_go_with_another_pin_and_stay_with_the_same(office: WebOffice, service: PushService) -> None:
    await asked(office, service)
    await push(office, "received")
    assert await phones(office) == 1
    work = office.frame.cases.work
    await work.push([Pushed(NUMBER, News("checking", work.now_ms()), "55555")], "test")
    assert (await phones(office), await letters(office)) == (0, 0)


async def test_a_phone_that_is_gone_is_forgotten(office: WebOffice, service: PushService) -> None:
    service.statuses = [410]
    await asked(office, service)
    await push(office, "checking")
    await send(office)
    assert await phones(office) == 0


async def test_a_service_in_trouble_is_asked_again_for_days(office: WebOffice, service: PushService) -> None:
    service.statuses = [503] * len(CASE_PAUSES_MS)
    await asked(office, service)
    await push(office, "checking")
    later_ms = 0
    for pause_ms in (0, *CASE_PAUSES_MS):
        later_ms += pause_ms
        await send(office, later_ms + 1000)
    assert len(service.got) == len(CASE_PAUSES_MS) + 1
    assert await letters(office) == 0


async def test_a_case_has_a_few_phones_at_most_and_each_once(office: WebOffice, service: PushService) -> None:
    for _ in range(2):
        for n in range(PHONES_MOST):
            assert (await asked(office, service, f"?{n}")).status_code == 204
    refused = await asked(office, service, "?more")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_phones")


async def test_only_an_open_look_may_ask(office: WebOffice, service: PushService) -> None:
    look = await looked(office)
    await office.http.post(f"{look}/close", headers=FROM_US)
    for path in (look, "/status/nonsense"):
        assert (await office.http.post(f"{path}/push", json=subscription(service), headers=FROM_US)).status_code == 404
        ended = {"endpoint": service.endpoint}
        assert (await office.http.request("DELETE", f"{path}/push", json=ended, headers=FROM_US)).status_code == 404
    assert await phones(office) == 0


async def test_what_no_phone_can_have_given_is_refused(office: WebOffice, service: PushService) -> None:
    look = await looked(office)
    wrong = {"endpoint": "http://10.0.0.1/push", "keys": service.keys}
    answer = await office.http.post(f"{look}/push", json=wrong, headers=FROM_US)
    assert (answer.status_code, answer.json()["code"]) == (422, "phone_unusable")
    foreign = {"Origin": "https://elsewhere.example"}
    assert (await office.http.post(f"{look}/push", json=subscription(service), headers=foreign)).status_code == 403


async def test_an_office_that_tells_no_phones_offers_none(valkey_url: str, tmp_path: Path, site: Site) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=[*FACES, app], site=site) as silent:
        await push(silent, "checking")
        look = await looked(silent)
        assert "data-phone" not in (await silent.http.get(look)).text
        wanted = {"endpoint": "https://push.example.org/phone", "keys": PushService().keys}
        assert (await silent.http.post(f"{look}/push", json=wanted, headers=FROM_US)).status_code == 404

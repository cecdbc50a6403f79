"""The route that says a text aloud: to whom, in which languages, how long, how often."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from queue_core.domain.principal import Role
from queue_core.speech.text import TEXT_MOST
from queue_core.speech.wave import RATE_HZ, read_wav
from queue_core.web.device import COOKIE
from queue_core.web.words import ORDER
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice, open_web_office

FOREIGN = {"X-Forwarded-For": "192.0.2.7"}
TEXT = "Nummer A 0 4 7"
FEW = 2


@pytest.fixture
async def mute(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, speech_engine="off") as opened:
        yield opened


@pytest.fixture
async def strict(valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WebOffice]:
    """An office where few new texts are spoken in a minute."""
    monkeypatch.setattr("queue_core.web.speech._TEXTS_PER_MINUTE", FEW)
    async with open_web_office(valkey_url, tmp_path) as opened:
        yield opened


async def ask(
    office: WebOffice, text: str | None = TEXT, language: str = "de", headers: dict[str, str] | None = None
) -> httpx.Response:
    params = {} if text is None else {"text": text}
    return await office.http.get(f"/speech/{language}.wav", params=params, headers=headers)


async def test_a_text_comes_back_as_sound(office: WebOffice) -> None:
    answer = await ask(office)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert RATE_HZ < len(read_wav(answer.content).samples) < 5 * RATE_HZ


@pytest.mark.parametrize("language", ORDER)
async def test_each_language_of_the_house_is_spoken(office: WebOffice, language: str) -> None:
    assert (await ask(office, "0 4 7", language)).status_code == 200


@pytest.mark.parametrize("language", ["fr", "DE", "..%2F..%2Fetc", "de.wav", "x" * 500])
async def test_no_other_language_is(office: WebOffice, language: str) -> None:
    answer = await ask(office, TEXT, language)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_what_was_heard_may_be_kept_and_is_not_sent_again(office: WebOffice) -> None:
    first = await ask(office)
    assert first.headers["cache-control"] == "private, max-age=31536000, immutable"
    again = await ask(office, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await ask(office, "Nummer A 0 4 8")).headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    ("text", "code"),
    [(None, "text_missing"), ("", "text_missing"), (" \n<>", "text_missing"), ("a" * (TEXT_MOST + 1), "text_too_long")],
    ids=["none", "empty", "nothing", "long"],
)
async def test_a_text_must_be_one(office: WebOffice, text: str | None, code: str) -> None:
    answer = await ask(office, text)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_the_longest_text_is_spoken(office: WebOffice) -> None:
    assert (await ask(office, "ja " * (TEXT_MOST // 3))).status_code == 200


async def test_a_stranger_hears_nothing(office: WebOffice) -> None:
    answer = await ask(office, headers=FOREIGN)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("role", Role)
async def test_devices_and_staff_hear_it(office: WebOffice, role: Role) -> None:
    assert (await ask(office, headers={**FOREIGN, **await office.bearer(role)})).status_code == 200


@pytest.mark.slow
async def test_a_device_of_any_zone_hears_it_until_it_is_revoked(office: WebOffice) -> None:
    token = await office.token(Role.DEVICE, ["elsewhere"])
    shown = {**FOREIGN, "Cookie": f"{COOKIE}={token}"}
    assert (await ask(office, headers=shown)).status_code == 200
    (known,) = await office.credentials.tokens()
    await office.credentials.revoke_token(known.id, by="test")

    async def is_refused() -> bool:
        return (await ask(office, headers=shown)).status_code == 401

    assert await eventually(is_refused)


async def test_a_cookie_of_somebody_else_is_no_devices(office: WebOffice) -> None:
    admin = await office.token(Role.ADMIN)
    for token in ("wz_wrong", admin):
        assert (await ask(office, headers={**FOREIGN, "Cookie": f"{COOKIE}={token}"})).status_code == 401


async def test_new_texts_have_a_limit_but_known_ones_have_none(strict: WebOffice) -> None:
    answers = [await ask(strict, f"text {n}") for n in range(FEW + 1)]
    assert [answer.status_code for answer in answers] == [200] * FEW + [429]
    assert answers[-1].json()["code"] == "too_fast"
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert (await ask(strict, "text 0")).status_code == 200


async def test_a_house_without_a_voice_says_so(mute: WebOffice) -> None:
    answer = await ask(mute)
    assert (answer.status_code, answer.json()["code"]) == (503, "speech_unavailable")

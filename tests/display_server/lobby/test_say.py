"""The route by which a display hears its calls."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from display_server.lobby.face import face
from queue_core.domain.devices import Devices, DisplayPlace, VoicePlace
from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Role
from queue_core.speech.wave import read_wav
from queue_core.web.device import COOKIE
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import zone

FOREIGN = {"X-Forwarded-For": "192.0.2.7"}
HALL, ANNEX = ZoneId("hall"), ZoneId("annex")
CALL = "hall:A047:1"


@pytest.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    wall = DisplayPlace("wall", (HALL, ANNEX), voice=VoicePlace(languages=("de", "en")))
    devices = Devices(displays={"wall": wall, "other": DisplayPlace("other", (ANNEX,))})
    zones = (zone(), zone("annex", displays=()))
    async with open_web_office(valkey_url, tmp_path, *zones, faces=[face], devices=devices) as opened:
        yield opened


async def ask(
    office: WebOffice,
    *calls: str,
    language: str = "de",
    display: str = "wall",
    again: bool = False,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    params = {"call": list(calls), **({"again": "1"} if again else {})}
    return await office.http.get(f"/lobby/{display}/say/{language}.wav", params=params, headers=headers)


async def test_a_call_comes_back_as_sound_that_may_be_kept_for_a_while(office: WebOffice) -> None:
    answer = await ask(office, CALL)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert answer.headers["cache-control"] == "private, max-age=60"
    assert len(read_wav(answer.content).samples) > 22_050
    assert (await ask(office, CALL, headers={"If-None-Match": answer.headers["etag"]})).status_code == 304


async def test_languages_recalls_counters_and_numbers_sound_different(office: WebOffice) -> None:
    answers = [
        await ask(office, CALL),
        await ask(office, CALL, language="en"),
        await ask(office, CALL, again=True),
        await ask(office, "hall:A047:2"),
        await ask(office, "hall:A048:1"),
        await ask(office, CALL, "annex:A047:1"),
    ]
    assert len({answer.headers["etag"] for answer in answers}) == len(answers)


@pytest.mark.parametrize(
    "calls",
    [
        [],
        [CALL] * 7,
        [""],
        ["A047"],
        ["hall:A047"],
        ["hall:A047:"],
        ["hall::1"],
        ["hall:A047:9"],
        ["away:A047:1"],
        ["hall:" + "A" * 13 + ":1"],
        ["hall:please leave:1"],
        ["hall:A0,47:1"],
        ["hall:A047:1:2"],
        [CALL, "hall:A047"],
    ],
    ids=str,
)
async def test_what_is_no_call_of_this_display_is_not_said(office: WebOffice, calls: list[str]) -> None:
    answer = await ask(office, *calls)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_call")


async def test_calls_of_zones_that_it_does_not_show_are_not_said(office: WebOffice) -> None:
    assert (await ask(office, CALL, display="other")).status_code == 400
    assert (await ask(office, "annex:A047:1", display="other")).status_code == 200


@pytest.mark.parametrize(("display", "language"), [("wall", "tr"), ("wall", "xx"), ("other", "en"), ("away", "de")])
async def test_a_display_speaks_its_own_languages_alone(office: WebOffice, display: str, language: str) -> None:
    assert (await ask(office, CALL, display=display, language=language)).status_code == 404


async def test_a_stranger_hears_nothing(office: WebOffice) -> None:
    assert (await ask(office, CALL, headers=FOREIGN)).status_code == 401


async def test_only_a_device_of_its_zones_hears_it(office: WebOffice) -> None:
    own, foreign = await office.token(Role.DEVICE, ["hall", "annex"]), await office.token(Role.DEVICE, ["elsewhere"])
    assert (await ask(office, CALL, headers={**FOREIGN, "Cookie": f"{COOKIE}={own}"})).status_code == 200
    office.http.cookies.clear()
    assert (await ask(office, CALL, headers={**FOREIGN, "Cookie": f"{COOKIE}={foreign}"})).status_code == 401

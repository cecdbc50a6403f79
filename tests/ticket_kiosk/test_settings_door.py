"""The kiosk's settings: nothing without the PIN, and nobody guesses it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from queue_core.domain.devices import Devices, KioskPlace, PrinterPlace
from queue_core.domain.model import ZoneId
from tests.support.web_office import ORIGIN, WebOffice, open_web_office
from ticket_kiosk.face import face

SETTINGS = "/kiosk/entrance/settings"
PIN = "482913"


@pytest_asyncio.fixture
async def guarded(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    place = KioskPlace("entrance", (ZoneId("hall"),), pin=PIN, printer=PrinterPlace("tcp://127.0.0.1:9100"))
    async with open_web_office(valkey_url, tmp_path, faces=[face], devices=Devices({"entrance": place})) as opened:
        yield opened


async def knock(office: WebOffice, pin: str, **more: Any) -> httpx.Response:
    return await office.http.post(SETTINGS, json={"pin": pin, **more})


async def test_the_pin_opens(guarded: WebOffice) -> None:
    answer = await knock(guarded, PIN)
    assert answer.status_code == 200
    assert (answer.json()["kiosk"], answer.json()["build"]) == ("entrance", guarded.frame.assets.build)


@pytest.mark.parametrize("pin", ["482914", "4829131", "0", "４８２９１３", "x" * 32])
async def test_another_pin_does_not(guarded: WebOffice, pin: str) -> None:
    answer = await knock(guarded, pin)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_pin")


async def test_after_five_wrong_ones_the_right_one_does_not_open_either(guarded: WebOffice) -> None:
    answers = [(await knock(guarded, f"{n}")).status_code for n in range(6)]
    assert answers == [403, 403, 403, 403, 403, 429]
    assert (await knock(guarded, PIN)).status_code == 429


async def test_the_right_one_forgives_the_wrong_ones_before(guarded: WebOffice) -> None:
    for pin in ["1", "2", "3", "4", PIN, "1", "2", "3", "4"]:
        await knock(guarded, pin)
    assert (await knock(guarded, PIN)).status_code == 200


async def test_without_a_pin_there_is_no_door(office: WebOffice) -> None:
    assert (await knock(office, "1")).status_code == 404
    page = await office.http.get("/kiosk/entrance", headers={"Accept": "text/html"})
    assert "data-pin" not in page.text


async def test_a_test_print_is_asked_of_the_machine_beside_the_printer(guarded: WebOffice) -> None:
    assert (await knock(guarded, PIN, do="printer_test")).status_code == 200
    assert (await knock(guarded, "1", do="printer_test")).status_code == 403


@pytest.mark.parametrize("body", [{}, {"pin": ""}, {"pin": "1", "do": "format"}, {"pin": "1", "x": 1}])
async def test_what_is_no_knock_is_refused(guarded: WebOffice, body: dict[str, Any]) -> None:
    assert (await guarded.http.post(SETTINGS, json=body)).status_code == 422


async def test_from_elsewhere_nobody_knocks(guarded: WebOffice) -> None:
    transport = httpx.ASGITransport(guarded.app, client=("192.0.2.7", 40_000))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        assert (await http.post(SETTINGS, json={"pin": PIN})).status_code == 401
    answer = await guarded.http.post(SETTINGS, json={"pin": PIN}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403

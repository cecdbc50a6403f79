"""A kiosk out of service: the server gives nothing out for it, whatever its page believes, until staff put it back."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from queue_core.domain.devices import Devices, KioskPlace
from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Grant, Role
from queue_core.store.audit import Audit
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import zone
from ticket_kiosk.face import face

KIOSK = "/kiosk/entrance"
PIN = "482913"
OUT = (409, "out_of_service")
DRAWN = {"tickets": {"service": "new"}}


@pytest_asyncio.fixture
async def house(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    """Two kiosks in the hall; another zone has a kiosk of the same name, which no device is."""
    places = {name: KioskPlace(name, (ZoneId("hall"),), pin=PIN) for name in ("entrance", "back")}
    zones = (zone(kiosks=tuple(places)), zone("yard", kiosks=("entrance",)))
    async with open_web_office(valkey_url, tmp_path, *zones, faces=[face], devices=Devices(places)) as opened:
        yield opened


async def told(house: WebOffice, do: str) -> dict[str, Any]:
    answer = await house.http.post(f"{KIOSK}/settings", json={"pin": PIN, "do": do})
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json()
    return said


async def draw(house: WebOffice, key: str = "k1", kiosk: str = KIOSK) -> httpx.Response:
    return await house.http.post(f"{kiosk}/tickets", json={"service": "new"}, headers={"Idempotency-Key": key})


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


async def test_taken_out_it_draws_nothing_until_it_is_put_back(house: WebOffice) -> None:
    assert (await told(house, "out_of_service"))["out_of_service"] is True
    assert refusal(await draw(house)) == OUT
    snapshot, _ = await house.engine.read(house.zone.id)
    assert snapshot.issued_today() == 0
    assert (await told(house, "look"))["out_of_service"] is True
    assert (await told(house, "in_service"))["out_of_service"] is False
    assert (await draw(house)).status_code == 201


async def test_it_looks_at_no_code_either(house: WebOffice) -> None:
    await told(house, "out_of_service")
    answer = await house.http.post(f"{KIOSK}/codes", json={"code": "K7M2PRTX"}, headers={"Idempotency-Key": "k1"})
    assert refusal(answer) == OUT


async def test_who_was_let_through_before_is_told_the_number_again(house: WebOffice) -> None:
    drawn = await draw(house)
    await told(house, "out_of_service")
    again = await draw(house)
    assert (again.status_code, again.content) == (201, drawn.content)


async def test_other_kiosks_go_on_also_one_of_the_same_name_elsewhere(house: WebOffice) -> None:
    await told(house, "out_of_service")
    assert (await draw(house, "k1", "/kiosk/back")).status_code == 201
    assert (await draw(house, "k2", "/kiosk/yard.entrance")).status_code == 201
    assert refusal(await draw(house, "k3", "/kiosk/hall.entrance")) == OUT


async def test_without_the_pin_nobody_takes_it_out(house: WebOffice) -> None:
    answer = await house.http.post(f"{KIOSK}/settings", json={"pin": "1", "do": "out_of_service"})
    assert refusal(answer) == (403, "wrong_pin")
    assert (await draw(house)).status_code == 201


async def test_page_and_reports_are_told_whichever_browser_asks(house: WebOffice) -> None:
    assert "data-out-of-service" not in (await house.http.get(KIOSK, headers={"Accept": "text/html"})).text
    await told(house, "out_of_service")
    assert "data-out-of-service" in (await house.http.get(KIOSK, headers={"Accept": "text/html"})).text
    assert (await report(house))["out_of_service"] is True
    await told(house, "in_service")
    assert (await report(house))["out_of_service"] is False


async def report(house: WebOffice) -> dict[str, Any]:
    said: dict[str, Any] = (await house.http.post("/devices/kiosk/entrance/report", json={})).json()
    return said


@pytest.mark.parametrize("role", [Role.ADMIN, Role.COUNTER], ids=str)
async def test_the_device_page_does_it_for_those_who_may(house: WebOffice, role: Role) -> None:
    headers = {"Authorization": f"Bearer {await house.token(role)}"}
    path = "/devices/kiosk/entrance/commands"
    answer = await house.http.post(path, json={"name": "out_of_service"}, headers=headers)
    assert answer.status_code == (201 if role is Role.ADMIN else 403)
    assert (await draw(house)).status_code == (409 if role is Role.ADMIN else 201)


async def test_who_did_it_is_written_down(house: WebOffice) -> None:
    await told(house, "out_of_service")
    await told(house, "in_service")
    entries = [(entry.what, entry.about) for entry in await Audit(house.store.client).latest(2)]
    assert entries == [("told_in_service", "kiosk:entrance"), ("told_out_of_service", "kiosk:entrance")]


async def by_api(house: WebOffice, token: str, key: str, path: str = "tickets") -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    return await house.http.post(f"/api/v1/zones/hall/{path}", json=DRAWN.get(path, {}), headers=headers)


async def device_token(house: WebOffice, name: str) -> str:
    return await house.credentials.create_token(Grant(Role.DEVICE, frozenset({ZoneId("hall")}), name), by="test")


@pytest.mark.parametrize("path", ["tickets", "bookings/b1/check-in", "tickets/t1/come-back", "tickets/t1/confirm"])
async def test_the_api_does_nothing_for_its_token_either(house: WebOffice, path: str) -> None:
    own, others = await device_token(house, "kiosk:entrance"), await device_token(house, "kiosk:back")
    before = await by_api(house, own, "k1")
    await told(house, "out_of_service")
    assert refusal(await by_api(house, own, "k2", path)) == OUT
    assert refusal(await by_api(house, others, "k2", path)) != OUT
    again = await by_api(house, own, "k1")
    assert (again.status_code, again.content) == (201, before.content), "what was done before is told again"
    await told(house, "in_service")
    assert (await by_api(house, own, "k2")).status_code == 201


async def test_a_token_from_the_shell_is_that_of_the_kiosk_which_reports_with_it(house: WebOffice) -> None:
    own, others = await device_token(house, ""), await device_token(house, "")
    headers = {"Authorization": f"Bearer {own}"}
    assert (await house.http.post("/devices/kiosk/entrance/report", json={}, headers=headers)).status_code == 200
    await told(house, "out_of_service")
    assert refusal(await by_api(house, own, "k1")) == OUT
    assert (await by_api(house, others, "k1")).status_code == 201
    assert (await house.http.post("/devices/kiosk/back/report", json={}, headers=headers)).status_code == 200
    assert (await by_api(house, own, "k1")).status_code == 201, "the other kiosk with this token is in service"


async def test_staff_draw_by_the_api_whichever_kiosk_is_out(house: WebOffice) -> None:
    await told(house, "out_of_service")
    assert (await by_api(house, await house.token(Role.COUNTER), "k1")).status_code == 201


async def test_only_an_agents_page_looks_for_the_agent(house: WebOffice) -> None:
    page = {"Accept": "text/html"}
    assert "data-agent" not in (await house.http.get(KIOSK, headers=page)).text
    assert "data-agent" in (await house.http.get(KIOSK, headers={**page, "Wartezone-Agent": "1"})).text

"""Devices say how they are, and are told what to do: who may, what is refused, what comes back."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from queue_core.domain.attendance import DeviceKind, DeviceName
from queue_core.domain.devices import Devices, KioskPlace, PrinterPlace
from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Role
from tests.support.web_office import WebOffice, open_web_office

LOBBY, KIOSK = "/devices/display/lobby/report", "/devices/kiosk/entrance/report"
DISPLAY = DeviceName(DeviceKind.DISPLAY, "lobby")
ELSEWHERE = {"X-Forwarded-For": "192.0.2.7"}


async def report(office: WebOffice, path: str = LOBBY, **body: Any) -> httpx.Response:
    return await office.http.post(path, json=body)


async def test_a_display_on_this_machine_reports_and_is_seen(office: WebOffice) -> None:
    answer = await report(office, build="b1", facts={"audio": "running", "volume": 40})
    assert (answer.status_code, answer.json()) == (200, {"commands": [], "every_s": 5})
    seen = await office.frame.attendance.attendance(DISPLAY)
    assert (seen.build, seen.facts["audio"], seen.credential) == ("b1", "running", "local")


async def test_a_device_does_what_it_was_told_once(office: WebOffice) -> None:
    order = await office.frame.attendance.command("display", "lobby", "volume", 30, "staff:x")
    first, second = await report(office), await report(office, done=[order.id])
    assert first.json()["commands"] == [{"id": order.id, "name": "volume", "value": 30}]
    assert second.json()["commands"] == []


@pytest.mark.parametrize("health", ["live", "without", "away"])
async def test_a_kiosk_is_heard_whatever_it_can_do(office: WebOffice, health: str) -> None:
    answer = await report(office, KIOSK, facts={"screen": "start", "health": health})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param({"facts": {"colour": "red"}}, "unknown_field", id="a fact that nobody knows"),
        pytest.param({"facts": {"volume": 101}}, "invalid_field", id="too loud"),
        pytest.param({"facts": {"audio": "loud"}}, "invalid_field", id="no such state"),
        pytest.param({"facts": {"rendered": {"hall": [1]}}}, "invalid_field", id="half a position"),
        pytest.param({"build": "b" * 65}, "invalid_field", id="a long build"),
        pytest.param({"done": ["x"] * 101}, "invalid_field", id="too many done"),
        pytest.param({"build": "a\u0000b"}, "nul", id="a control character"),
    ],
)
async def test_what_a_device_cannot_say_is_refused(office: WebOffice, body: dict[str, Any], code: str) -> None:
    answer = await report(office, **body)
    assert answer.status_code in (400, 422)
    if code != "nul":
        assert answer.json()["code"] == code


@pytest.mark.parametrize(
    "path",
    ["/devices/display/nowhere/report", "/devices/fridge/lobby/report", "/devices/agent/lobby/report"],
    ids=["unknown", "no kind", "a display has no agent"],
)
async def test_a_device_that_the_office_does_not_have_is_not_found(office: WebOffice, path: str) -> None:
    assert (await report(office, path)).status_code == 404


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "nobody")
async def test_from_elsewhere_only_the_device_itself_reports(office: WebOffice, role: Role | None) -> None:
    headers = ELSEWHERE | (await office.bearer(role) if role else {})
    answer = await office.http.post(LOBBY, json={}, headers=headers)
    assert answer.status_code == {None: 401, Role.DEVICE: 200}.get(role, 403)


async def test_another_zones_device_does_not_report(office: WebOffice) -> None:
    token = await office.token(Role.DEVICE, ["elsewhere"])
    headers = ELSEWHERE | {"Authorization": f"Bearer {token}"}
    assert (await office.http.post(LOBBY, json={}, headers=headers)).status_code == 403


async def test_another_sites_page_reports_nothing(office: WebOffice) -> None:
    answer = await office.http.post(LOBBY, json={}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


async def test_nobody_dictates_a_copy_of_a_ticket(valkey_url: str, tmp_path: Path) -> None:
    """A supervisor could print any number with it; copies are made of tickets, where those are."""
    kiosk = KioskPlace("entrance", (ZoneId("hall"),), printer=PrinterPlace("tcp://127.0.0.1:9"))
    async with open_web_office(valkey_url, tmp_path, devices=Devices({"entrance": kiosk})) as office:
        headers = await office.bearer(Role.ADMIN)
        for value in (None, "x"):
            body = {"name": "reprint", "value": value}
            answer = await office.http.post("/devices/agent/entrance/commands", json=body, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (422, "unfit_command")
            assert answer.json()["commands"] == ["printer_test"]
        dictated = {"name": "reprint", "value": {"lines": [{"size": "large", "text": "A001", "language": "de"}]}}
        answer = await office.http.post("/devices/agent/entrance/commands", json=dictated, headers=headers)
        assert answer.status_code == 422

"""A copy of a ticket: staff ask, the agent beside a printer is told; never two papers, never one without a ticket."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from queue_core.domain.attendance import DeviceKind, DeviceName, Report
from queue_core.domain.devices import Devices, KioskPlace, PrinterPlace
from queue_core.domain.model import ZoneId
from queue_core.domain.orders import Order
from queue_core.domain.principal import Role
from tests.support.web_office import WebOffice, open_web_office
from ticket_kiosk.face import face
from ticket_kiosk.receipt import Size, line_of

WELL = {"online": True, "paper": "ok", "cover_open": False, "fault": ""}
AGENT = DeviceName(DeviceKind.AGENT, "entrance")


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    """With a printer at the entrance and none at the back."""
    hall = (ZoneId("hall"),)
    kiosks = {
        "back": KioskPlace("back", hall),
        "entrance": KioskPlace("entrance", hall, printer=PrinterPlace("tcp://127.0.0.1", head={"de": "Stadt"})),
    }
    async with open_web_office(valkey_url, tmp_path, faces=[face], devices=Devices(kiosks)) as opened:
        yield opened


async def reported(office: WebOffice, **printer: Any) -> list[Order]:
    """What the agent is told when it reports."""
    report = Report("", {"printer": WELL | printer}, "agent")
    return await office.frame.attendance.report(AGENT, report)


async def asked(office: WebOffice, ticket: str, key: str | None = None, **body: Any) -> httpx.Response:
    return await office.command(f"tickets/{ticket}/print", body, Role.COUNTER, key)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_the_agent_gets_the_papers_lines_marked_as_a_copy(office: WebOffice) -> None:
    await reported(office)
    ticket = await office.draw()
    answer = await asked(office, ticket["id"])
    assert answer.status_code == 202
    [order] = await reported(office)
    assert answer.json() == {"order": order.id, "kiosk": "entrance"}
    assert isinstance(order.value, dict)
    lines = [line_of(record) for record in order.value["lines"]]
    texts = {size: [line.text for line in lines if line.size is size] for size in Size}
    assert (texts[Size.HUGE], texts[Size.MARK], texts[Size.NORMAL][0]) == ([ticket["number"]], ["Kopie"], "Stadt")
    assert office.frame.links.path(office.zone.id, ticket["id"]) in texts[Size.CODE][0]


async def test_its_language_can_be_chosen(office: WebOffice) -> None:
    await reported(office)
    ticket = await office.draw()
    assert code(await asked(office, ticket["id"], language="xx")) == (422, "unknown_language")
    assert (await asked(office, ticket["id"], language="en")).status_code == 202
    [order] = await reported(office)
    assert isinstance(order.value, dict)
    assert "Copy" in [record["text"] for record in order.value["lines"]]


async def test_asked_twice_with_one_key_it_is_one_paper(office: WebOffice) -> None:
    await reported(office)
    ticket = await office.draw()
    first, second = [await asked(office, ticket["id"], "same") for _ in range(2)]
    assert first.json() == second.json()
    assert len(await reported(office)) == 1


async def test_asked_twice_by_two_hands_it_is_one_paper_until_it_is_done(office: WebOffice) -> None:
    await reported(office)
    ticket = await office.draw()
    await asked(office, ticket["id"])
    assert code(await asked(office, ticket["id"])) == (409, "copy_under_way")
    [order] = await reported(office)
    await office.frame.attendance.report(AGENT, Report("", {"printer": WELL}, "agent"), [order.id])
    assert (await asked(office, ticket["id"])).status_code == 202


@pytest.mark.parametrize("key", ["same", None], ids=["one key", "several hands"])
async def test_asked_by_many_at_once_it_is_one_paper(office: WebOffice, key: str | None) -> None:
    await reported(office)
    await office.bearer(Role.COUNTER)
    ticket = await office.draw()
    answers = await asyncio.gather(*(asked(office, ticket["id"], key) for _ in range(6)))
    told = [answer.json()["order"] for answer in answers if answer.status_code == 202]
    assert len(set(told)) == 1
    assert len(told) == (6 if key else 1)
    assert [order.id for order in await reported(office)] == told[:1]


async def test_there_is_no_paper_without_a_ticket(office: WebOffice) -> None:
    await reported(office)
    assert code(await asked(office, "none")) == (404, "unknown_ticket")
    ticket = await office.draw()
    await office.command(f"tickets/{ticket['id']}/cancel")
    assert code(await asked(office, ticket["id"])) == (409, "wrong_state")


async def test_a_kiosk_that_cannot_print_is_named(office: WebOffice) -> None:
    await reported(office)
    ticket = await office.draw()
    assert code(await asked(office, ticket["id"], kiosk="none")) == (404, "unknown_kiosk")
    assert code(await asked(office, ticket["id"], kiosk="back")) == (409, "no_printer")


async def test_an_agent_that_nobody_has_heard_of_is_told_nothing(office: WebOffice) -> None:
    ticket = await office.draw()
    assert code(await asked(office, ticket["id"])) == (409, "agent_away")
    assert await reported(office) == []


@pytest.mark.parametrize(
    ("trouble", "reason"), [({"paper": "out"}, "out"), ({"cover_open": True}, "cover"), ({"online": False}, "offline")]
)
async def test_a_printer_that_cannot_print_is_told_nothing(
    office: WebOffice, trouble: dict[str, Any], reason: str
) -> None:
    ticket = await office.draw()
    await reported(office, **trouble)
    answer = await asked(office, ticket["id"])
    assert (*code(answer), answer.json()["reason"]) == (409, "printer_not_ready", reason)
    assert await reported(office) == []


async def test_only_staff_of_the_zone_may(office: WebOffice) -> None:
    await reported(office)
    ticket = await office.draw()
    for role in (Role.DEVICE, Role.VIEWER):
        assert (await office.command(f"tickets/{ticket['id']}/print", {}, role)).status_code == 403
    assert (await office.command(f"tickets/{ticket['id']}/print", {}, None)).status_code == 401

"""Checking in through the agent: an appointment's ticket has one paper, whatever gets lost on the way."""

from typing import Any

import httpx
import pytest

from queue_core.domain.calendar import iso
from tests.ticket_kiosk.agent.rig import Rig
from tests.ticket_kiosk.agent.test_papers import settled

pytestmark = pytest.mark.slow

CODES = "/kiosk/entrance/codes"
CODE = "K7M2PRTX"
SOON_MS = 600_000


async def book(rig: Rig) -> None:
    office = rig.office
    slot = iso(office.zone, office.hub.now_ms(office.zone.id) + SOON_MS)
    body = {"booking": CODE, "service": "new", "visitor_class": "appointment", "slot_at": slot}
    assert (await office.command("bookings", body)).status_code == 201


async def show(rig: Rig, key: str = "k1", code: str = CODE) -> httpx.Response:
    return await rig.http.post(f"{CODES}?lang=en", json={"code": code}, headers={"Idempotency-Key": key})


async def checked_in(rig: Rig, key: str = "k1") -> dict[str, Any]:
    answer = await show(rig, key)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_who_checks_in_gets_the_ticket_on_paper(rig: Rig) -> None:
    await book(rig)
    told = await checked_in(rig)
    assert (told["kind"], told["number"], told["paper"]["state"]) == ("checked_in", "A001", "printing")
    assert (await settled(rig, told["paper"]["job"]))["state"] == "printed"
    assert len(rig.printer.tickets) == 1


async def test_asked_for_again_it_is_the_same_paper_and_a_code_shown_again_prints_none(rig: Rig) -> None:
    await book(rig)
    first = await checked_in(rig)
    await settled(rig, first["paper"]["job"])
    assert (await checked_in(rig))["paper"]["job"] == first["paper"]["job"]
    again = await show(rig, "k2")
    assert (again.status_code, again.json()["kind"], again.json()["used"]) == (200, "waiting", True)
    assert "paper" not in again.json()
    assert len(rig.printer.tickets) == 1


async def test_where_the_answer_was_lost_the_next_try_prints_it_once(rig: Rig) -> None:
    await book(rig)
    rig.wire.loses = lambda path: path == CODES and not rig.wire.lost
    assert (await show(rig)).status_code == 503
    assert not rig.house.ledger.papers
    told = await checked_in(rig)
    assert (await settled(rig, told["paper"]["job"]))["state"] == "printed"
    assert (len(rig.printer.tickets), await rig.numbers()) == (1, ["A001"])


async def test_an_agent_that_died_after_printing_prints_no_second_one(rig: Rig) -> None:
    await book(rig)
    first = await checked_in(rig)
    await settled(rig, first["paper"]["job"])
    await rig.agent_dies()
    await rig.agent_comes()
    await rig.ready()
    assert (await checked_in(rig))["paper"] == {**first["paper"], "state": "printed"}
    assert len(rig.printer.tickets) == 1


async def test_an_unknown_code_and_a_server_that_is_away_print_nothing(rig: Rig) -> None:
    assert (await show(rig, code="NOSUCHCD")).json() == {"kind": "unknown"}
    await rig.server_goes()
    answer = await show(rig, "k2")
    assert (answer.status_code, answer.json()["code"]) == (503, "server_away")
    assert not rig.printer.tickets


async def test_without_a_key_nobody_checks_in(rig: Rig) -> None:
    await book(rig)
    answer = await rig.http.post(CODES, json={"code": CODE})
    assert (answer.status_code, await rig.numbers()) == (400, [])

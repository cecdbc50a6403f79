"""One ticket, one paper: whatever the printer does, and wherever the agent dies."""

import socket
from pathlib import Path
from typing import Any

import pytest

from queue_core.domain.principal import Role
from tests.support.eventually import eventually
from tests.ticket_kiosk.agent.rig import Rig, open_rig
from tests.ticket_kiosk.printers.pictures import SentOnly, ticket
from ticket_kiosk.printers.fake import Mood
from ticket_kiosk.printers.language import Language

pytestmark = pytest.mark.slow


async def drawn_paper(rig: Rig, key: str = "k1") -> dict[str, Any]:
    paper: dict[str, Any] = (await rig.drawn(key))["paper"]
    return paper


async def settled(rig: Rig, job: str) -> dict[str, str]:
    """Asked as the page asks: until it is no longer under way."""
    told = await rig.paper(job)
    while told["state"] == "printing":
        told = await rig.paper(job)
    return told


def forget_last_line(rig: Rig) -> None:
    """Killed between the paper and its line."""
    journal = rig.folder / "agent" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    assert b'"printed"' in lines[-1]
    journal.write_bytes(b"".join(lines[:-1]))


async def test_the_answer_does_not_wait_for_the_paper_and_the_paper_has_the_printers_word(rig: Rig) -> None:
    paper = await drawn_paper(rig)
    assert paper["state"] == "printing"
    assert await settled(rig, paper["job"]) == {"job": paper["job"], "state": "printed", "reason": ""}
    assert len(rig.printer.tickets) == 1


@pytest.mark.parametrize(
    ("mood", "word"),
    [(Mood.LOW, "low"), (Mood.OUT, "out"), (Mood.COVER, "cover"), (Mood.OFFLINE, "offline"), (Mood.DEAD, "offline")],
    ids=lambda value: str(value),
)
async def test_the_page_is_told_how_the_printer_is(rig: Rig, mood: Mood, word: str) -> None:
    await rig.printer.become(mood)

    async def is_told() -> bool:
        return bool((await rig.state())["printer"]["state"] == word)

    await eventually(is_told, within_s=20)


@pytest.mark.parametrize(
    ("mood", "reason"),
    [(Mood.OUT, "out"), (Mood.COVER, "cover"), (Mood.OFFLINE, "offline")],
    ids=lambda value: str(value),
)
async def test_a_printer_that_cannot_refuses_and_prints_when_asked_again(rig: Rig, mood: Mood, reason: str) -> None:
    await rig.printer.become(mood)
    paper = await drawn_paper(rig)
    told = await settled(rig, paper["job"])
    assert (told["state"], told["reason"]) == ("refused", reason)
    assert not rig.printer.tickets
    await rig.printer.become(Mood.OK)
    again = (await rig.http.post(f"/agent/papers/{paper['job']}/again")).json()
    assert again["state"] == "printing"
    assert (await settled(rig, paper["job"]))["state"] == "printed"
    assert len(rig.printer.tickets) == 1


async def test_a_printer_that_no_longer_answers_in_turn_refuses_and_staff_are_alarmed(rig: Rig) -> None:
    """Another one in its place, or the same one hanging: the visitor is not the only one who hears of it."""
    await settled(rig, (await drawn_paper(rig))["job"])
    await rig.printer.become(Mood.HANGS)
    refused = await settled(rig, (await drawn_paper(rig, "k2"))["job"])
    assert (refused["state"], refused["reason"]) == ("refused", "fault")
    assert (await rig.state())["printer"]["state"] == "fault"
    await eventually(lambda: alarmed(rig), within_s=20)
    await rig.printer.become(Mood.OK)
    await eventually(lambda: _ready(rig), within_s=20)


async def alarmed(rig: Rig) -> bool:
    present = await rig.office.frame.attendance.present()
    agent = next(p.attendance.facts for p in present if p.name.kind == "agent")
    return bool(agent["printer"]["fault"] == "busy")


async def _ready(rig: Rig) -> bool:
    return bool((await rig.state())["printer"]["state"] == "ready")


async def test_without_a_ticket_the_alarm_is_raised_too(rig: Rig) -> None:
    await settled(rig, (await drawn_paper(rig))["job"])
    await rig.printer.become(Mood.PLAIN)
    await eventually(lambda: alarmed(rig), within_s=20)


@pytest.mark.parametrize("mood", [Mood.VANISH, Mood.RUNS_OUT], ids=str)
async def test_what_was_sent_and_never_confirmed_is_unknown_and_nobody_prints_it_again(rig: Rig, mood: Mood) -> None:
    await rig.printer.become(mood)
    paper = await drawn_paper(rig)
    assert (await settled(rig, paper["job"]))["state"] == "unknown"
    await rig.printer.become(Mood.OK)
    assert (await rig.http.post(f"/agent/papers/{paper['job']}/again")).json()["state"] == "unknown"
    assert (await rig.drawn("k1"))["paper"]["state"] == "unknown"
    assert rig.house.papers.facts(rig.house.ledger.papers[paper["job"]].at_ms)["unknown"] == 1


async def test_a_printed_paper_is_not_printed_again(rig: Rig) -> None:
    paper = await drawn_paper(rig)
    await settled(rig, paper["job"])
    assert (await rig.http.post(f"/agent/papers/{paper['job']}/again")).json()["state"] == "printed"
    assert (await rig.drawn("k1"))["paper"] == {**paper, "state": "printed"}
    assert len(rig.printer.tickets) == 1


async def test_a_job_that_nobody_knows_is_none(rig: Rig) -> None:
    assert (await rig.http.get("/agent/papers/nothing?known=printing")).status_code == 404
    assert (await rig.http.post("/agent/papers/nothing/again")).status_code == 404


async def test_who_died_while_printing_does_not_know_and_does_not_print(rig: Rig) -> None:
    await rig.drawn("k1")
    job = next(iter(rig.house.ledger.papers))
    await settled(rig, job)
    await rig.agent_dies()
    forget_last_line(rig)
    await rig.agent_comes()
    assert await rig.paper(job, "none") == {"job": job, "state": "unknown", "reason": "killed"}
    assert (await rig.drawn("k1"))["paper"]["state"] == "unknown"
    assert len(rig.printer.tickets) == 1


async def test_after_half_a_paper_the_next_ticket_stands_alone(rig: Rig) -> None:
    await settled(rig, (await drawn_paper(rig))["job"])
    await rig.agent_dies()
    forget_last_line(rig)
    with socket.create_connection(("127.0.0.1", rig.printer.port)) as connection:
        Language(SentOnly(connection)).image(ticket(128))
        await eventually(lambda: rig.printer.is_mid_ticket)
    await rig.agent_comes()
    assert (await settled(rig, (await drawn_paper(rig, "k2"))["job"]))["state"] == "printed"
    first, half, second = (paper.height for paper in rig.printer.tickets)
    assert (half < 2 * 128 + first / 2, abs(first - second) < 128) == (True, True)


async def test_who_died_between_ticket_and_paper_prints_it_when_asked_again(rig: Rig) -> None:
    """The ticket was drawn, its paper never begun: nothing is in a hand."""
    first = await rig.drawn("k1")
    await settled(rig, first["paper"]["job"])
    await rig.agent_dies()
    journal = rig.folder / "agent" / "journal.jsonl"
    lines = [line for line in journal.read_bytes().splitlines(keepends=True) if b'"kind":"paper"' not in line]
    journal.write_bytes(b"".join(lines))
    await rig.agent_comes()
    again = await rig.drawn("k1")
    assert again["number"] == first["number"]
    assert (await settled(rig, again["paper"]["job"]))["state"] == "printed"


async def test_a_kiosk_without_a_printer_has_no_paper(valkey_url: str, tmp_path: Path) -> None:
    async with open_rig(valkey_url, tmp_path, printer=False) as rig:
        assert (await rig.drawn("k1"))["paper"] is None
        assert (await rig.state())["printer"]["state"] == "none"


async def test_an_emergency_ticket_has_a_paper_too(rig: Rig) -> None:
    await rig.server_goes()
    paper = await drawn_paper(rig)
    assert (await settled(rig, paper["job"]))["state"] == "printed"


class TestOrders:
    async def test_a_test_print_is_printed_once(self, rig: Rig) -> None:
        order = await rig.office.frame.attendance.command("agent", "entrance", "printer_test", None, "test")
        await eventually(lambda: rig.printer.tickets, within_s=20)
        assert order.id in rig.house.ledger.orders
        house = rig.house
        assert house.place is not None
        await house._orders._do({"id": order.id, "name": "printer_test", "value": None}, house.place)
        assert len(rig.printer.tickets) == 1

    async def test_staff_are_told_how_the_printer_is(self, rig: Rig) -> None:
        async def facts() -> dict[str, Any]:
            present = await rig.office.frame.attendance.present()
            return dict(next(p.attendance.facts for p in present if p.name.kind == "agent"))

        await eventually(lambda: _is(facts, ("printer", "online"), True), within_s=20)
        await rig.printer.become(Mood.COVER)
        await eventually(lambda: _is(facts, ("printer", "cover_open"), True), within_s=20)
        told = await facts()
        assert told["server"] == "up"
        assert told["emergency_left"] == 40
        assert told["journal"] == {"printing": 0, "unknown": 0, "refused": 0}

    async def test_a_copy_in_a_hand_ends_the_question_about_the_first_paper(self, rig: Rig) -> None:
        await rig.printer.become(Mood.VANISH)
        drawn = await rig.drawn("k1")
        assert (await settled(rig, drawn["paper"]["job"]))["state"] == "unknown"
        await rig.printer.become(Mood.OK)
        ticket = drawn["url"].split("/t/")[1].split(".")[1]
        value = {"ticket": ticket, "lines": drawn["receipt"]}
        await rig.office.frame.attendance.command("agent", "entrance", "reprint", value, "test")
        paper = rig.house.ledger.papers[drawn["paper"]["job"]]
        await eventually(lambda: paper.state == "printed", within_s=20)
        assert paper.reason == "copied"
        assert len(rig.printer.tickets) == 1


async def _is(facts: Any, path: tuple[str, str], value: Any) -> bool:
    return bool((await facts()).get(path[0], {}).get(path[1]) == value)


async def test_a_report_needs_the_kiosks_own_token(rig: Rig) -> None:
    counter = await rig.office.bearer(Role.COUNTER)
    answer = await rig.office.http.post("/devices/agent/entrance/report", json={}, headers=counter)
    assert answer.status_code == 403

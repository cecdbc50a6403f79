"""The verbs of a clerk over HTTP, and who is next."""

import pytest

from queue_core.domain.principal import Role
from queue_core.web.api.replies import Done, NextReply
from tests.support.web_office import WebOffice


async def test_a_visit_from_open_to_finish(office: WebOffice) -> None:
    ticket = await office.draw()
    states = []
    for verb in ("open", "call-next", "recall", "start", "finish"):
        answer = await office.command(f"counters/1/{verb}", role=Role.COUNTER)
        assert answer.status_code == 200, (verb, answer.text)
        done = Done.model_validate(answer.json())
        states.append(done.ticket.state if done.ticket else None)
        assert done.ticket is None or done.ticket.id == ticket["id"]
    assert states == [None, "called", "called", "serving", "finished"]


async def test_a_visitor_without_a_ticket_is_served(office: WebOffice) -> None:
    await office.command("counters/1/open")
    answer = await office.command("counters/1/serve", {"service": "new"}, key="double click")
    done = Done.model_validate(answer.json())
    assert answer.status_code == 200
    assert done.ticket
    assert done.counter
    assert (done.ticket.number, done.ticket.state, done.counter.ticket) == ("A001", "serving", done.ticket.id)
    again = await office.command("counters/1/serve", {"service": "new"}, key="double click")
    assert again.content == answer.content
    busy = await office.command("counters/1/serve", {"service": "new"})
    assert (busy.status_code, busy.json()["code"]) == (409, "counter_busy")


async def test_a_repeated_call_gets_the_same_bytes_and_calls_nobody_else(office: WebOffice) -> None:
    await office.draw()
    await office.draw()
    await office.command("counters/1/open")
    first = await office.command("counters/1/call-next", key="double click")
    again = await office.command("counters/1/call-next", key="double click")
    assert (again.status_code, again.content) == (200, first.content)


async def test_nobody_waiting_is_204_without_a_body(office: WebOffice) -> None:
    await office.command("counters/1/open")
    answer = await office.command("counters/1/call-next")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Next-Not-Before" not in answer.headers


async def test_somebody_who_still_must_wait_is_announced(office: WebOffice) -> None:
    ticket = await office.draw()
    await office.command("counters/1/open")
    await office.command("counters/1/call-next")
    await office.command(f"tickets/{ticket['id']}/return", {"mode": "after", "after_s": 600})
    answer = await office.command("counters/1/call-next")
    shown = (await office.get(f"/api/v1/zones/hall/tickets/{ticket['id']}", Role.COUNTER)).json()["ticket"]
    assert (answer.status_code, answer.headers["Next-Not-Before"]) == (204, shown["not_before"])


async def test_one_key_finishes_and_calls_the_next(office: WebOffice) -> None:
    first, second = await office.draw(), await office.draw()
    await office.command("counters/1/open")
    await office.command("counters/1/call-next")
    busy = await office.command("counters/1/call-next")
    assert (busy.status_code, busy.json()["code"]) == (409, "counter_busy")
    answer = await office.command("counters/1/call-next", {"current": "finish"})
    assert answer.json()["ticket"]["number"] == second["number"]
    shown = await office.get(f"/api/v1/zones/hall/tickets/{first['id']}", Role.COUNTER)
    assert shown.json()["ticket"]["state"] == "finished"


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        ("call-next", "counter_closed"),
        ("pause", "counter_closed"),
        ("close", "counter_closed"),
        ("undo", "nothing_to_undo"),
    ],
)
async def test_a_closed_counter_refuses(office: WebOffice, verb: str, code: str) -> None:
    answer = await office.command(f"counters/1/{verb}")
    assert (answer.status_code, answer.json()["code"]) == (409, code)


async def test_a_misclick_is_undone(office: WebOffice) -> None:
    ticket = await office.draw()
    await office.command("counters/1/open")
    await office.command("counters/1/call-next")
    answer = await office.command("counters/1/undo")
    assert answer.json()["ticket"] == {**answer.json()["ticket"], "id": ticket["id"], "state": "waiting"}
    assert answer.json()["counter"]["ticket"] is None


async def test_an_undo_that_was_meant_for_another_visitor_is_refused(office: WebOffice) -> None:
    ticket = await office.draw()
    await office.command("counters/1/open")
    await office.command("counters/1/call-next")
    answer = await office.command("counters/1/undo", {"meant": "another"})
    assert (answer.status_code, answer.json()["code"], answer.json()["ticket"]) == (409, "other_ticket", ticket["id"])
    assert (await office.command("counters/1/undo", {"meant": ticket["id"]})).status_code == 200


async def test_recalling_a_finished_ticket_says_how_it_is(office: WebOffice) -> None:
    await office.draw()
    await office.command("counters/1/open")
    await office.command("counters/1/call-next")
    await office.command("counters/1/finish")
    answer = await office.command("counters/1/recall")
    assert (answer.status_code, answer.json()["code"]) == (409, "counter_idle")


@pytest.mark.parametrize("verb", ["park", "miss"])
async def test_a_visit_that_does_not_happen_frees_the_counter(office: WebOffice, verb: str) -> None:
    await office.draw()
    await office.command("counters/1/open")
    await office.command("counters/1/call-next")
    answer = await office.command(f"counters/1/{verb}")
    assert (answer.status_code, answer.json()["counter"]["ticket"]) == (200, None)


async def test_a_break_carries_its_reason_and_ends_with_open(office: WebOffice) -> None:
    await office.command("counters/1/open")
    assert (await office.command("counters/1/pause", {"reason": "lunch"})).json()["counter"]["state"] == "paused"
    assert (await office.command("counters/1/open")).json()["counter"]["state"] == "open"
    assert (await office.command("counters/1/close")).json()["counter"]["state"] == "closed"


async def test_who_is_next_comes_in_order_and_with_a_reason(office: WebOffice) -> None:
    first = await office.draw()
    await office.command("tickets", {"service": "new", "visitor_class": "priority"}, Role.DEVICE)
    answer = await office.get("/api/v1/zones/hall/next?counter=1", Role.VIEWER)
    reply = NextReply.model_validate(answer.json())
    assert [entry.why for entry in reply.next] == ["head_start", "first_come"]
    assert reply.next[1].ticket.id == first["id"]


@pytest.mark.parametrize(
    ("query", "status", "code"), [("", 400, "query_missing"), ("?counter=9", 404, "unknown_counter")]
)
async def test_who_is_next_needs_a_counter(office: WebOffice, query: str, status: int, code: str) -> None:
    answer = await office.get(f"/api/v1/zones/hall/next{query}", Role.COUNTER)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_counter_opens_for_some_of_its_services(office: WebOffice) -> None:
    await office.draw("new")
    assert (await office.command("counters/1/open", {"services": ["short"]})).status_code == 200
    assert (await office.command("counters/1/call-next")).status_code == 204
    assert (await office.command("counters/1/open", {"services": ["new"]})).status_code == 200
    assert (await office.command("counters/1/call-next")).status_code == 200
    stranger = await office.command("counters/2/open", {"services": ["new"]})
    assert (stranger.status_code, stranger.json()["code"], stranger.json()["service"]) == (409, "not_served", "new")

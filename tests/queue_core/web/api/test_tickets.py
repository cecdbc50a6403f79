"""Tickets over HTTP: drawn, looked at, cancelled, transferred, returned, called."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from queue_core.domain.model import TicketId
from queue_core.domain.principal import Role
from queue_core.estimate.forecast import Forecast, Range
from queue_core.store.estimates import Estimates
from queue_core.web.api.replies import Done, TicketReply, Wait
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import zone


async def test_a_draw_answers_with_ticket_estimate_and_links(office: WebOffice) -> None:
    answer = await office.command("tickets", {"service": "new"}, Role.DEVICE)
    assert answer.status_code == 201
    done = Done.model_validate(answer.json())
    assert done.ticket is not None
    assert (done.ticket.number, done.ticket.service, done.ticket.state) == ("A001", "new", "waiting")
    assert done.ticket.visitor_class == "normal"
    assert done.estimate is None
    assert datetime.fromisoformat(done.ticket.issued_at or "").utcoffset() is not None


async def test_the_own_link_names_the_ticket(office: WebOffice) -> None:
    answer = (await office.command("tickets", {"service": "new"}, Role.DEVICE)).json()
    own = office.frame.links.read(answer["links"]["own"].removeprefix("/t/"))
    assert own.ticket == TicketId(answer["ticket"]["id"])


async def test_who_may_only_look_is_not_given_the_link_that_cancels(office: WebOffice) -> None:
    path = f"/api/v1/zones/hall/tickets/{(await office.draw())['id']}"
    assert set((await office.get(path, Role.VIEWER)).json()["links"]) == {"self"}
    assert set((await office.get(path, Role.COUNTER)).json()["links"]) == {"self", "own"}


async def test_a_repeated_draw_gets_the_same_bytes(office: WebOffice) -> None:
    first = await office.command("tickets", {"service": "new"}, Role.DEVICE, key="same")
    again = await office.command("tickets", {"service": "new"}, Role.DEVICE, key="same")
    assert (again.status_code, again.content) == (first.status_code, first.content)


async def test_the_same_key_of_another_credential_is_another_command(office: WebOffice) -> None:
    first = await office.command("tickets", {"service": "new"}, Role.DEVICE, key="same")
    other = await office.command("tickets", {"service": "new"}, Role.COUNTER, key="same")
    assert first.json()["ticket"]["number"] != other.json()["ticket"]["number"]


async def test_fifty_draws_at_once_by_one_device_pass(office: WebOffice) -> None:
    tickets = [await office.draw() for _ in range(50)]
    assert len({ticket["number"] for ticket in tickets}) == 50


async def test_too_many_draws_are_told_when_to_come_back(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, draws_per_minute=1) as office:
        await office.draw()
        answer = await office.command("tickets", {"service": "new"}, Role.DEVICE)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_fast")
        assert 1 <= int(answer.headers["Retry-After"]) <= 61
        assert (await office.command("tickets", {"service": "new"}, Role.COUNTER)).status_code == 201


async def test_too_many_draws_from_one_address_are_stopped_whoever_asks(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, draws_per_minute_of_address=1) as office:
        await office.draw()
        assert (await office.command("tickets", {"service": "new"}, Role.COUNTER)).status_code == 429


async def test_a_ticket_is_shown_with_its_times(office: WebOffice) -> None:
    ticket = await office.draw()
    answer = await office.get(f"/api/v1/zones/hall/tickets/{ticket['id']}", Role.COUNTER)
    shown = TicketReply.model_validate(answer.json()).ticket
    assert (shown.number, shown.state, shown.called_at) == (ticket["number"], "waiting", None)


async def test_a_ticket_that_waits_says_how_long_as_its_own_page_does(office: WebOffice) -> None:
    ticket = await office.draw()
    id_, known = TicketId(ticket["id"]), office.hub.snapshot(office.zone.id).tickets
    await eventually(lambda: id_ in known)
    path, said = f"/api/v1/zones/hall/tickets/{id_}", Range(300, 600, 900, "simulation")

    async def told() -> TicketReply:
        return TicketReply.model_validate((await office.get(path, Role.COUNTER)).json())

    assert ((await told()).estimate, (await told()).reason) == (None, None)
    seq = office.hub.snapshot(office.zone.id).seq
    forecast = Forecast(office.hub.now_ms(office.zone.id), seq, tickets={id_: said})
    await Estimates(office.store.client, office.zone.id, 60.0).publish(forecast.to_json())
    await eventually(lambda: office.hub.forecast(office.zone.id))
    assert (await told()).estimate == Wait(p10_s=300, p50_s=600, p90_s=900)
    await office.command(f"tickets/{id_}/cancel")
    assert (await told()).estimate is None


async def test_a_cancelled_ticket_is_gone_and_cannot_be_cancelled_again(office: WebOffice) -> None:
    ticket = await office.draw()
    assert (await office.command(f"tickets/{ticket['id']}/cancel")).json()["ticket"]["state"] == "cancelled"
    again = await office.command(f"tickets/{ticket['id']}/cancel")
    assert (again.status_code, again.json()["code"], again.json()["state"]) == (409, "wrong_state", "cancelled")


async def test_a_transfer_keeps_the_number(office: WebOffice) -> None:
    ticket = await office.draw("new")
    answer = await office.command(f"tickets/{ticket['id']}/transfer", {"service": "short"})
    assert answer.json()["ticket"] == {**answer.json()["ticket"], "number": ticket["number"], "service": "short"}


async def test_a_transfer_to_nowhere_is_refused(office: WebOffice) -> None:
    ticket = await office.draw()
    answer = await office.command(f"tickets/{ticket['id']}/transfer", {})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_field")


@pytest.mark.parametrize("body", [{}, {"mode": "old"}, {"mode": "end"}, {"mode": "after", "after_s": 60}])
async def test_a_called_ticket_goes_back_to_its_queue(office: WebOffice, body: dict[str, object]) -> None:
    ticket = await office.draw()
    await office.command("counters/1/open")
    await office.command("counters/1/call-next")
    answer = await office.command(f"tickets/{ticket['id']}/return", body)
    assert (answer.status_code, answer.json()["ticket"]["state"]) == (200, "waiting")
    assert answer.json()["counter"] == {"id": "1", "state": "open", "ticket": None}


async def test_a_ticket_is_called_out_of_turn(office: WebOffice) -> None:
    await office.draw()
    second = await office.draw()
    await office.command("counters/1/open")
    answer = await office.command(f"tickets/{second['id']}/call", {"counter": "1"}, Role.COUNTER)
    assert answer.json()["ticket"]["number"] == second["number"]


async def test_where_picking_is_not_allowed_only_a_chief_picks(valkey_url: str, tmp_path: Path) -> None:
    strict = zone(rules=replace(zone().rules, counters_may_pick=False))
    async with open_web_office(valkey_url, tmp_path, strict) as office:
        ticket = await office.draw()
        await office.command("counters/1/open")
        refused = await office.command(f"tickets/{ticket['id']}/call", {"counter": "1"}, Role.COUNTER)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
        allowed = await office.command(f"tickets/{ticket['id']}/call", {"counter": "1"}, Role.SUPERVISOR)
        assert allowed.status_code == 200


async def test_a_missed_visitor_comes_back_by_a_device(office: WebOffice) -> None:
    ticket = await office.draw()
    early = await office.command(f"tickets/{ticket['id']}/come-back", role=Role.DEVICE)
    assert (early.status_code, early.json()["code"], early.json()["state"]) == (409, "wrong_state", "waiting")
    for verb in ("open", "call-next", "miss"):
        await office.command(f"counters/1/{verb}")
    back = await office.command(f"tickets/{ticket['id']}/come-back", role=Role.DEVICE)
    assert (back.status_code, back.json()["ticket"]["state"]) == (200, "waiting")


async def test_a_waiting_visitor_puts_it_off_by_a_device_and_only_so_often(office: WebOffice) -> None:
    ticket = await office.draw()
    for _ in range(2):
        put_off = await office.command(f"tickets/{ticket['id']}/delay", role=Role.DEVICE)
        assert (put_off.status_code, put_off.json()["ticket"]["state"]) == (200, "waiting")
    record = (await office.get(f"/api/v1/zones/hall/tickets/{ticket['id']}", Role.COUNTER)).json()["ticket"]
    assert record["not_before"]
    refused = await office.command(f"tickets/{ticket['id']}/delay", role=Role.DEVICE)
    assert (refused.status_code, refused.json()["code"], refused.json()["most"]) == (409, "delays_exhausted", 2)

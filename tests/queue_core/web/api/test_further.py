"""One visit of several services, over HTTP."""

from queue_core.domain.principal import Role
from queue_core.web.api.replies import Done, TicketReply
from tests.support.web_office import WebOffice


async def test_a_visit_of_two_services_goes_from_one_to_the_other(office: WebOffice) -> None:
    drawn = Done.model_validate(
        (await office.command("tickets", {"service": "new", "further": ["short"]}, role=Role.DEVICE)).json()
    )
    assert drawn.ticket
    assert drawn.ticket.further == ["short"]
    await office.command("counters/1/open")
    await office.command("counters/1/call-next")
    sent = Done.model_validate((await office.command("counters/1/finish")).json())
    assert sent.ticket
    assert (sent.ticket.id, sent.ticket.service, sent.ticket.state) == (drawn.ticket.id, "short", "waiting")
    assert sent.counter
    assert sent.counter.ticket is None


async def test_a_clerk_adds_a_service(office: WebOffice) -> None:
    ticket = await office.draw()
    answer = await office.command(f"tickets/{ticket['id']}/add-service", {"service": "short"})
    done = Done.model_validate(answer.json())
    assert done.ticket
    assert (answer.status_code, done.ticket.state, done.ticket.further) == (200, "waiting", ["short"])
    shown = await office.get(f"/api/v1/zones/hall/tickets/{ticket['id']}", Role.COUNTER)
    assert TicketReply.model_validate(shown.json()).ticket.further == ["short"]
    again = await office.command(f"tickets/{ticket['id']}/add-service", {"service": "short"})
    assert (again.status_code, again.json()["code"], again.json()["service"]) == (409, "service_listed", "short")


async def test_a_device_adds_nothing_to_a_visit(office: WebOffice) -> None:
    ticket = await office.draw()
    answer = await office.command(f"tickets/{ticket['id']}/add-service", {"service": "short"}, role=Role.DEVICE)
    assert answer.status_code == 403

"""No command of the API bypasses a screen: each is followed up to the views that every screen shows."""

import json
from functools import partial
from typing import Any

from queue_core.domain.model import TicketId
from queue_core.web.api.operations import OPERATIONS
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice

ZONE = "/api/v1/zones/{zone}/"
#: Alarms have a way and tests of their own (test_alarms.py); lending numbers and blocking slots touches no visitor.
NOT_SHOWN = {"numbers", "slots/block", "slots/unblock", "alarms", "alarms/{alarm}/resolve"}
#: Followed by test_zones.py, and to the desk by tests/display_server/desk/test_bookings.py.
OF_BOOKINGS = {"bookings", "bookings/{booking}/move", "bookings/{booking}/cancel", "bookings/{booking}/check-in"}
#: Holds are shown to nobody, appointments are as those of OF_BOOKINGS are; test_appointments.py has them.
OF_VISITORS = {"appointments", *(f"appointments/{{appointment}}/{verb}" for verb in ("confirm", "move", "cancel"))}
#: Followed by tests/public_feed/remote, from the draw at home to the call.
OF_REMOTE = {"tickets/{ticket}/confirm"}
#: Whoever is called has to be told: by number and counter.
ANNOUNCED = {"counters/{counter}/call-next", "counters/{counter}/recall", "tickets/{ticket}/call"}
#: A day at counter 1; `{ticket}` is the newest. Each command of the API stands here at least once.
DAY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("tickets", {"service": "new"}),
    ("counters/{counter}/open", {}),
    ("counters/{counter}/call-next", {}),
    ("counters/{counter}/recall", {}),
    ("counters/{counter}/start", {}),
    ("tickets/{ticket}/add-service", {"service": "short"}),
    ("counters/{counter}/finish", {}),
    ("tickets/{ticket}/call", {"counter": "1"}),
    ("counters/{counter}/undo", {}),
    ("tickets/{ticket}/call", {"counter": "1"}),
    ("counters/{counter}/miss", {}),
    ("tickets/{ticket}/come-back", {}),
    ("tickets/{ticket}/delay", {}),
    ("tickets/{ticket}/call", {"counter": "1"}),
    ("tickets/{ticket}/return", {"mode": "end"}),
    ("tickets/{ticket}/call", {"counter": "1"}),
    ("counters/{counter}/park", {}),
    ("tickets/{ticket}/return", {"mode": "old"}),
    ("tickets/{ticket}/transfer", {"service": "new"}),
    ("tickets/{ticket}/cancel", {}),
    ("counters/{counter}/serve", {"service": "new"}),
    ("counters/{counter}/finish", {}),
    ("services/{service}/close", {}),
    ("services/{service}/open", {}),
    ("counters/{counter}/pause", {}),
    ("counters/{counter}/close", {}),
)


def test_every_command_of_the_api_is_followed() -> None:
    commands = {op.path.removeprefix(ZONE) for op in OPERATIONS if op.command and op.path.startswith(ZONE)}
    assert commands == {path for path, _ in DAY} | OF_BOOKINGS | OF_VISITORS | OF_REMOTE | NOT_SHOWN


async def test_what_the_api_does_is_on_every_screen(office: WebOffice) -> None:
    ticket, number = "", ""
    for path, body in DAY:
        before = _seq(office)
        answer = await office.command(path.format(ticket=ticket, counter="1", service="short"), body)
        assert answer.is_success, (path, answer.text)
        if path == "tickets":
            ticket, number = answer.json()["ticket"]["id"], answer.json()["ticket"]["number"]
        assert await eventually(partial(_is_beyond, office, before)), path
        if path in ANNOUNCED:
            assert {_view(office, view)["calls"][0]["number"] for view in ("lobby", "public", "desk")} == {number}, path
            assert _view(office, "lobby")["calls"][0]["counter"] == "1", path
            assert _view(office, "own", ticket)["state"] == "called", path
        if path == "counters/{counter}/undo":
            assert not any(call["current"] for call in _view(office, "lobby")["calls"]), path


def _view(office: WebOffice, view: str, ticket: str = "") -> dict[str, Any]:
    told: dict[str, Any] = json.loads(office.hub.state(office.zone.id, view, TicketId(ticket) if ticket else None))
    return told


def _is_beyond(office: WebOffice, seq: int) -> bool:
    return _seq(office) > seq


def _seq(office: WebOffice) -> int:
    return int(office.hub.snapshot(office.zone.id).seq)

"""Whose page it is: the ticket that the address names, as it is now."""

from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

from queue_core.domain.errors import Refused, StoreAway
from queue_core.domain.model import TicketState
from queue_core.domain.views.view import View
from queue_core.web.face import Frame
from queue_core.web.links import Own
from queue_core.web.problems import Problem

PACKAGE = "public_feed.own"
#: The face with the two questions after a visit.
SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Mine:
    own: Own
    state: dict[str, Any]


def mine_of(frame: Frame, request: Request) -> Mine | None:
    """None for a link that was never ours, a ticket of another day and one that is over: all the same."""
    own = _own(frame, request)
    if own is None:
        return None
    state = orjson.loads(frame.hub.state(own.zone, View.OWN, own.ticket))
    return None if state["final"] else Mine(own, state)


async def asks_how_it_was(frame: Frame, request: Request) -> bool:
    """Whether the address names a visit of today that was finished, in a zone that asks afterwards."""
    own = _own(frame, request)
    if own is None or SURVEY not in frame.assets.owners or frame.engine.zone(own.zone).survey is None:
        return False
    try:
        ticket = await frame.engine.ticket(own.zone, own.ticket)
    except (Refused, StoreAway):
        return False
    return ticket.state is TicketState.FINISHED


def _own(frame: Frame, request: Request) -> Own | None:
    try:
        own = frame.links.read(request.path_params["link"])
    except Problem:
        return None
    return own if own.zone in frame.engine.office else None

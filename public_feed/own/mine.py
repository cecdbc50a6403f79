"""Whose page it is: the ticket that the address names, as it is now."""

from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

from queue_core.domain.views.view import View
from queue_core.web.face import Frame
from queue_core.web.links import Own
from queue_core.web.problems import Problem

PACKAGE = "public_feed.own"


@dataclass(frozen=True, slots=True)
class Mine:
    own: Own
    state: dict[str, Any]


def mine_of(frame: Frame, request: Request) -> Mine | None:
    """None for a link that was never ours, a ticket of another day and one that is over: all the same."""
    try:
        own = frame.links.read(request.path_params["link"])
    except Problem:
        return None
    if own.zone not in frame.engine.office:
        return None
    state = orjson.loads(frame.hub.state(own.zone, View.OWN, own.ticket))
    return None if state["final"] else Mine(own, state)

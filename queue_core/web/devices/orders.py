"""What staff see of devices, and what they tell them to do."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from queue_core.domain.orders import MADE_ELSEWHERE, ORDERS
from queue_core.domain.principal import CHIEFS, WATCHERS
from queue_core.watch.attending import Present, UnfitOrder
from queue_core.web.access import principal_of, requires, resource
from queue_core.web.api import requests as asked
from queue_core.web.api.answers import json_response
from queue_core.web.devices.named import device_named, may_see, require_every_zone
from queue_core.web.frame import Frame
from queue_core.web.problems import Problem
from queue_core.web.reading import read_body


class GiveOrder(asked.Request):
    name: str
    value: str | int | bool | None = None


def routes(frame: Frame) -> Sequence[BaseRoute]:
    @requires(*WATCHERS)
    async def state(request: Request) -> Response:
        watcher = principal_of(request)
        seen = [p for p in await frame.attendance.present() if may_see(frame, watcher, p.name)]
        paired = await frame.watch.letting_in.paired(p.name for p in seen)
        return json_response({"devices": [_shown(frame, p, p.name in paired) for p in seen]})

    @requires(*CHIEFS)
    async def give(request: Request) -> Response:
        name, chief = device_named(frame, request), principal_of(request)
        require_every_zone(frame, chief, name)
        body = await read_body(request, GiveOrder)
        assert isinstance(body, GiveOrder)
        try:
            _require_order(body.name)
            order = await frame.attendance.command(name.kind, name.id, body.name, body.value, chief.id)
        except UnfitOrder:
            allowed = sorted(ORDERS[name.kind] - MADE_ELSEWHERE)
            raise Problem(422, "unfit_command", "This device cannot do this.", None, commands=allowed) from None
        return json_response({"id": order.id}, 201)

    return [
        resource("/devices/state", {"GET": state}),
        resource("/devices/{kind}/{id}/commands", {"POST": give}),
    ]


def _require_order(name: str) -> None:
    """Raises `UnfitOrder`."""
    if name in MADE_ELSEWHERE:
        raise UnfitOrder(name)


def _shown(frame: Frame, present: Present, is_paired: bool) -> dict[str, Any]:
    """Who gave an order is nobody's business but the audit's."""
    attendance, name = present.attendance, present.name
    newest = present.orders[0] if present.orders else None
    return {
        "id": str(name),
        "kind": name.kind.value,
        "device": name.id,
        "zones": list(present.zones),
        "paired": is_paired,
        "seen_ms": attendance.seen_ms or None,
        "build": attendance.build,
        "is_old": bool(attendance.build) and attendance.build != frame.assets.build,
        "facts": dict(attendance.facts),
        "skew_ms": attendance.skew_ms,
        "newest": {zone: at for zone in present.zones if (at := frame.attendance.log_of(zone))},
        "order": newest and {"name": newest.name.value, "state": newest.state.value, "at_ms": newest.at_ms},
    }

"""The kiosk's settings, behind its PIN: who stands there is nobody that we know, so each request proves itself anew.

A kiosk without a PIN has no such door; five wrong ones shut it for a quarter of an hour, on every process.
"""

import hmac
from enum import StrEnum
from typing import Annotated

import orjson
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from queue_core.domain.attendance import DeviceKind, DeviceName
from queue_core.domain.orders import OrderName
from queue_core.web.access import Endpoint, public
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.problems import Problem, not_found, unauthenticated
from queue_core.web.reading import read_body
from ticket_kiosk.place import Kiosk, kiosk_in
from ticket_kiosk.service import is_out_of_service
from ticket_kiosk.trust import drawer

_TRIES_MOST = 5


class Deed(StrEnum):
    LOOK = "look"
    PRINTER_TEST = OrderName.PRINTER_TEST.value
    OUT_OF_SERVICE = OrderName.OUT_OF_SERVICE.value
    IN_SERVICE = OrderName.IN_SERVICE.value


class Knock(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    pin: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    do: Deed = Deed.LOOK


def knock(frame: Frame) -> Endpoint:
    @public
    async def knock(request: Request) -> Response:
        require_own_site(request)
        kiosk = kiosk_in(frame, request)
        by = await drawer(frame, request, kiosk)
        if by is None:
            raise unauthenticated()
        if not kiosk.place.pin:
            raise not_found()
        asked = await read_body(request, Knock)
        assert isinstance(asked, Knock)
        await _require_pin(frame, kiosk, asked.pin)
        if asked.do is not Deed.LOOK:
            await _do(frame, kiosk, asked.do, by)
        is_out = await is_out_of_service(frame, kiosk)
        known = {"kiosk": kiosk.place.id, "build": frame.assets.build, "device": by, "out_of_service": is_out}
        return Response(orjson.dumps(known), media_type="application/json")

    return knock


async def _do(frame: Frame, kiosk: Kiosk, deed: Deed, by: str) -> None:
    """As the device page does it. Raises `Problem` 409 where nobody stands beside a printer."""
    kind = DeviceKind.AGENT if deed is Deed.PRINTER_TEST else DeviceKind.KIOSK
    if kind is DeviceKind.AGENT and not await _has_printer(frame, kiosk):
        raise Problem(409, "no_printer", "This kiosk has no printer.")
    await frame.attendance.command(kind, kiosk.place.id, deed.value, None, by)


async def _has_printer(frame: Frame, kiosk: Kiosk) -> bool:
    """Configured, or used by its agent instead."""
    agent = await frame.attendance.attendance(DeviceName(DeviceKind.AGENT, kiosk.place.id))
    return kiosk.place.printer is not None or bool(agent.facts.get("printer"))


async def _require_pin(frame: Frame, kiosk: Kiosk, pin: str) -> None:
    """Raises `Problem` 403, and 429 for whoever has tried too often, right or wrong."""
    subject = f"kiosk {kiosk.place.id}"
    await frame.identity.begin_try(subject, _TRIES_MOST)
    if not hmac.compare_digest(pin.encode(), kiosk.place.pin.encode()):
        raise Problem(403, "wrong_pin", "This is not the kiosk's PIN.")
    await frame.identity.forget_tries(subject)

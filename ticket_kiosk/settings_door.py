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

from queue_core.watch.attending import UnfitOrder, UnknownDevice
from queue_core.web.access import Endpoint, public
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.problems import Problem, not_found, unauthenticated
from queue_core.web.reading import read_body
from ticket_kiosk.place import Kiosk, kiosk_in
from ticket_kiosk.trust import drawer

_TRIES_MOST = 5
_AGENT = "agent"


class Deed(StrEnum):
    LOOK = "look"
    PRINTER_TEST = "printer_test"


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
        if asked.do is Deed.PRINTER_TEST:
            await _test_printer(frame, kiosk, by)
        known = {"kiosk": kiosk.place.id, "build": frame.assets.build, "device": by}
        return Response(orjson.dumps(known), media_type="application/json")

    return knock


async def _test_printer(frame: Frame, kiosk: Kiosk, by: str) -> None:
    """Raises `Problem` 409 where nobody stands beside a printer."""
    try:
        await frame.attendance.command(_AGENT, kiosk.place.id, Deed.PRINTER_TEST.value, None, by)
    except (UnknownDevice, UnfitOrder):
        raise Problem(409, "no_printer", "This kiosk has no printer.") from None


async def _require_pin(frame: Frame, kiosk: Kiosk, pin: str) -> None:
    """Raises `Problem` 403, and 429 for whoever has tried too often, right or wrong."""
    subject = f"kiosk {kiosk.place.id}"
    await frame.identity.begin_try(subject, _TRIES_MOST)
    if not hmac.compare_digest(pin.encode(), kiosk.place.pin.encode()):
        raise Problem(403, "wrong_pin", "This is not the kiosk's PIN.")
    await frame.identity.forget_tries(subject)

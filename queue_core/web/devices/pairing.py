"""A browser that is to be a device waits for an admin to approve the code that it shows.

It proves itself by a secret in a cookie of its own, made together with the code; the same secret is its device token
once it is approved. So an answer that gets lost costs nothing, and the secret is never sent by anybody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from queue_core.domain.attendance import DeviceName
from queue_core.domain.pairing import CODE_VALID_MS, Approval, code_of
from queue_core.domain.principal import Role, fingerprint
from queue_core.watch.attending import UnknownDevice
from queue_core.web.access import principal_of, public, requires, resource
from queue_core.web.address import client_address
from queue_core.web.api import requests as asked
from queue_core.web.api.answers import json_response
from queue_core.web.crossing import require_own_site
from queue_core.web.device import enrol
from queue_core.web.devices.named import device_named, require_every_zone
from queue_core.web.frame import Frame
from queue_core.web.identity import SECRET_MOST
from queue_core.web.login import login_allowed
from queue_core.web.problems import Problem, not_found, too_fast
from queue_core.web.reading import read_body
from queue_core.web.throttle import Throttle

_COOKIE = "wartezone_pairing"
#: Each makes a code; a page makes one every ten minutes.
_CODES_PER_MINUTE = 10
#: A page asks every second, and a house's screens may share one address.
_ASKED_PER_MINUTE = 3000
_MINUTE_S = 60


class TypedCode(asked.Request):
    code: str = Field(min_length=1, max_length=32)


@dataclass(frozen=True, slots=True)
class _Waiting:
    secret: str
    left_ms: int


def routes(frame: Frame) -> Sequence[BaseRoute]:
    desk = PairingDesk(frame)
    return [
        resource("/devices/{kind}/{id}/pairing", {"POST": public(desk.wait)}),
        resource("/devices/{kind}/{id}/pairing/approve", {"POST": requires(Role.ADMIN)(desk.approve)}),
        resource("/devices/{kind}/{id}/revoke", {"POST": requires(Role.ADMIN)(desk.revoke)}),
    ]


class PairingDesk:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._codes, self._asked = Throttle(_CODES_PER_MINUTE), Throttle(_ASKED_PER_MINUTE)

    async def wait(self, request: Request) -> Response:
        """The code to show; or, once it was approved, the device's cookie."""
        require_own_site(request)
        if not login_allowed(self._frame, request):
            raise Problem(403, "insecure", "A secret must not travel unencrypted: use HTTPS.")
        name, address = device_named(self._frame, request), client_address(request, self._frame.settings)
        self._asked.take(address)
        secret = request.cookies.get(_COOKIE, "")
        if 0 < len(secret) <= SECRET_MOST and await self._is_let_in(name, secret):
            return self._let_in(request, secret)
        waiting = await self._known(name, secret) or await self._begun(name, address)
        told = {"state": "waiting", "code": code_of(waiting.secret), "left_ms": waiting.left_ms}
        return self._keep(request, json_response(told), waiting.secret)

    async def approve(self, request: Request) -> Response:
        name = device_named(self._frame, request)
        admin = principal_of(request)
        require_every_zone(self._frame, admin, name)
        body = await read_body(request, TypedCode)
        assert isinstance(body, TypedCode)
        match await self._frame.watch.letting_in.approve(name, body.code, admin):
            case Approval.WRONG:
                raise Problem(422, "wrong_code", "The device does not show this code.")
            case Approval.SPENT:
                raise Problem(422, "codes_spent", "Too many wrong codes; the device shows a new one.")
        return json_response({"state": "paired"})

    async def revoke(self, request: Request) -> Response:
        name, admin = device_named(self._frame, request), principal_of(request)
        require_every_zone(self._frame, admin, name)
        ended = await self._frame.watch.letting_in.revoke(name, admin)
        return json_response({"tokens_ended": ended})

    async def _is_let_in(self, name: DeviceName, secret: str) -> bool:
        """Asks the store itself: what is remembered may be older than the approval."""
        found = await self._frame.identity.vault.by_digest(fingerprint(secret))
        return found is not None and found.role is Role.DEVICE and found.name == str(name)

    def _let_in(self, request: Request, secret: str) -> Response:
        answer = self._keep(request, json_response({"state": "paired"}), "")
        return enrol(self._frame.identity, answer, secret)

    async def _known(self, name: DeviceName, secret: str) -> _Waiting | None:
        if not 0 < len(secret) <= SECRET_MOST:
            return None
        left_ms = await self._frame.watch.letting_in.left_ms(name, secret)
        return _Waiting(secret, left_ms) if left_ms else None

    async def _begun(self, name: DeviceName, address: str) -> _Waiting:
        self._codes.take(address)
        try:
            begun = await self._frame.watch.letting_in.begin(name)
        except UnknownDevice:
            raise not_found("Such a device shows no code.") from None
        if begun is None:
            raise too_fast(_MINUTE_S)
        return _Waiting(*begun)

    def _keep(self, request: Request, response: Response, secret: str) -> Response:
        """A cookie for this one address; deleted with an empty secret."""
        response.set_cookie(
            _COOKIE,
            secret,
            max_age=CODE_VALID_MS // 1000 if secret else 0,
            path=request.url.path,
            secure=self._frame.identity.bound,
            httponly=True,
            samesite="strict",
        )
        return response

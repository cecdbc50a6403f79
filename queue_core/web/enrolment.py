"""How a kiosk's or display's browser becomes that device: by the code it shows, or by a token that is pasted into it.

A face says which place an address means; all else is here: docs/decisions/0022-pairing.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from queue_core.domain.attendance import DeviceName
from queue_core.domain.office import Zone
from queue_core.web.access import Endpoint, public
from queue_core.web.crossing import require_own_site
from queue_core.web.device import device, enrol
from queue_core.web.frame import Frame
from queue_core.web.login import login_allowed, with_forms


@dataclass(frozen=True, slots=True)
class Place:
    """What the browser is to be. `home`: the path of its screen, to which it goes on; the page is `<home>/enrol`."""

    name: DeviceName
    zone: Zone
    home: str


def enrolment(frame: Frame, place_of: Callable[[Request], Place]) -> Mapping[str, Endpoint]:
    """The endpoints of `<home>/enrol`, for `resource`. `place_of` raises `Problem` 404."""
    page = EnrolmentPage(frame, place_of)
    return {"GET": public(page.show), "POST": public(page.submit)}


class EnrolmentPage:
    def __init__(self, frame: Frame, place_of: Callable[[Request], Place]) -> None:
        self._frame, self._place_of = frame, place_of

    async def show(self, request: Request) -> Response:
        return self._page(request)

    async def submit(self, request: Request) -> Response:
        """A pasted token."""
        require_own_site(request)
        place = self._place_of(request)
        if not login_allowed(self._frame, request):
            return self._page(request, status=403)
        token = str((await request.form()).get("token", "")).strip()
        if await device(self._frame.identity, token, place.zone.id, place.name.kind) is None:
            return self._page(request, wrong=True, status=401)
        return enrol(self._frame.identity, RedirectResponse(place.home, 303), token)

    def _page(self, request: Request, wrong: bool = False, status: int = 200) -> Response:
        place = self._place_of(request)
        context = {
            "place": place,
            "zone": place.zone,
            "pairing": f"/devices/{place.name.kind}/{place.name.id}/pairing",
            "wrong": wrong,
            "allowed": login_allowed(self._frame, request),
        }
        return with_forms(self._frame.page(request, "enrolment.html", context, status))

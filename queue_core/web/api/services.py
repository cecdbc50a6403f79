"""Services: ticket stop and its end."""

from starlette.responses import Response

from queue_core.domain.commands import CloseService, OpenService
from queue_core.domain.errors import Refusal as R
from queue_core.domain.model import ServiceId
from queue_core.domain.principal import CHIEFS
from queue_core.web.api import requests as asked
from queue_core.web.api.answers import done
from queue_core.web.api.replies import Done
from queue_core.web.call import Call
from queue_core.web.operation import Operation

_TAG = "services"
_SERVICE = "/api/v1/zones/{zone}/services/{service}"


async def open_service(call: Call) -> Response:
    return done(call, await call.do(OpenService(ServiceId(call.path("service")))))


async def close_service(call: Call) -> Response:
    body: asked.WithReason = call.body
    return done(call, await call.do(CloseService(ServiceId(call.path("service")), body.reason)))


OPERATIONS = (
    Operation(
        "POST",
        f"{_SERVICE}/open",
        open_service,
        "End the ticket stop",
        CHIEFS,
        request=asked.Nothing,
        reply=Done,
        command=True,
        refusals=(R.UNKNOWN_SERVICE, R.SERVICE_OPEN),
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{_SERVICE}/close",
        close_service,
        "Ticket stop: nobody draws any more, whoever is inside stays",
        CHIEFS,
        request=asked.WithReason,
        reply=Done,
        command=True,
        refusals=(R.UNKNOWN_SERVICE, R.SERVICE_CLOSED),
        tag=_TAG,
    ),
)

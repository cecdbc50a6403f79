"""Devices report themselves, and are answered with what they shall do."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from queue_core.domain.attendance import REPORT_EVERY_S, DeviceKind, Report
from queue_core.domain.orders import Order
from queue_core.web.access import public, resource
from queue_core.web.api.answers import json_response
from queue_core.web.crossing import require_own_site
from queue_core.web.devices.facts import REPORTS, AnyReport, facts_of
from queue_core.web.devices.named import device_named, reporter
from queue_core.web.frame import Frame
from queue_core.web.reading import read_body
from queue_core.web.throttle import Throttle

#: Twelve are usual; facts that change are told at once.
_REPORTS_PER_MINUTE = 240


def routes(frame: Frame) -> Sequence[BaseRoute]:
    pace = Throttle(_REPORTS_PER_MINUTE)

    @public
    async def report(request: Request) -> Response:
        require_own_site(request)
        name = device_named(frame, request)
        credential = await reporter(frame, request, name)
        pace.take(str(name))
        body = await read_body(request, REPORTS[name.kind])
        assert isinstance(body, AnyReport)
        said = Report(body.build, facts_of(body), credential)
        orders = await frame.attendance.report(name, said, body.done)
        told: dict[str, object] = {"commands": [_shown(order) for order in orders], "every_s": REPORT_EVERY_S}
        if name.kind is DeviceKind.KIOSK:
            told["out_of_service"] = await frame.attendance.is_out_of_service(name)
        return json_response(told)

    return [resource("/devices/{kind}/{id}/report", {"POST": report})]


def _shown(order: Order) -> dict[str, object]:
    return {"id": order.id, "name": order.name.value, "value": order.value}

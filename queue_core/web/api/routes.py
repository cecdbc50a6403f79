"""From declared operations to routes: who may, which zone, which body, then the handler."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from queue_core.domain.model import ZoneId
from queue_core.web.access import Endpoint, admit, by_method, resource
from queue_core.web.call import Call
from queue_core.web.crossing import require_own_site
from queue_core.web.edition import Printed
from queue_core.web.frame import Frame
from queue_core.web.operation import Operation
from queue_core.web.problems import not_found
from queue_core.web.reading import once, read_body
from queue_core.web.seat import require_seat
from queue_core.web.shelf import Shelf


def api_routes(frame: Frame, operations: Iterable[Operation], shelf: Shelf) -> Sequence[BaseRoute]:
    """One route for each address."""
    by_path: defaultdict[str, dict[str, Endpoint]] = defaultdict(dict)
    for operation in operations:
        by_path[operation.path][operation.method] = _endpoint(frame, operation, shelf)
    return [resource(path, endpoints) for path, endpoints in by_path.items()]


def _endpoint(frame: Frame, operation: Operation, shelf: Shelf) -> Endpoint:
    handle = operation.handle
    if isinstance(handle, Printed):
        return by_method(_printed(shelf), {operation.method: operation.roles})

    async def endpoint(request: Request) -> Response | ASGIApp:
        return await handle(await _call(frame, operation, request))

    return by_method(endpoint, {operation.method: operation.roles})


def _printed(shelf: Shelf) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        address = shelf.find(request.scope["path"])
        if address is None:
            raise not_found()
        return address.printer().response(request)

    return endpoint


async def _call(frame: Frame, operation: Operation, request: Request) -> Call:
    principal = None if operation.roles is None else await admit(request, operation.roles)
    if operation.command and principal is None:
        require_own_site(request)
    zone = request.path_params.get("zone")
    if operation.command and zone is not None:
        await require_seat(frame.seats, request, ZoneId(zone))
    return Call(
        frame,
        request,
        principal,
        frame.engine.zone(zone) if zone is not None else None,
        await read_body(request, operation.request) if operation.request else None,
        once(request, principal) if operation.command else None,
    )

"""How the process is: alive, ready, its figures, its API."""

import asyncio

import orjson
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response

from queue_core.domain.errors import StoreAway
from queue_core.domain.principal import Role
from queue_core.web.access import admit
from queue_core.web.address import is_this_machine
from queue_core.web.api.answers import json_response
from queue_core.web.asyncapi import asyncapi_document
from queue_core.web.call import Call
from queue_core.web.edition import DESCRIPTION_CACHE, Edition, Printed, Printer, tag_of
from queue_core.web.frame import Frame
from queue_core.web.operation import Operation

_TAG = "operation"
_STORE_WITHIN_S = 1.0
_READERS = frozenset({Role.VIEWER, Role.ADMIN})
_PLAIN = "text/plain"


async def livez(_call: Call) -> Response:
    return json_response({"status": "alive"})


async def readyz(call: Call) -> Response:
    """Ready: the store writes and reads within a second, every zone's log is followed, no shutdown is under way."""
    checks = {"store": await _store(call), "log": _log(call), "running": not call.request.app.state.draining}
    ready = all(checks.values())
    value = {"status": "ready" if ready else "not ready", "checks": checks}
    return json_response(value, 200 if ready else 503, {} if ready else {"Retry-After": "1"})


async def metrics(call: Call) -> Response:
    """For this machine without a credential, for others with a viewer's or admin's token."""
    if not is_this_machine(call.request, call.frame.settings):
        await admit(call.request, _READERS)
    text = call.request.app.state.metrics.text()
    return Response(text, media_type=None, headers={"Content-Type": CONTENT_TYPE_LATEST})


async def openapi(call: Call) -> Response:
    return Response(call.request.app.state.openapi(), media_type="application/json")


def asyncapi(_frame: Frame) -> Printer:
    body = orjson.dumps(asyncapi_document())
    edition = Edition(body, tag_of(body), DESCRIPTION_CACHE, all_sites=True)
    return lambda: edition


async def _store(call: Call) -> bool:
    try:
        async with asyncio.timeout(_STORE_WITHIN_S):
            await call.request.app.state.check_store()
    except (TimeoutError, StoreAway):
        return False
    return True


def _log(call: Call) -> bool:
    return all(call.frame.hub.is_current(zone) for zone in call.frame.engine.office)


OPERATIONS = (
    Operation("GET", "/livez", livez, "The process answers", None, tag=_TAG),
    Operation("GET", "/readyz", readyz, "It can serve: store, log, not shutting down; else 503", None, tag=_TAG),
    Operation(
        "GET",
        "/metrics",
        metrics,
        "Figures for Prometheus; from other machines with a viewer's or admin's token",
        None,
        media_type=_PLAIN,
        tag=_TAG,
    ),
    Operation("GET", "/openapi.json", openapi, "This document", None, tag=_TAG),
    Operation("GET", "/asyncapi.json", Printed(asyncapi), "The live stream, as an AsyncAPI 3 document", None, tag=_TAG),
)

"""Counts every request and logs those that failed or were slow (at debug level all): no addresses, tokens, queries."""

import re
import secrets
import time
from collections.abc import Callable

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

REQUEST_ID = "X-Request-ID"
_ACCEPTED_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")
_UNROUTED = "unrouted"
_FAULT = 500
#: Answers that take longer are worth a line whatever the level.
SLOW_S = 1.0
_QUIET = frozenset({"/livez", "/readyz", "/metrics"})
_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The figures of one application, for /metrics. `streams` says how many live streams are open."""

    def __init__(self, streams: Callable[[], float]) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "wartezone_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "wartezone_http_request_seconds",
            "Time until the answer began.",
            ("route",),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        Gauge("wartezone_streams", "Open live streams.", registry=self.registry).set_function(streams)


class RequestLog:
    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        began_s = time.perf_counter()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
                self._note(scope, message["status"], time.perf_counter() - began_s, request_id)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self._app(scope, receive, sending)

    def _note(self, scope: Scope, status: int, took_s: float, request_id: str) -> None:
        route = getattr(scope.get("route"), "path", _UNROUTED)
        self._metrics.requests.labels(scope["method"] if route != _UNROUTED else "", route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(took_s)
        if route in _QUIET:
            return
        took_ms = round(took_s * 1000, 2)
        tell = log.warning if status >= _FAULT or took_s > SLOW_S else log.debug
        tell("request", method=scope["method"], route=route, status=status, ms=took_ms, request_id=request_id)


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given if _ACCEPTED_ID.fullmatch(given) else secrets.token_urlsafe(9)

"""Counts every request and tells of those that failed or were slow (at debug level of all): no addresses, tokens,
queries."""

import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

log = structlog.get_logger(__name__)
_level = logging.getLogger(__name__)

REQUEST_ID = "X-Request-ID"
_ACCEPTED_ID = re.compile(rb"[A-Za-z0-9_.-]{8,64}")
_UNROUTED = "unrouted"
_FAULT = 500
#: Answers that take longer are worth a line whatever the level.
SLOW_S = 1.0
_QUIET = frozenset({"/livez", "/readyz", "/metrics"})
_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

#: Ids of our own tell requests apart, across processes and starts; they are no secret.
_PROCESS = secrets.token_hex(6)
_numbers = count(1)
_request: ContextVar[str] = ContextVar("request_id")


@dataclass(frozen=True, slots=True)
class Tally:
    """Where answers of one kind are counted, looked up once."""

    requests: Counter
    seconds: Histogram

    def count(self, took_s: float) -> None:
        self.requests.inc()
        self.seconds.observe(took_s)


class Metrics:
    """The figures of one application, for /metrics. `streams` says how many live streams are open.

    `folder`: where several processes keep their figures, so that each can tell those of all. The library must have been
    told of it before it was imported, by its environment variable.
    """

    def __init__(self, streams: Callable[[], float], folder: Path | None = None) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "wartezone_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "wartezone_http_request_seconds",
            "Time until the answer began.",
            ("route",),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self._open = Gauge(
            "wartezone_streams", "Open live streams.", registry=self.registry, multiprocess_mode="livesum"
        )
        self._streams, self._folder = streams, folder
        self._others: list[Callable[[], None]] = []
        self._tallies: dict[tuple[str, str, int], Tally] = {}

    def count(self, method: str, route: str | None, status: int, took_s: float) -> None:
        """`route` None: none matched, whatever the method."""
        kind = (method, route, status) if route else ("", _UNROUTED, status)
        tally = self._tallies.get(kind)
        if tally is None:
            tally = self._tallies[kind] = self._tally(*kind)
        tally.count(took_s)

    def refresh(self) -> None:
        """What is not counted as it happens. Every second where others read it, else before each `text`."""
        self._open.set(self._streams())
        for refresh in self._others:
            refresh()

    def also(self, refresh: Callable[[], None]) -> None:
        """Figures of somebody else, in the same registry."""
        self._others.append(refresh)

    def text(self) -> bytes:
        """As Prometheus reads it; of all processes together."""
        self.refresh()
        if self._folder is None:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together, path=str(self._folder))  # type: ignore[no-untyped-call]
        return generate_latest(together)

    def _tally(self, method: str, route: str, status: int) -> Tally:
        return Tally(self._requests.labels(method, route, str(status)), self._seconds.labels(route))


def begin_request(given: bytes | None) -> str:
    """The request's id: as it was given, if that is usable. Every line of the log about the request will have it."""
    is_usable = given is not None and _ACCEPTED_ID.fullmatch(given)
    request_id = given.decode() if given and is_usable else f"{_PROCESS}-{next(_numbers)}"
    _request.set(request_id)
    return request_id


def add_request_id(_logger: Any, _name: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """A processor of the log."""
    if request_id := _request.get(None):
        line.setdefault("request_id", request_id)
    return line


def tell(method: str, route: str | None, status: int, took_s: float) -> None:
    """A line about an answer, if it is worth one at this level."""
    is_bad = status >= _FAULT or took_s > SLOW_S
    if route in _QUIET or not (is_bad or _level.isEnabledFor(logging.DEBUG)):
        return
    line = log.warning if is_bad else log.debug
    line("request", method=method, route=route or _UNROUTED, status=status, ms=round(took_s * 1000, 2))

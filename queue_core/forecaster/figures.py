"""The forecasts' figures, for /metrics."""

import time
from collections.abc import Callable, Iterable
from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from queue_core.domain.model import ZoneId
from queue_core.domain.quality import Quality

LOOK_EVERY_S = 5.0
_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


class Why(StrEnum):
    """Why a method did not answer."""

    FAILED = "failed"
    OVERRUN = "overrun"


class ForecastFigures:
    """Of one process; it counts what it computes itself, and tells how old what its faces show is."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._told = Counter(
            "wartezone_forecasts", "Forecasts of a zone, by the method that answered.", ("method",), registry=registry
        )
        self._failed = Counter(
            "wartezone_forecast_failures",
            "Forecasts that failed or took too long.",
            ("method", "why"),
            registry=registry,
        )
        self._seconds = Histogram(
            "wartezone_forecast_seconds",
            "Time of a core that a forecast took.",
            ("method",),
            buckets=_BUCKETS_S,
            registry=registry,
        )
        self._age = Gauge(
            "wartezone_forecast_age_seconds",
            "Since the zone's forecast was renewed; 0 for a zone at rest.",
            ("zone",),
            registry=registry,
            multiprocess_mode="livemax",
        )
        self._within = Gauge(
            "wartezone_forecast_within_ratio",
            "Share of tickets of the last 7 days that were called within the range shown.",
            ("zone",),
            registry=registry,
            multiprocess_mode="livemax",
        )

        self._ages: dict[ZoneId, Gauge] = {}
        self._judged: dict[ZoneId, Quality | None] = {}
        self._looked_s = float("-inf")

    def told(self, method: str, cost_s: float) -> None:
        self._told.labels(method).inc()
        self._seconds.labels(method).observe(cost_s)

    def failed(self, method: str, why: Why) -> None:
        self._failed.labels(method, why.value).inc()

    def look(
        self,
        zones: Iterable[ZoneId],
        age_s: Callable[[ZoneId], float],
        quality: Callable[[ZoneId], Quality | None],
    ) -> None:
        """What is not counted as it happens; at most every `LOOK_EVERY_S`, for there may be a thousand zones."""
        if time.monotonic() - self._looked_s < LOOK_EVERY_S:
            return
        self._looked_s = time.monotonic()
        for zone in zones:
            if zone not in self._ages:
                self._ages[zone] = self._age.labels(zone)
            self._ages[zone].set(age_s(zone))
            if (known := quality(zone)) is not self._judged.get(zone):
                self._judged[zone] = known
                self._tell_quality(zone, known)

    def _tell_quality(self, zone: ZoneId, known: Quality | None) -> None:
        self._within.labels(zone).set(known.within / known.judged if known else float("nan"))

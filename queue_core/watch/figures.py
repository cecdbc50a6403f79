"""The figures of devices and alarms, for /metrics."""

from collections import Counter
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge

from queue_core.domain.alarms import AlarmKind
from queue_core.real_clock import real_ms
from queue_core.watch.alarming import Alarming


class DeviceFigures:
    """Every process tells the same, of what all of them know."""

    def __init__(self, registry: CollectorRegistry, alarming: Alarming, now: Callable[[], int] = real_ms) -> None:
        self._alarming, self._now = alarming, now
        self._open = Gauge(
            "wartezone_alarms", "Open alarms, by kind.", ("kind",), registry=registry, multiprocess_mode="livemax"
        )
        self._silent = Gauge(
            "wartezone_device_silent_seconds",
            "Since the device last reported.",
            ("kind", "device"),
            registry=registry,
            multiprocess_mode="livemax",
        )
        self._skew = Gauge(
            "wartezone_device_clock_skew_seconds",
            "By how much the device's clock is ahead of the server's.",
            ("kind", "device"),
            registry=registry,
            multiprocess_mode="livemax",
        )

    def look(self) -> None:
        counted = Counter(alarm.kind for alarm in self._alarming.known)
        for kind in AlarmKind:
            self._open.labels(kind.value).set(counted[kind])
        now_ms = self._now()
        for name, attendance in self._alarming.attendance.items():
            self._silent.labels(name.kind.value, name.id).set((now_ms - attendance.seen_ms) / 1000)
            if attendance.skew_ms is not None:
                self._skew.labels(name.kind.value, name.id).set(attendance.skew_ms / 1000)

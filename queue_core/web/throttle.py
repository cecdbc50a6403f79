"""Who draws too fast is told to wait: a bucket of permits for each caller, refilled steadily."""

import time
from collections.abc import Callable

from queue_core.web.problems import too_fast

_MINUTE_S = 60.0
_CALLERS_MOST = 20_000
#: The one caller of a limit for all together.
EVERYBODY = ""


class Throttle:
    """At most `most` in a burst, and as many `within_s` in the long run; 0: no limit. One process's count."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic, within_s: float = _MINUTE_S) -> None:
        self._most, self._within_s = float(most), within_s
        self._clock = clock
        self._callers: dict[str, tuple[float, float]] = {}

    def take(self, caller: str) -> None:
        """Raises `Problem` 429 with the time until the next permit."""
        if not self._most:
            return
        now_s = self._clock()
        self._forget(now_s)
        left, at_s = self._callers.get(caller, (self._most, now_s))
        left = min(self._most, left + (now_s - at_s) * self._most / self._within_s)
        if left < 1:
            raise too_fast(max(1, round((1 - left) * self._within_s / self._most + 0.5)))
        if len(self._callers) >= _CALLERS_MOST:
            self._callers.clear()
        self._callers.pop(caller, None)
        self._callers[caller] = (left - 1, now_s)

    @property
    def remembered(self) -> int:
        """Callers."""
        return len(self._callers)

    def _forget(self, now_s: float) -> None:
        """Those whose buckets are full again: nothing is known of an address for longer than it counts."""
        while self._callers:
            oldest, (_, at_s) = next(iter(self._callers.items()))
            if now_s - at_s < self._within_s:
                return
            del self._callers[oldest]


class Throttles:
    """Several for one deed; whoever exceeds one of them waits."""

    def __init__(self, *throttles: Throttle) -> None:
        self._throttles = throttles

    def take(self, caller: str) -> None:
        """Raises `Problem` 429."""
        for throttle in self._throttles:
            throttle.take(caller)

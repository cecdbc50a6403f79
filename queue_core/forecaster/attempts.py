"""Something that may fail, tried again after pauses that grow; each failure is told once, a new kind in full."""

import logging
from types import TracebackType

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 300.0


class Attempts:
    """`what` names it in the log. `pause_s`: so long it rests after the last failure."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._due_s = float("-inf")
        self._told = ""
        self.pause_s = 0.0

    def due(self, now_s: float) -> bool:
        return now_s >= self._due_s

    def at(self, now_s: float) -> "_Attempt":
        """`with attempts.at(now_s): ...` ends at a failure and goes on behind; cancellation passes."""
        return _Attempt(self, now_s)

    def succeeded(self) -> None:
        self.pause_s, self._due_s, self._told = 0.0, float("-inf"), ""

    def failed(self, failure: Exception, now_s: float) -> None:
        self.pause_s = min(LONGEST_PAUSE_S, 2 * self.pause_s or FIRST_PAUSE_S)
        self._due_s = now_s + self.pause_s
        told = repr(failure)
        log.error(
            "%s failed (%s); it is tried again in %.0f s",
            self._what,
            told,
            self.pause_s,
            exc_info=None if told == self._told else failure,
        )
        self._told = told


class _Attempt:
    def __init__(self, attempts: Attempts, now_s: float) -> None:
        self._attempts, self._now_s = attempts, now_s

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        if error is None:
            self._attempts.succeeded()
        elif isinstance(error, Exception):
            self._attempts.failed(error, self._now_s)
            return True
        return False

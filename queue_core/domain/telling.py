"""What of a range of waiting time is told: one rule for every page, for paper, for speech, and for the judgement
afterwards whether it held.

p10 is rounded down and p90 up, by 5 minutes and above an hour by 15, then with the clock time beside it. Nobody is
promised a minute: short waits are "a few minutes", and ranges wider than an hour keep only their lower end. A ticket
that may not be called yet is told that first, and then between which times of day the call probably comes: who has an
appointment looks at the clock. The browser has the same rule for live updates (web/static/js/ranges.js); a test holds
the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_MINUTE_S = 60
_MINUTE_MS = 60_000
_STEP_MIN = 5
_STEP_MS = _STEP_MIN * _MINUTE_MS
_LONG_STEP_MIN = 15
_LONG_MIN = 60
_WIDEST_MIN = 60


class Told(StrEnum):
    """The kinds of sentence that a wait is told in; from UNKNOWN on, those without a range."""

    SOON = "soon"
    UP_TO = "up_to"
    BETWEEN = "between"
    BETWEEN_TIMES = "between_times"
    MORE_THAN = "more_than"
    #: Of somebody who may not be called yet: between which times, after which one, or nothing but that.
    CALLED = "called"
    CALLED_AFTER = "called_after"
    NOT_BEFORE = "not_before"
    UNKNOWN = "unknown"
    NO_COUNTER_OPEN = "no_counter_open"
    SERVICE_CLOSED = "service_closed"
    FULL = "full"
    OPENS = "opens"
    OUTSIDE_HOURS = "outside_hours"


_RANGES = frozenset(
    {
        *(Told.SOON, Told.UP_TO, Told.BETWEEN, Told.BETWEEN_TIMES, Told.MORE_THAN),
        *(Told.CALLED, Told.CALLED_AFTER, Told.NOT_BEFORE),
    }
)


@dataclass(frozen=True, slots=True)
class Telling:
    """`low` and `high` in minutes; 0 is no bound. `from_ms` and `to_ms`: the same as times, where they are told; OPENS
    and CALLED_AFTER have from_ms. `not_before_ms`: told first, 0 where nothing holds the call back."""

    told: Told
    low: int = 0
    high: int = 0
    from_ms: int = 0
    to_ms: int = 0
    not_before_ms: int = 0

    @property
    def is_range(self) -> bool:
        """Whether it says how long; otherwise it can neither hold nor fail."""
        return self.told in _RANGES

    def holds(self, wait_s: float) -> bool:
        """Whether a call after this wait kept what was told; both ends belong to it."""
        return self.is_range and self.low * _MINUTE_S <= wait_s and not self.is_too_short(wait_s)

    def is_too_short(self, wait_s: float) -> bool:
        """Whether the call came later than was told. "More than" promises no end."""
        return self.is_range and self.high > 0 and wait_s > self.high * _MINUTE_S


def tell(
    wait: Mapping[str, float] | None, now_ms: int, reason: str | None = None, not_before_ms: int | None = None
) -> Telling:
    """`wait` is {p10_s, p90_s, ...} from now on; without it `reason` says why."""
    first_ms = not_before_ms if not_before_ms and not_before_ms > now_ms else 0
    if wait is None:
        return Telling(Told(reason) if reason in set(Told) else Told.UNKNOWN, not_before_ms=first_ms)
    if first_ms:
        return _called(now_ms + 1000 * wait["p10_s"], now_ms + 1000 * wait["p90_s"], now_ms, first_ms)
    return _range(wait["p10_s"] / _MINUTE_S, wait["p90_s"] / _MINUTE_S, now_ms)


def spread(p10_s: float, p90_s: float) -> tuple[int, int]:
    """Minutes, rounded as they are told; of waits that were, where nothing is promised."""
    return _down(p10_s / _MINUTE_S), _up(p90_s / _MINUTE_S)


def _called(p10_ms: float, p90_ms: float, now_ms: int, first_ms: int) -> Telling:
    """`first_ms` is when the call may come at all."""
    from_ms = max(first_ms, int(p10_ms // _STEP_MS) * _STEP_MS)
    to_ms = max(int(-(-p90_ms // _STEP_MS)) * _STEP_MS, from_ms + _STEP_MS)
    low = (from_ms - now_ms) // _MINUTE_MS
    if to_ms - from_ms <= _WIDEST_MIN * _MINUTE_MS:
        high = -((now_ms - to_ms) // _MINUTE_MS)
        return Telling(Told.CALLED, low, high, from_ms, to_ms, first_ms)
    if from_ms == first_ms:
        return Telling(Told.NOT_BEFORE, low, not_before_ms=first_ms)
    return Telling(Told.CALLED_AFTER, low, from_ms=from_ms, not_before_ms=first_ms)


def _range(p10: float, p90: float, now_ms: int) -> Telling:
    """Minutes from now on."""
    low, high = _down(p10), _up(p90)
    if high <= _STEP_MIN:
        return Telling(Told.SOON, 0, _STEP_MIN)
    if low == 0:
        return Telling(Told.UP_TO, 0, high)
    if high - low > _WIDEST_MIN:
        return Telling(Told.MORE_THAN, low)
    high = max(high, low + _step(low))
    if high <= _LONG_MIN:
        return Telling(Told.BETWEEN, low, high)
    from_ms = (now_ms + low * _MINUTE_MS) // _STEP_MS * _STEP_MS
    to_ms = -(-(now_ms + high * _MINUTE_MS) // _STEP_MS) * _STEP_MS
    return Telling(Told.BETWEEN_TIMES, low, high, from_ms, to_ms)


def _step(minutes: float) -> int:
    return _LONG_STEP_MIN if minutes > _LONG_MIN else _STEP_MIN


def _down(minutes: float) -> int:
    return int(minutes // _step(minutes)) * _step(minutes)


def _up(minutes: float) -> int:
    return int(-(-minutes // _step(minutes))) * _step(minutes)

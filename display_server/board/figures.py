"""How true the ranges were that people were shown, as a supervisor reads it. Pure."""

from dataclasses import dataclass

from queue_core.domain.quality import Quality

#: Of 100 visitors so many should be called within the range shown, and at most so many later than it.
WITHIN_GOAL, TOO_SHORT_GOAL = 80, 13

_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of 100; minutes. `bias_min` above 0: said too long."""

    tickets: int
    unknown: int
    left: int
    within: int
    too_short: int
    error_min: float
    bias_min: float


def figures(quality: Quality | None) -> Figures | None:
    """None where nothing can be said: no day, or nobody was shown a range."""
    if quality is None or not quality.judged:
        return None
    judged = quality.judged
    return Figures(
        tickets=quality.tickets,
        unknown=quality.unknown,
        left=quality.left,
        within=quality.of_hundred(quality.within),
        too_short=quality.of_hundred(quality.too_short),
        error_min=round(quality.error_s / judged / _MINUTE_S, 1),
        bias_min=round(quality.bias_s / judged / _MINUTE_S, 1) + 0.0,
    )

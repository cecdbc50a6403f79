"""What a ledger comes to. Formulas are in docs/estimation.md; the forecast scored is the one made at the draw."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from queue_core.domain.telling import tell
from queue_core.evaluate.ledger import Ledger, Values

LEVELS = (0.1, 0.5, 0.9)


class Horizon(StrEnum):
    """By the median that was said: chosen by what came, good forecasts would look biased."""

    ALL = "all"
    SHORT = "< 7 min"
    MIDDLE = "7-25 min"
    LONG = "> 25 min"


_BOUNDS_S: Mapping[Horizon, tuple[float, float]] = {
    Horizon.ALL: (0, np.inf),
    Horizon.SHORT: (0, 420),
    Horizon.MIDDLE: (420, 1500),
    Horizon.LONG: (1500, np.inf),
}


@dataclass(frozen=True, slots=True)
class Errors:
    """Of `tickets` rows with an answer. `mae_ratio`: the mean absolute error of the medians over that of the reference
    on the same tickets. `pinball_s`: mean pinball loss at 10, 50 and 90 %. `late`: share called after p90;
    `too_short`: after the end of what a screen told. `bias_s` > 0: said too long. `observed`: share called by p10, p50
    and p90, which should be `LEVELS`. None: nothing to say."""

    tickets: int = 0
    mae_s: float | None = None
    mae_ratio: float | None = None
    pinball_s: tuple[float, ...] | None = None
    coverage: float | None = None
    late: float | None = None
    too_short: float | None = None
    width_s: float | None = None
    bias_s: float | None = None
    observed: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """`unknown`: scored tickets without an answer; `left` drew and were never called, `idle` within a minute: neither
    is scored. `jump_s`: by how much an announced call time moves in a minute of waiting; `jump_ratio` over the
    reference's. `swapped`: share of neighbours in one queue in the wrong order. `faults`: ranges that are none."""

    by_horizon: Mapping[Horizon, Errors] = field(default_factory=dict)
    unknown: int = 0
    left: int = 0
    idle: int = 0
    mean_wait_s: float | None = None
    jump_s: float | None = None
    jump_ratio: float | None = None
    swapped: float | None = None
    faults: int = 0
    forecast_ms: float | None = None
    slowest_ms: float = 0.0
    event_ms: float | None = None

    @property
    def all(self) -> Errors:
        return self.by_horizon[Horizon.ALL]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def scores(ledger: Ledger, reference: Ledger | None = None) -> Scores:
    """`reference` is the oracle's ledger of the same days."""
    jump_s = _ratio(ledger.jumps_s, ledger.watched_min)
    reference_jump_s = _ratio(reference.jumps_s, reference.watched_min) if reference else None
    return Scores(
        by_horizon={horizon: _errors(ledger, reference, horizon) for horizon in Horizon},
        unknown=int(np.isnan(ledger.said_s[:, 1]).sum()),
        left=ledger.left,
        idle=ledger.idle,
        mean_wait_s=_mean(ledger.called_s),
        jump_s=jump_s,
        jump_ratio=_ratio(jump_s, reference_jump_s),
        swapped=_ratio(ledger.swapped, ledger.pairs),
        faults=ledger.faults,
        forecast_ms=_ratio(1000 * ledger.forecast_s, ledger.forecasts),
        slowest_ms=1000 * ledger.slowest_s,
        event_ms=_ratio(1000 * ledger.event_s, ledger.events),
    )


def _errors(ledger: Ledger, reference: Ledger | None, horizon: Horizon) -> Errors:
    least_s, most_s = _BOUNDS_S[horizon]
    median_s = ledger.said_s[:, 1]
    rows = (median_s >= least_s) & (median_s < most_s)  # nan is in none
    said_s, called_s = ledger.said_s[rows], ledger.called_s[rows]
    if not len(called_s):
        return Errors()
    low_s, middle_s, high_s = said_s.T
    absolute_s = np.abs(middle_s - called_s)
    return Errors(
        tickets=len(called_s),
        mae_s=_mean(absolute_s),
        mae_ratio=_mae_ratio(absolute_s, called_s, reference.said_s[rows, 1]) if reference else None,
        pinball_s=tuple(pinball_s(said_s[:, n], called_s, level) for n, level in enumerate(LEVELS)),
        coverage=_mean((low_s <= called_s) & (called_s <= high_s)),
        late=_mean(called_s > high_s),
        too_short=_mean(_told_too_short(said_s, called_s)),
        width_s=_mean(high_s - low_s),
        bias_s=_mean(middle_s - called_s),
        observed=tuple(float(np.mean(called_s <= said_s[:, n])) for n in range(len(LEVELS))),
    )


def pinball_s(said_s: Values, called_s: Values, level: float) -> float:
    """Mean loss of a quantile (Koenker and Bassett, Econometrica 46, 1978, 33-50): least where `level` of the waits
    are shorter."""
    short_s = called_s - said_s
    return float(np.mean(np.maximum(level * short_s, (level - 1) * short_s)))


def _mae_ratio(absolute_s: Values, called_s: Values, reference_s: Values) -> float | None:
    both = ~np.isnan(reference_s)
    return _ratio(_mean(absolute_s[both]), _mean(np.abs(reference_s - called_s)[both]))


def _told_too_short(said_s: Values, called_s: Values) -> npt.NDArray[np.bool_]:
    told = (tell({"p10_s": low_s, "p90_s": high_s}, now_ms=0) for low_s, _, high_s in said_s)
    return np.array([t.is_too_short(wait_s) for t, wait_s in zip(told, called_s, strict=True)])


def _mean(values: npt.NDArray[Any]) -> float | None:
    return float(np.mean(values)) if len(values) else None


def _ratio(value: float | None, over: float | None) -> float | None:
    return value / over if value is not None and over else None

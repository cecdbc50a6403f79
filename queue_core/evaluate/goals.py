"""What ours must reach, and what of it a run has missed."""

from collections.abc import Iterator, Mapping

from queue_core.evaluate.evaluation import Evaluation
from queue_core.evaluate.scores import Scores

#: Mean absolute error over the oracle's, by scenario; `_RATIO_MOST` for the others.
_RATIOS_MOST: Mapping[str, float] = {"priorities": 1.15, "jobcenter": 1.15, "drift": 1.20, "first-day": 1.25}
_RATIO_MOST = _MEAN_RATIO_MOST = 1.10
_COVERAGE, _POOLED_COVERAGE = (0.73, 0.87), (0.78, 0.83)
_LATE_MOST, _SWAPPED_MOST, _BIAS_MOST_S, _JUMPS_MOST = 0.13, 0.02, 60.0, 1.25


def ratio_most(course: str) -> float:
    return _RATIOS_MOST.get(course, _RATIO_MOST)


def missed(found: Evaluation) -> list[str]:
    """A line for each goal that this run has missed; without an oracle, of those that need none."""
    lines = []
    for name, of in found.courses.items():
        scored = of[found.subject]
        lines += [f"{name}: {fault}" for fault in _faults(scored, _COVERAGE, ratio_most(name))]
    if len(found.courses) > 1:
        everything = _faults(found.pooled[found.subject], _POOLED_COVERAGE, None)
        lines += [f"all: {fault}" for fault in everything]
    mean = found.mean_ratio(found.subject)
    if mean is not None and mean > _MEAN_RATIO_MOST:
        lines.append(f"all: mean of the errors {mean:.2f} x the oracle's, goal {_MEAN_RATIO_MOST:.2f}")
    return lines


def _faults(scored: Scores, coverage: tuple[float, float], ratio: float | None) -> Iterator[str]:
    errors = scored.all
    if ratio and errors.mae_ratio is not None and errors.mae_ratio > ratio:
        yield f"error {errors.mae_ratio:.2f} x the oracle's, goal {ratio:.2f}"
    if errors.coverage is not None and not coverage[0] <= errors.coverage <= coverage[1]:
        yield f"{errors.coverage:.1%} within [p10, p90], goal {coverage[0]:.0%} to {coverage[1]:.0%}"
    if errors.late is not None and errors.late > _LATE_MOST:
        yield f"{errors.late:.1%} after p90, goal {_LATE_MOST:.0%}"
    if errors.bias_s is not None and abs(errors.bias_s) > _BIAS_MOST_S:
        yield f"bias {errors.bias_s / 60:+.1f} min, goal within {_BIAS_MOST_S / 60:.0f}"
    if scored.swapped is not None and scored.swapped > _SWAPPED_MOST:
        yield f"{scored.swapped:.1%} of neighbours in the wrong order, goal {_SWAPPED_MOST:.0%}"
    if scored.jump_ratio is not None and scored.jump_ratio > _JUMPS_MOST:
        yield f"jumps {scored.jump_ratio:.2f} x the oracle's, goal {_JUMPS_MOST:.2f}"
    if scored.faults:
        yield f"{scored.faults} ranges that are none"

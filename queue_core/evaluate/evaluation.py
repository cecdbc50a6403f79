"""The scores of everybody, course by course and all together."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from queue_core.evaluate.contest import Ledgers, joined
from queue_core.evaluate.contestants import CONTESTANTS, ORACLE, OURS
from queue_core.evaluate.scores import Scores, scores

TITLES: Mapping[str, str] = {**{name: c.title for name, c in CONTESTANTS.items()}, ORACLE: "oracle"}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`courses`: scenario or log -> method -> scores. `pooled`: method -> scores over the tickets of all courses
    together. `told` says what was played."""

    told: str
    titles: Mapping[str, str]
    courses: Mapping[str, Mapping[str, Scores]]
    pooled: Mapping[str, Scores]

    @property
    def methods(self) -> list[str]:
        """Those that take part, the oracle last."""
        return list(self.pooled)

    @property
    def subject(self) -> str:
        """Whose figures are shown in full."""
        return OURS if OURS in self.pooled else self.methods[0]

    @property
    def has_oracle(self) -> bool:
        return ORACLE in self.pooled

    def mean_ratio(self, method: str) -> float | None:
        """Of the mean absolute errors to the oracle's, over the courses."""
        ratios = [of[method].all.mae_ratio for of in self.courses.values()]
        known = [ratio for ratio in ratios if ratio is not None]
        return fmean(known) if known else None

    def to_json(self) -> dict[str, Any]:
        return {
            "told": self.told,
            "titles": dict(self.titles),
            "mean_mae_ratio": {method: self.mean_ratio(method) for method in self.methods},
            "courses": {name: _by_method(of) for name, of in self.courses.items()},
            "pooled": _by_method(self.pooled),
        }


def evaluated(told: str, titles: Mapping[str, str], ledgers: Mapping[str, Ledgers]) -> Evaluation:
    """`titles` and `ledgers` by course."""
    return Evaluation(
        told=told,
        titles=titles,
        courses={name: _scored(of) for name, of in ledgers.items()},
        pooled=_scored(joined(ledgers.values())),
    )


def _scored(ledgers: Ledgers) -> dict[str, Scores]:
    return {name: scores(ledger, ledgers.get(ORACLE)) for name, ledger in ledgers.items()}


def _by_method(of: Mapping[str, Scores]) -> dict[str, Any]:
    return {method: found.to_json() for method, found in of.items()}

"""Who does not come when called: more often, the longer they have waited. Who left without a word shows only here."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from queue_core.estimate.laws.draws import Floats
from queue_core.estimate.laws.level import Share
from queue_core.estimate.laws.memory import MANNERS

#: Minutes waited at which the next class of waits begins.
EDGES_MIN = (5, 10, 20, 30, 45, 60, 90, 120)
EDGES_S = 60.0 * np.array(EDGES_MIN)
_CLASSES = len(EDGES_MIN) + 1
#: Before anything was seen, worth so many calls; and what a class of waits is worth to the next.
_MISSING, _MISSING_WORTH, _NEXT_WORTH = 0.05, 20.0, 10.0
#: One in twenty hours of waiting, worth ten hours; and what a class is worth to the next.
_HAZARD, _HAZARD_WORTH_S, _HAZARD_NEXT_S = 1 / 72_000, 36_000.0, 9_000.0
#: The last class ends so long after it begins, as far as it is drawn from a table.
_FAR_S = 3600.0


def wait_class(wait_s: float) -> int:
    return bisect_right(EDGES_MIN, wait_s / 60)


@dataclass(slots=True)
class _ByWait:
    """One share for each class of waits."""

    shares: list[Share] = field(default_factory=lambda: [Share() for _ in range(_CLASSES)])

    def forget_day(self) -> None:
        for share in self.shares:
            share.forget(MANNERS.night)

    def to_json(self) -> list[list[float]]:
        return [share.to_json() for share in self.shares]

    @classmethod
    def from_json(cls, record: list[list[float]]) -> Self:
        return cls([Share.from_json(share) for share in record])


@dataclass(slots=True)
class NoShows(_ByWait):
    """One share for each class of waits."""

    def learn(self, wait_s: float, missed: bool) -> None:
        self.shares[wait_class(wait_s)].learn(missed, MANNERS.each)

    def chances(self) -> Floats:
        """By class of waits; each starts from the one before, for who waits longer rather comes less. Never falling:
        neighbours that would fall are pooled (Ayer et al., Annals of Mathematical Statistics 26, 1955: pool adjacent
        violators)."""
        blocks: list[tuple[float, float, int]] = []
        prior, worth = _MISSING, _MISSING_WORTH
        for share in self.shares:
            mean, weight, size = share.posterior(prior, worth), share.n + worth, 1
            prior, worth = mean, _NEXT_WORTH
            while blocks and blocks[-1][0] > mean:
                before, before_weight, before_size = blocks.pop()
                mean = (before * before_weight + mean * weight) / (before_weight + weight)
                weight, size = before_weight + weight, before_size + size
            blocks.append((mean, weight, size))
        return np.repeat([mean for mean, _, _ in blocks], [size for _, _, size in blocks])


@dataclass(slots=True)
class Cancelling(_ByWait):
    """Hazard of giving the ticket back, by how long one has waited: `k` who did in `n` seconds of waiting."""

    def learn(self, wait_s: float, cancelled: bool) -> None:
        last = wait_class(wait_s)
        for index in range(last + 1):
            begins = 60.0 * EDGES_MIN[index - 1] if index else 0.0
            ends = 60.0 * EDGES_MIN[index] if index < last else wait_s
            self.shares[index].n += ends - begins
        self.shares[last].k += cancelled

    def hazards(self) -> Floats:
        """Per second, by class of waits; each starts from the one before."""
        hazards, prior, worth_s = [], _HAZARD, _HAZARD_WORTH_S
        for share in self.shares:
            prior = share.posterior(prior, worth_s)
            hazards.append(prior)
            worth_s = _HAZARD_NEXT_S
        return np.array(hazards)

    def leaves_s(self, exponential: Floats, waited_s: Floats) -> Floats:
        """How long until one who has waited `waited_s` gives up, `exponential` being standard exponential numbers."""
        hazards = self.hazards()
        at = np.concatenate([[0.0], EDGES_S, [EDGES_S[-1] + _FAR_S]])
        risen = np.concatenate([[0.0], np.cumsum(hazards * np.diff(at))])
        so_far = np.interp(waited_s, at, risen) + hazards[-1] * np.maximum(0.0, waited_s - at[-1])
        target = so_far + exponential
        last = at[-1] + (target - risen[-1]) / hazards[-1]
        return np.asarray(np.maximum(0.0, np.where(target < risen[-1], np.interp(target, risen, at), last) - waited_s))

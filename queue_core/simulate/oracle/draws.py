"""What chance draws for everybody whom the oracle may be asked about, drawn once a day.

One row of R cells a person, found by the person's seed: the same person keeps the same draws at every forecast.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from queue_core.simulate.habits import Between, Habits
from queue_core.simulate.spread import Floats, LogNormal
from queue_core.simulate.visitors import AFTER_S, MODES

_TICKETS, _OTHERS = 1024, 512
#: Seeds up to here are tickets' ordinals.
_LARGEST_ORDINAL = 10**10
_STREAM = 10**6
#: Of a stream's people, so many have rows of their own.
_STREAM_ROWS = 37
#: Share of returns that wait a while more before they may be called.
_AFTER = sum(mode == "after" for mode in MODES) / len(MODES)
#: Beyond this nobody loses patience.
_ENDLESS_S = 1e6

Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Draws:
    """(rows, R) each. Seconds: `before` from the call to the talk, recall included, `way` without it, `gap`, `back`
    after a miss and `parked` after the talk (`inf`: does not come back, is not parked), `patience`. Shares of a mean:
    `talk`, `second`. Standard exponentials: `rest`, `stays`. `shows` and `silent` are even on [0, 1); `onward` is an
    even number less than one for those who are sent on, else -1. `detour`: parked or sent on."""

    before: Floats
    way: Floats
    gap: Floats
    back: Floats
    parked: Floats
    patience: Floats
    talk: Floats
    second: Floats
    rest: Floats
    stays: Floats
    shows: Floats
    silent: Floats
    onward: Floats
    detour: Bools

    @property
    def replicates(self) -> int:
        return int(self.talk.shape[1])


def row(seed: int) -> int:
    if seed < _LARGEST_ORDINAL:
        return seed % _TICKETS
    stream, n = divmod(seed, _STREAM)
    return _TICKETS + (_STREAM_ROWS * stream + n) % _OTHERS


@lru_cache(maxsize=4)
def draws(habits: Habits, seed: int, replicates: int) -> Draws:
    random = np.random.default_rng(seed)
    shape = _TICKETS + _OTHERS, replicates
    manners, detours, talks, desk = habits.manners, habits.detours, habits.talks, habits.desk

    def chance() -> Floats:
        return random.random(shape)

    def exponential() -> Floats:
        return random.standard_exponential(shape)

    def between(ends: Between) -> Floats:
        return ends[0] + (ends[1] - ends[0]) * chance()

    shows = chance()
    recalled = (shows >= manners.never) & (shows < manners.never + manners.after_recall)
    way = manners.way_s * LogNormal(manners.way_cv).shares(random, shape)
    parked = between(detours.parked_s) + AFTER_S * (chance() < _AFTER)
    parked = np.where(chance() < detours.parked, parked, np.inf)
    onward = np.where(chance() < detours.sent_on, chance(), -1.0)
    back = between(manners.back_s) + AFTER_S * (chance() < _AFTER)
    return Draws(
        before=way + desk.recalls_after_s * recalled,
        way=way,
        gap=between(desk.gap_s),
        back=np.where(chance() < manners.comes_back, back, np.inf),
        parked=parked,
        patience=manners.patience_s * LogNormal(manners.patience_cv).shares(random, shape),
        talk=talks.spread.shares(random, shape),
        second=talks.spread.shares(random, shape),
        rest=exponential(),
        stays=exponential(),
        shows=shows,
        silent=chance(),
        onward=onward,
        detour=(parked < np.inf) | (onward >= 0),
    )


def patient(habits: Habits) -> bool:
    """Nobody ever leaves of their own accord."""
    return habits.manners.patience_s >= _ENDLESS_S

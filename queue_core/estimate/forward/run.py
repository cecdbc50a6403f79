"""The rest of a day, played many times at once by the rule that the engine calls by (`domain.policy`).

In each step every replicate does the earliest thing that is due: its first free counter takes the best whom it may
call, or finds nobody and waits until somebody may be called. Somebody who has gone, and a probe, takes no time.
"""

from collections.abc import Generator

import numpy as np

from queue_core.estimate.forward.bank import Bank
from queue_core.estimate.forward.calls import Calls
from queue_core.estimate.forward.chances import Chances, Flags, Indices, Seconds, Visits
from queue_core.estimate.forward.desks import Desks
from queue_core.estimate.forward.house import House
from queue_core.estimate.forward.keys import LIMIT, Keys
from queue_core.estimate.forward.lanes import Lanes

#: What a step costs besides its replicates, as a number of replicates; and what about a millisecond is enough for.
_STEP_IN_REPLICATES = 400
_SLICE_IN_REPLICATES = 3_000


def run(house: House, chances: Chances) -> Calls:
    slicing = slices(house, chances)
    while True:
        try:
            next(slicing)
        except StopIteration as done:
            calls: Calls = done.value
            return calls


def slices(house: House, chances: Chances) -> Generator[None, None, Calls]:
    """The run in slices of about a millisecond, so that a server's loop can do other work in between. Raises
    `ValueError` when a visit's length is negative or not a number."""
    called_s = np.full((chances.replicates, house.awaited), np.inf)
    if house.counters and house.awaited:
        streams = chances.coming()
        bank = yield from Bank.in_slices(house, streams, chances.replicates)
        yield
        day = _Day(house, chances, bank, chances.visits((*house.people, *house.coming(streams))))
        yield
        most = max(1, _SLICE_IN_REPLICATES // (_STEP_IN_REPLICATES + chances.replicates))
        while steps := day.least_steps():
            for _ in range(min(steps, most)):
                day.step()
            yield
        called_s = day.called_s()
    return Calls(tuple(t.id for t in house.waiting), house.probes, called_s)


class _Day:
    """R replicates in lockstep."""

    def __init__(self, house: House, chances: Chances, bank: Bank, visits: Visits) -> None:
        self._visits = visits
        self._desks = Desks(chances.free_s(house.counters), chances.away_s(house.counters))
        self._lanes = Lanes(house, bank, self._desks.closes_s)
        self._may_call = np.ascontiguousarray((house.offsets < LIMIT).T)
        self._visitors, self._awaited = bank.visitors, house.awaited
        self._runs = np.arange(chances.replicates)
        # One more column than there are people awaited, for everybody else.
        self._called_s = np.full((chances.replicates, house.awaited + 1), np.inf)
        self._goes_s = np.full_like(self._called_s, np.inf)
        self._goes_s[:, : len(house.waiting)] = chances.leaves_s(house.waiting)
        self._goes_s[:, len(house.waiting) : -1] = -np.inf

    def least_steps(self) -> int:
        """How many steps it takes at least until everybody is called whom a counter will call."""
        return self._lanes.most_left(self._desks.awake())

    def called_s(self) -> Seconds:
        return self._called_s[:, :-1].copy()

    def step(self) -> None:
        counters, desks, at_s = self._desks.first()
        heads, found = self._lanes.best(counters, at_s)
        due = at_s < np.inf
        found &= due
        runs = self._runs
        if not found.all():
            self._rest((due & ~found).nonzero()[0], counters, desks, at_s)
            runs = found.nonzero()[0]
            counters, desks, at_s, heads = counters[runs], desks[runs], at_s[runs], heads[runs]
        if len(runs):
            self._call(runs, counters, desks, at_s, heads)

    def _rest(self, runs: Indices, counters: Indices, desks: Indices, at_s: Seconds) -> None:
        if len(runs):
            self._desks.rest(desks[runs], self._lanes.due_s(runs, counters[runs], at_s[runs]))

    def _call(self, runs: Indices, counters: Indices, desks: Indices, at_s: Seconds, heads: Indices) -> None:
        people, keys = self._lanes.take(heads)
        marks = (self._awaited + 1) * runs + np.minimum(people, self._awaited)
        self._called_s.ravel()[marks] = at_s
        until_s = at_s + self._visits.occupied_s(runs, people, counters, at_s)
        stays = self._goes_s.take(marks) > at_s
        until_s = np.where(stays, until_s, at_s)
        if not (until_s >= at_s).all():
            raise ValueError("the length of a visit is negative or not a number")
        self._desks.serve(desks, until_s)
        self._again(stays, runs, people, keys, at_s)

    def _again(self, stays: Flags, runs: Indices, people: Indices, keys: Keys, at_s: Seconds) -> None:
        first = stays & (people < self._visitors)
        if not first.all():
            runs, people, keys, at_s = runs[first], people[first], keys[first], at_s[first]
        services, in_s = self._visits.again(runs, people, at_s)
        those = (services >= 0).nonzero()[0]
        if not len(those):
            return
        runs, services, ready_s = runs[those], services[those], (at_s + in_s)[those]
        self._lanes.join(runs, services, people[those] + self._visitors, keys[those], ready_s)
        self._desks.wake(runs, self._may_call[services], ready_s)

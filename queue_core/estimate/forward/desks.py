"""When each counter calls next, in every replicate."""

import numpy as np

from queue_core.estimate.forward.chances import Flags, Indices, Seconds

#: Of counters that are free at the same moment any may be the first, as whoever looks up first presses the key: their
#: order is another one in each replicate, by less than matters to a time.
_GLANCE_S = 1e-6
_GLANCES_SEED = 4


class Desks:
    """C counters as matrices (R, C): `_freed_s`, when its visit ends; `_calls_s`, when it looks who is next: then, or
    when its break is over, or when the first may be called whom it waits for. A cell is an element, counted flat.
    """

    def __init__(self, free_s: Seconds, away_s: Seconds) -> None:
        self._runs, self._width = free_s.shape
        self._begins = self._width * np.arange(self._runs)
        breaks = np.isfinite(away_s[..., 0]).any(axis=(0, 1))
        self._away_s = away_s[:, :, breaks].reshape(free_s.size, -1, 2).transpose(1, 2, 0).copy()
        from_s, to_s = self._away_s[:, 0], self._away_s[:, 1]
        #: When each closes for good.
        self.closes_s = np.where(np.isinf(to_s), from_s, np.inf).min(axis=0, initial=np.inf).reshape(free_s.shape)
        self._freed_s = np.array(free_s, float).ravel()
        self._calls_s = self._back_s(np.arange(free_s.size), self._freed_s).copy()
        self._glances_s = _GLANCE_S * np.random.default_rng(_GLANCES_SEED).random(free_s.size)
        self._turns = (self._calls_s + self._glances_s).reshape(free_s.shape)

    def first(self) -> tuple[Indices, Indices, Seconds]:
        """For each replicate the counter that is due first, its cell, and when; `inf` if none ever is."""
        counters = self._turns.argmin(axis=1)
        cells = self._begins + counters
        return counters, cells, self._calls_s.take(cells)

    def serve(self, cells: Indices, until_s: Seconds) -> None:
        self._freed_s[cells] = until_s
        self._look(cells, self._back_s(cells, until_s))

    def rest(self, cells: Indices, until_s: Seconds) -> None:
        """They wait, free, for somebody who may be called then."""
        self._look(cells, self._back_s(cells, until_s))

    def wake(self, runs: Indices, may_call: Flags, at_s: Seconds) -> None:
        """Somebody may be called at `at_s` whom nobody knew of, by the counters of `may_call` (runs, C)."""
        of_runs = self._begins[runs, np.newaxis] + np.arange(self._width)
        calls_s = self._calls_s.take(of_runs)
        waits = may_call & (self._freed_s.take(of_runs) < calls_s) & (at_s[:, np.newaxis] < calls_s)
        rows, counters = waits.nonzero()
        if not len(rows):
            return
        cells = of_runs[rows, counters]
        looks_s = self._back_s(cells, np.maximum(at_s[rows], self._freed_s[cells]))
        self._look(cells, np.minimum(looks_s, self._calls_s[cells]))

    def awake(self) -> Flags:
        return np.isfinite(self._turns)

    def _look(self, cells: Indices, at_s: Seconds) -> None:
        self._calls_s[cells] = at_s
        self._turns.ravel()[cells] = at_s + self._glances_s.take(cells)

    def _back_s(self, cells: Indices, at_s: Seconds) -> Seconds:
        """The same times, or the ends of the breaks that they fall into."""
        for from_s, to_s in self._away_s:
            begun = at_s >= from_s.take(cells)
            if not begun.any():
                break
            until_s = to_s.take(cells)
            at_s = np.where(begun & (at_s < until_s), until_s, at_s)
        return at_s

"""When everybody in the house is called, over all replicates of a forward run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from queue_core.domain.model import ServiceId, TicketId
from queue_core.estimate.forward.chances import Seconds


@dataclass(frozen=True, slots=True)
class Calls:
    """`called_s` (R, n + s): in seconds from the run's moment, the first call of each of the n tickets, then of one
    who would draw now for each of the s services; `inf` if never. Of those who leave: when they would have been called.
    """

    tickets: tuple[TicketId, ...]
    services: tuple[ServiceId, ...]
    called_s: Seconds

    def levels_s(self, probabilities: Sequence[float]) -> Seconds:
        """(len(probabilities), n + s): the quantiles of each person's call, `inf` where too many replicates never call.

        Linear between the middles of the sample's steps (Hyndman and Fan 1996, definition 5). Who stands behind another
        in one queue is called later in each replicate, so no level of theirs is earlier.
        """
        drawn = self.called_s.shape[0]
        ordered = np.sort(self.called_s, axis=0)
        at = np.clip(drawn * np.asarray(probabilities, float) - 0.5, 0, drawn - 1)
        below = at.astype(np.int64)
        lower, upper = ordered[below], ordered[np.minimum(below + 1, drawn - 1)]
        step = np.zeros_like(lower)
        np.subtract(upper, lower, out=step, where=(at > below)[:, np.newaxis] & (upper > lower))
        levels: Seconds = lower + (at - below)[:, np.newaxis] * step
        return levels

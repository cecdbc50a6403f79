"""How true what was shown has been: the range on each ticket against its first call, from a day's log or archive."""

from collections.abc import Iterable

from queue_core.domain.events import Event
from queue_core.domain.quality import Quality
from queue_core.domain.telling import Telling, tell
from queue_core.estimate.draws import Draw, draws_of

#: Shorter waits found a counter as good as free: nobody needed a forecast.
LEAST_WAIT_S = 60.0


def quality_of(events: Iterable[Event]) -> Quality:
    """Of one business day; days add up. Nothing is known of a day on which nobody drew.

    A range counts from the issue on and is held against the time from there to the first call, in the words in which
    it was told, whether or not the visitor came when called: who waits long is missed more often, and leaving them out
    would flatter. The wait itself begins, for an appointment, not before its slot.
    """
    draws = draws_of(events)
    return sum(map(_judged, draws), Quality(days=1)) if draws else Quality()


def _judged(draw: Draw) -> Quality:
    if not draw.called_ms:
        return Quality(left=int(draw.left_ms - draw.came_ms >= 1000 * LEAST_WAIT_S))
    if draw.wait_s < LEAST_WAIT_S:
        return Quality()
    if (telling := _told(draw)) is None or draw.shown is None:
        return Quality(tickets=1, unknown=1)
    until_call_s = (draw.called_ms - draw.issued_ms) / 1000
    bias_s = max(draw.shown["p50_s"], (draw.not_before_ms - draw.issued_ms) / 1000) - until_call_s
    return Quality(
        tickets=1,
        within=int(telling.holds(until_call_s)),
        too_short=int(telling.is_too_short(until_call_s)),
        wait_s=draw.wait_s,
        error_s=abs(bias_s),
        bias_s=bias_s,
    )


def _told(draw: Draw) -> Telling | None:
    return tell(draw.shown, draw.issued_ms, not_before_ms=draw.not_before_ms) if draw.shown else None

"""What counters will do in the rest of today, borrowed from a past day and held against what they did today.

Breaks are correlated, so one past day serves all counters. A break already taken does not come again; one overdue
comes soon; a counter that should have closed does so, the later it is the less surely soon.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from queue_core.domain.model import CounterState
from queue_core.estimate.laws.shifts import Away, Step, Turn, Worked

_NEVER = float("inf")
#: A break of another day is the same break, if it began so much earlier or later at most.
_SAME_BREAK_S = 5400.0
#: A break not taken by then is not taken.
_OVERDUE_S, _SOON_S = 3600.0, 1200.0
#: Where no day is known: the share of counters that are staffed when the office opens, and how long after it they open
#: on average.
_STAFFED, _PROMPT_S = 0.9, 180.0
#: Whoever is late to open by so much comes with a chance of 1/e of the first's.
_LATE_S, _COMES_AT_ALL = 1800.0, 0.7
#: The shortest time by which what is overdue may still be off.
_AT_LEAST_S = 120.0
#: Times differ from day to day.
_JITTER_S = 180.0


@dataclass(frozen=True, slots=True)
class Plan:
    """In seconds from now: when the counter may call first, and when it will be away after that."""

    free_s: float
    away: tuple[Away, ...] = ()


@dataclass(frozen=True, slots=True)
class Now:
    """A counter at `at_s` of the business day. `since_s`: when it paused or closed; `pause_s`: how long the pause that
    runs would still last by what is known of pauses; `office_s`: when the office opened last today, or else will,
    `inf` where it has no hours."""

    at_s: float
    state: CounterState
    since_s: float
    taken: tuple[Away, ...]
    opened: bool
    pause_s: float = 0.0
    office_s: float = _NEVER

    @classmethod
    def of(cls, at_s: float, state: CounterState, turns: Sequence[Turn], office_s: float = _NEVER) -> "Now":
        """`turns`: what the counter did today, as far as it is known."""
        since_s, away = at_s, []
        gone: float | None = None
        for turn in turns:
            if turn.step is not Step.OPENED and gone is None:
                gone = turn.at_s
            elif turn.step is Step.OPENED and gone is not None:
                away.append(Away(gone, turn.at_s))
                gone = None
        if gone is not None:
            since_s = gone
        opened = any(turn.step is Step.OPENED for turn in turns)
        return cls(at_s, state, since_s, tuple(away), opened, office_s=office_s)

    def lasting(self, pause_s: float, since_s: float) -> "Now":
        """A counter that pauses since then, and by what is known of pauses for so long yet."""
        return replace(self, pause_s=pause_s, since_s=since_s)


def plan(now: Now, past: Worked | None, chance: Sequence[float]) -> Plan:
    """`past`: the counter on the borrowed day, None where there is none; `chance`: three numbers within (0, 1)."""
    jitter_s = _JITTER_S * (2 * chance[0] - 1)
    if past is None:
        return Plan(_unplanned_s(now, chance))
    if now.state is CounterState.OPEN:
        return Plan(0.0, _upcoming(now, past, now.at_s, jitter_s, chance))
    opens_s = _reopens_s(now, past, jitter_s, chance) if now.opened else _opens_s(now, past, jitter_s, chance)
    if now.state is CounterState.PAUSED:
        opens_s = _returns_s(now, past, jitter_s)
    if opens_s == _NEVER:
        return Plan(_NEVER)
    return Plan(opens_s - now.at_s, _upcoming(now, past, opens_s, jitter_s, chance))


def _unplanned_s(now: Now, chance: Sequence[float]) -> float:
    """When a counter calls of which no past day is known: one that is closed while the office opens will open soon, or
    is not staffed at all; the longer it is late, the surer the latter (Bayes' rule)."""
    if now.state is not CounterState.CLOSED:
        return now.pause_s if now.state is CounterState.PAUSED else 0.0
    if now.office_s == _NEVER or (now.opened and now.since_s >= now.office_s):
        return _NEVER
    left = _STAFFED * math.exp(-max(0.0, now.at_s - now.office_s) / _PROMPT_S)
    if chance[1] * (left + 1 - _STAFFED) >= left:
        return _NEVER
    return max(0.0, now.office_s - now.at_s) - math.log(chance[2]) * _PROMPT_S


def _opens_s(now: Now, past: Worked, jitter_s: float, chance: Sequence[float]) -> float:
    if past.opens_s + jitter_s > now.at_s or past.opens_s == _NEVER:
        return past.opens_s + jitter_s
    late_s = now.at_s - past.opens_s
    if chance[1] > _COMES_AT_ALL * math.exp(-late_s / _LATE_S):
        return _NEVER
    return now.at_s + _overdue(late_s, chance[2])


def _reopens_s(now: Now, past: Worked, jitter_s: float, chance: Sequence[float]) -> float:
    """A counter that was open today and is closed."""
    same = _nearest(past.away, now.since_s)
    if same is None or same.to_s == _NEVER:
        return _NEVER
    if same.to_s + jitter_s > now.at_s:
        return same.to_s + jitter_s
    late_s = now.at_s - same.to_s
    if chance[1] > _COMES_AT_ALL * math.exp(-late_s / _LATE_S):
        return _NEVER
    return now.at_s + _overdue(late_s, chance[2])


def _returns_s(now: Now, past: Worked, jitter_s: float) -> float:
    """A counter that pauses: as long as the same break lasted, or as pauses do that last so long already."""
    same = _nearest(past.away, now.since_s)
    if same is not None:
        if same.to_s == _NEVER:
            return _NEVER
        ends_s = now.since_s + same.to_s - same.from_s + jitter_s / 2
        if ends_s > now.at_s:
            return ends_s
    return now.at_s + now.pause_s


def _upcoming(now: Now, past: Worked, from_s: float, jitter_s: float, chance: Sequence[float]) -> tuple[Away, ...]:
    """What is still to come of the past day's absences, for a counter that calls from `from_s` on."""
    left = list(past.away)
    done = [*now.taken, *([Away(now.since_s, from_s)] if now.state is not CounterState.OPEN and now.opened else [])]
    for taken in done:
        if (same := _nearest([a for a in left if a.to_s < _NEVER], taken.from_s)) is not None:
            left.remove(same)
    found = (_shifted(now, away, from_s, jitter_s, chance) for away in left)
    return tuple(_merged(away for away in found if away))


def _shifted(now: Now, away: Away, from_s: float, jitter_s: float, chance: Sequence[float]) -> Away | None:
    begins_s, ends_s = away.from_s + jitter_s, away.to_s + jitter_s
    if begins_s > from_s:
        return Away(begins_s - now.at_s, ends_s - now.at_s)
    late_s = from_s - begins_s
    if away.to_s == _NEVER:
        return Away(from_s - now.at_s + _overdue(late_s, chance[1]), _NEVER)
    if late_s > _OVERDUE_S:
        return None
    soon_s = from_s - now.at_s + _SOON_S * chance[2]
    return Away(soon_s, soon_s + away.to_s - away.from_s)


def _overdue(late_s: float, chance: float) -> float:
    return -math.log(chance) * max(_AT_LEAST_S, late_s)


def _nearest(away: Iterable[Away], from_s: float) -> Away | None:
    same = [a for a in away if abs(a.from_s - from_s) <= _SAME_BREAK_S]
    return min(same, key=lambda a: abs(a.from_s - from_s), default=None)


def _merged(away: Iterable[Away]) -> list[Away]:
    merged: list[Away] = []
    for span in sorted(away):
        if merged and span.from_s <= merged[-1].to_s:
            merged[-1] = Away(merged[-1].from_s, max(merged[-1].to_s, span.to_s))
        else:
            merged.append(span)
    return merged

"""When counters opened, paused and closed on the last days, a counter place at a time: whose hands, nobody keeps."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Any, NamedTuple

from queue_core.domain.model import CounterId
from queue_core.estimate.laws import packing
from queue_core.estimate.laws.delays import Delays, Prior

DAYS_KEPT = 40
#: Before any was seen.
PAUSE = Prior(900.0, 0.7)
#: Times are kept to ten seconds; two bits hold the step.
_UNIT_S, _STEPS = 10.0, 4
_MOST = (1 << 16) - 1
#: A counter left with nobody to call is left for good, where the office goes on so long without it.
_GOES_ON_S = 1800.0
_NEVER = float("inf")


class Step(IntEnum):
    CLOSED = 0
    OPENED = 1
    PAUSED = 2
    #: Closed with nobody left to call.
    LEFT = 3


class Turn(NamedTuple):
    """`at_s`: since the business day began."""

    at_s: float
    step: Step


class Away(NamedTuple):
    """[from_s, to_s) in which a counter did not call."""

    from_s: float
    to_s: float


Turns = Mapping[CounterId, list[Turn]]


@dataclass(frozen=True, slots=True)
class Worked:
    """One counter on one day: its first opening, `inf` for none, and when it was away after that."""

    opens_s: float
    away: tuple[Away, ...]

    def open_at(self, at_s: float) -> bool:
        return self.opens_s <= at_s and not any(a.from_s <= at_s < a.to_s for a in self.away)


@dataclass(frozen=True, slots=True)
class PastDay:
    day: date
    counters: Mapping[CounterId, Worked]


@dataclass(slots=True)
class Shifts:
    days: list[tuple[date, Turns]] = field(default_factory=list)
    pauses: Delays = field(default_factory=lambda: Delays(PAUSE))
    today: dict[CounterId, list[Turn]] = field(default_factory=dict)
    _past: list[PastDay] | None = None

    def learn(self, counter: CounterId, turn: Turn) -> None:
        turns = self.today.setdefault(counter, [])
        if turns and turns[-1].step is Step.PAUSED and turn.step is Step.OPENED:
            self.pauses.learn(turn.at_s - turns[-1].at_s)
        if len(turns) < packing.BYTE_MOST:
            turns.append(turn)

    def past(self) -> list[PastDay]:
        """The oldest first."""
        if self._past is None:
            self._past = [PastDay(day, worked(turns)) for day, turns in self.days]
        return self._past

    def forget_day(self, day: date | None) -> None:
        """A day on which no counter opened is none."""
        if day and any(turn.step is Step.OPENED for turns in self.today.values() for turn in turns):
            self.days = [*self.days, (day, self.today)][-DAYS_KEPT:]
            self._past = None
        self.today = {}

    def to_json(self) -> dict[str, Any]:
        names = sorted({counter for _, turns in self.days for counter in turns} | self.today.keys())
        return {
            "counters": names,
            "days": [[day.isoformat(), _packed(turns, names)] for day, turns in self.days],
            "today": _packed(self.today, names),
            "pauses": self.pauses.packed(),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Shifts":
        names = [CounterId(name) for name in record["counters"]]
        days = [(date.fromisoformat(day), _unpacked(blob, names)) for day, blob in record["days"]]
        return cls(days, Delays(PAUSE, record["pauses"]), dict(_unpacked(record["today"], names)))


def worked(day: Turns) -> dict[CounterId, Worked]:
    ends_s = max((turns[-1].at_s for turns in day.values() if turns), default=0.0)
    return {counter: _worked(turns, ends_s) for counter, turns in day.items()}


def _worked(turns: list[Turn], ends_s: float) -> Worked:
    opens_s = next((turn.at_s for turn in turns if turn.step is Step.OPENED), _NEVER)
    return Worked(opens_s, tuple(_away([t for t in turns if t.at_s >= opens_s], ends_s)))


def _away(turns: list[Turn], ends_s: float) -> Iterator[Away]:
    """A counter that was left near the day's end with nobody to call would have called on."""
    since: Turn | None = None
    for turn in turns:
        if turn.step is Step.OPENED:
            if since:
                yield Away(since.at_s, turn.at_s)
            since = None
        elif since is None or since.step is Step.PAUSED:
            since = Turn(since.at_s if since else turn.at_s, turn.step)
    if since and not (since.step is Step.LEFT and since.at_s > ends_s - _GOES_ON_S):
        yield Away(since.at_s, _NEVER)


def _packed(day: Turns, names: list[CounterId]) -> str:
    """A counter after another: its number, how many turns, each of them two bytes; ten seconds and the step."""
    blob = bytearray()
    for number, name in enumerate(names[: packing.BYTE_MOST]):
        if turns := day.get(name):
            words = [min(_MOST, round(t.at_s / _UNIT_S) * _STEPS + t.step) for t in turns]
            blob += struct.pack(f"<BB{len(words)}H", number, len(words), *words)
    return packing.packed(bytes(blob))


def _unpacked(packed: str, names: list[CounterId]) -> Turns:
    """Raises `ValueError` for what `_packed` never wrote."""
    day: dict[CounterId, list[Turn]] = {}
    try:
        blob, at = packing.unpacked(packed), 0
        while at < len(blob):
            number, length = struct.unpack_from("<BB", blob, at)
            words = struct.unpack_from(f"<{length}H", blob, at + 2)
            day[names[number]] = [Turn(word // _STEPS * _UNIT_S, Step(word % _STEPS)) for word in words]
            at += 2 + 2 * length
    except (struct.error, IndexError) as broken:
        raise ValueError("turns of the counters are unreadable") from broken
    return day

"""What is known of today alone, and forgotten with it: the pace, and each counter session's part in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from queue_core.domain.model import CounterId, ServiceId
from queue_core.estimate.laws.level import Level
from queue_core.estimate.laws.occupations import SPREAD
from queue_core.estimate.laws.pace import Pace

#: Standard deviation between counter sessions of ln(length).
_SESSIONS = 0.12
_WORTH = (SPREAD / _SESSIONS) ** 2
_WRAPS_WORTH = 8.0
_FARTHEST = 1.5


@dataclass(slots=True)
class Session:
    """A counter from its opening until it closes: a place at work, not a person's record."""

    length: Level = field(default_factory=Level)
    wrap: Level = field(default_factory=Level)

    def learn(self, residual: float) -> None:
        """`residual`: ln(length) less what was expected of the service today."""
        self.length.learn(min(_FARTHEST, max(-_FARTHEST, residual)))

    @property
    def effect(self) -> float:
        """What the session adds to ln(length), shrunk towards nothing."""
        return self.length.posterior(0.0, _WORTH)

    @property
    def doubt(self) -> float:
        return float(SPREAD / (self.length.n + _WORTH) ** 0.5)

    def wrap_ratio(self, usual_s: float) -> float:
        """The session's wrap-up against the office's: who presses "finished" late has a long visit and no wrap-up."""
        return self.wrap.posterior(usual_s, _WRAPS_WORTH) / usual_s if usual_s > 0 else 1.0


@dataclass(slots=True)
class Today:
    """By ordinal, and not kept: `away_ms`, when those who are set aside or missed left the counter; `talked`, whose
    visit at a counter is the second part of theirs."""

    day: date | None = None
    pace: Pace = field(default_factory=Pace)
    sessions: dict[CounterId, Session] = field(default_factory=dict)
    services: set[ServiceId] = field(default_factory=set)
    slots: dict[int, Level] = field(default_factory=dict)
    away_ms: dict[int, int] = field(default_factory=dict)
    talked: set[int] = field(default_factory=set)

    def session(self, counter: CounterId) -> Session:
        return self.sessions.get(counter) or Session()

    def to_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat() if self.day else None,
            "pace": self.pace.to_json(),
            "sessions": {c: [s.length.to_json(), s.wrap.to_json()] for c, s in self.sessions.items()},
            "services": sorted(self.services),
            "slots": {str(slot): level.to_json() for slot, level in self.slots.items()},
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Today":
        sessions = {
            CounterId(c): Session(Level.from_json(length), Level.from_json(wrap))
            for c, (length, wrap) in record["sessions"].items()
        }
        day = date.fromisoformat(record["day"]) if record["day"] else None
        services = {ServiceId(s) for s in record["services"]}
        slots = {int(slot): Level.from_json(level) for slot, level in record["slots"].items()}
        return cls(day, Pace.from_json(record["pace"]), sessions, services, slots)

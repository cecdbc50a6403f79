"""What an estimator could have said of a zone, written down by a test."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from queue_core.domain.model import ServiceId, TicketId
from queue_core.domain.prospect import CallTimes, Slot


@dataclass(frozen=True)
class Minutes:
    """A range as estimators publish it."""

    p50_s: int

    @property
    def p10_s(self) -> int:
        return self.p50_s // 2

    @property
    def p90_s(self) -> int:
        return self.p50_s * 2

    def to_json(self) -> dict[str, Any]:
        return {"p10_s": self.p10_s, "p50_s": self.p50_s, "p90_s": self.p90_s, "method": "test"}


@dataclass(frozen=True)
class Said:
    at_ms: int = 0
    as_of_seq: int = 0
    tickets: dict[TicketId, Minutes | None] = field(default_factory=dict)
    services: dict[ServiceId, Minutes | None] = field(default_factory=dict)
    ahead: dict[TicketId | ServiceId, int] = field(default_factory=dict)
    reasons: dict[TicketId | ServiceId, StrEnum] = field(default_factory=dict)
    method: str = "test"
    later: dict[TicketId, StrEnum] = field(default_factory=dict)
    slots: dict[Slot, CallTimes] = field(default_factory=dict)

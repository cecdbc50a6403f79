"""What an estimator says: ranges of waiting time, never points, and null with a reason where nothing is known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from queue_core.domain.model import ServiceId, TicketId
from queue_core.domain.prospect import CallTimes, Slot


class NoRange(StrEnum):
    """Why there is no range."""

    NO_COUNTER_OPEN = "no_counter_open"
    SERVICE_CLOSED = "service_closed"
    OUTSIDE_HOURS = "outside_hours"
    #: No method had an answer.
    UNKNOWN = "unknown"


class Later(StrEnum):
    """Why a call that was announced comes later than it was said."""

    COUNTER_CLOSED = "counter_closed"
    COUNTER_PAUSED = "counter_paused"
    OVERTAKEN = "overtaken"
    SLOWER = "slower"


@dataclass(frozen=True, slots=True)
class Range:
    """Seconds from the forecast's time until the call: 0 <= p10_s <= p50_s <= p90_s; `method` names the estimator."""

    p10_s: int
    p50_s: int
    p90_s: int
    method: str

    def to_json(self) -> dict[str, Any]:
        return {"p10_s": self.p10_s, "p50_s": self.p50_s, "p90_s": self.p90_s, "method": self.method}


@dataclass(frozen=True, slots=True)
class Forecast:
    """A zone's ranges as of event `as_of_seq`.

    `tickets` holds every waiting ticket, `services` every service, for a visitor of the default class who draws now.
    `ahead` counts, for both, the people who would be called before; `reasons` explains each null; `later` those tickets
    whose range was moved up since it was last announced. `method` is the one that answered, "" if none did. `slots`:
    of who is expected by appointment and comes in time, where something is known; seldom renewed.
    """

    at_ms: int
    as_of_seq: int
    tickets: Mapping[TicketId, Range | None] = field(default_factory=dict)
    services: Mapping[ServiceId, Range | None] = field(default_factory=dict)
    ahead: Mapping[TicketId | ServiceId, int] = field(default_factory=dict)
    reasons: Mapping[TicketId | ServiceId, NoRange] = field(default_factory=dict)
    later: Mapping[TicketId, Later] = field(default_factory=dict)
    method: str = ""
    slots: Mapping[Slot, CallTimes] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "at_ms": self.at_ms,
            "as_of_seq": self.as_of_seq,
            "tickets": _ranges_to_json(self.tickets),
            "services": _ranges_to_json(self.services),
            "ahead": dict(self.ahead),
            "reasons": {of: reason.value for of, reason in self.reasons.items()},
            "later": {of: why.value for of, why in self.later.items()},
            "method": self.method,
            "slots": [[*slot, *times] for slot, times in self.slots.items()],
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Forecast":
        return cls(
            at_ms=record["at_ms"],
            as_of_seq=record["as_of_seq"],
            tickets=_Told(record["tickets"]),
            services={ServiceId(of): _range(r) for of, r in record["services"].items()},
            ahead=dict(record["ahead"]),
            reasons={of: NoRange(reason) for of, reason in record["reasons"].items()},
            later={TicketId(of): Later(why) for of, why in record.get("later", {}).items()},
            method=record.get("method", ""),
            slots={Slot(s, c, at): CallTimes(*times) for s, c, at, *times in record.get("slots", ())},
        )


class _Told(Mapping[TicketId, Range | None]):
    """Ranges as they were told: of a full house few are ever looked at in one process."""

    __slots__ = ("_records",)

    def __init__(self, records: Mapping[TicketId, Mapping[str, Any] | None]) -> None:
        self._records = records

    def __getitem__(self, of: TicketId) -> Range | None:
        return _range(self._records[of])

    def __iter__(self) -> Iterator[TicketId]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


def _ranges_to_json(ranges: Mapping[Any, Range | None]) -> dict[str, Any]:
    return {of: r.to_json() if r else None for of, r in ranges.items()}


def _range(record: Mapping[str, Any] | None) -> Range | None:
    return Range(**record) if record else None

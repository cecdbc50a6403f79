"""What archives of format 1 lack: records that were open, counters, appointments, and what an undo restored."""

from collections.abc import Mapping
from typing import Any

from queue_core.domain.events import TRANSITIONS, EventType

Line = Mapping[str, Any]

_NOT_KEPT = frozenset(
    {
        EventType.CONFIGURED,
        EventType.NUMBERS_RESERVED,
        EventType.BOOKED,
        EventType.BOOKING_MOVED,
        EventType.BOOKING_CANCELLED,
        EventType.CHECKED_IN,
    }
)
_DAY_S = 86_400
_RECORD = frozenset(
    {"service", "visitor_class", "ordinal", "issued_s", "arrival_s", "rank_s", "not_before_s", "slot_s", "recalls"}
)


class FirstFormat:
    """Follows each ticket by its lines; remembers how it was when it last stood in each state."""

    def __init__(self) -> None:
        self._now: dict[int, dict[str, Any]] = {}
        self._when: dict[tuple[int, str], dict[str, Any]] = {}

    def completed(self, kind: EventType, line: Line) -> Line | None:
        """The line as format 2 has it; None for what cannot be replayed: too little was kept of it."""
        if kind in _NOT_KEPT:
            return None
        if kind is EventType.EPOCH_STARTED:
            self._now, self._when = {}, {}
        if kind is EventType.DAY_ROLLED:
            return {"day_from_s": line["at_s"], "day_to_s": line["at_s"] + _DAY_S, **line}
        if kind is EventType.UNDONE:
            return self._undone(line)
        return self._moved(kind, line) if kind in TRANSITIONS else line

    def _moved(self, kind: EventType, line: Line) -> Line | None:
        ordinal = line.get("ordinal")
        if ordinal is None or (kind is not EventType.ISSUED and ordinal not in self._now):
            return None
        if kind is EventType.ISSUED and "slot_s" in line:
            line = {**line, "appointment": ordinal}
        record = {**self._now.get(ordinal, {}), **{name: line[name] for name in line.keys() & _RECORD}}
        if kind is EventType.CALLED:
            record |= {"called_s": line["at_s"], "recalls": 0}
            record.pop("started_s", None)
        if kind is EventType.STARTED:
            record["started_s"] = line["at_s"]
        if "appointment" in line:
            record["appointment"] = ordinal
        record["state"] = TRANSITIONS[kind][1].value
        self._now[ordinal] = self._when[ordinal, record["state"]] = record
        return line

    def _undone(self, line: Line) -> Line | None:
        """Tickets that were in the house before the archive began are not restored: they are not known."""
        keys = ((t["ordinal"], t["state"]) for t in line["tickets"])
        tickets = [self._when[key] for key in keys if key in self._when]
        self._now |= {record["ordinal"]: record for record in tickets}
        return {**line, "undoes_back": line["undoes_count"], "tickets": tickets} if tickets else None

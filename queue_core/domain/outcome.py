"""What a command did, and the answer that its caller gets: a pure function of its events, so a repeat gets it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from queue_core.domain.events import TRANSITIONS, Event, EventType
from queue_core.domain.model import AT_COUNTER, CounterState


@dataclass(frozen=True, slots=True)
class Outcome:
    """`events` is empty when nobody was eligible; `more` then says until when. `seq` is the last event's."""

    epoch: int
    seq: int
    now_ms: int
    events: tuple[Event, ...]
    repeated: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)

    def ticket(self) -> dict[str, Any] | None:
        """The ticket that the last ticket event left behind: id, number, service, state; `further` where the event says
        what is still to come."""
        for event in reversed(self.events):
            if event.type is EventType.UNDONE:
                return _restored(event)
            if event.type in TRANSITIONS or event.type is EventType.SERVICE_ADDED:
                return _after(event)
        return None

    def counter(self) -> dict[str, Any] | None:
        """The counter after the last event that names one: id, state, and the ticket that it holds."""
        for event in reversed(self.events):
            if event.type is EventType.UNDONE:
                return dict(event.data["counter_record"])
            if event.data.get("counter"):
                return _counter_after(event)
        return None


def _after(event: Event) -> dict[str, Any]:
    d = event.data
    state = TRANSITIONS[event.type][1].value if event.type in TRANSITIONS else d["from"]
    still = {"further": list(d["further"])} if d.get("further") else {}
    return {"id": d["ticket"], "number": d["number"], "service": d["service"], "state": state, **still}


def _restored(event: Event) -> dict[str, Any]:
    record = event.data["tickets"][0]
    return {name: record[name] for name in ("id", "number", "service", "state")}


_COUNTER_STATES = {
    EventType.COUNTER_PAUSED: CounterState.PAUSED,
    EventType.COUNTER_CLOSED: CounterState.CLOSED,
}


def _counter_after(event: Event) -> dict[str, Any]:
    state = _COUNTER_STATES.get(event.type, CounterState.OPEN)
    after = TRANSITIONS[event.type][1] if event.type in TRANSITIONS else None
    holds = after in AT_COUNTER or event.type is EventType.SERVICE_ADDED
    ticket = {"ticket": event.data["ticket"]} if holds else {}
    return {"id": event.data["counter"], "state": state.value, **ticket}

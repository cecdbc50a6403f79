"""What the exported log must say after all that happened; it knows the contract, nothing of our code."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Event = Mapping[str, Any]

#: event -> (states that it may find, state that it leaves): docs/events.md
MOVES: Mapping[str, tuple[frozenset[str | None], str]] = {
    "issued": (frozenset({None}), "waiting"),
    "called": (frozenset({"waiting", "parked", "missed"}), "called"),
    "recalled": (frozenset({"called"}), "called"),
    "started": (frozenset({"called"}), "serving"),
    "finished": (frozenset({"serving"}), "finished"),
    "missed": (frozenset({"called"}), "missed"),
    "expired": (frozenset({"waiting", "called", "serving", "parked", "missed"}), "expired"),
}
AT_COUNTER = frozenset({"called", "serving"})
GONE = frozenset({"finished", "cancelled", "expired"})


def read(exported: str) -> list[Event]:
    return [json.loads(line) for line in exported.splitlines() if line.strip()]


def gaps(log: Sequence[Event]) -> list[str]:
    """Places where the log is not 1, 2, 3, ... of one epoch."""
    wanted = [(log[0]["epoch"], n) for n in range(1, len(log) + 1)]
    found = [(event["epoch"], event["seq"]) for event in log]
    return [f"{f} instead of {w}" for w, f in zip(wanted, found, strict=True) if w != f]


@dataclass(slots=True)
class House:
    """The open tickets, counters and numbers while the log is read."""

    states: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    counters: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def follow(self, event: Event) -> None:
        if event["type"] not in MOVES:
            return
        ticket, (found, leaves) = event["ticket"], MOVES[event["type"]]
        where = f"{event['epoch']}-{event['seq']} {event['type']} {event['number']}"
        if self.states.get(ticket) not in found:
            self.faults.append(f"{where}: it was {self.states.get(ticket)}")
        self._numbered(event, where)
        self._placed(event, leaves, where)
        self.states[ticket] = leaves
        if leaves in GONE:
            self.numbers.pop(event["number"], None)

    def _numbered(self, event: Event, where: str) -> None:
        holder = self.numbers.setdefault(event["number"], event["ticket"])
        if holder != event["ticket"]:
            self.faults.append(f"{where}: the number is in the house already, with {holder}")

    def _placed(self, event: Event, leaves: str, where: str) -> None:
        counter, ticket = event.get("counter"), event["ticket"]
        holders = [c for c, held in self.counters.items() if held == ticket]
        if any(c != counter for c in holders):
            self.faults.append(f"{where}: counter {holders} holds it already")
        if leaves not in AT_COUNTER:
            for c in holders:
                del self.counters[c]
        elif counter:
            held = self.counters.setdefault(counter, ticket)
            if held != ticket:
                self.faults.append(f"{where}: counter {counter} holds {held} already")


def faults(log: Iterable[Event]) -> list[str]:
    """Numbers given twice, tickets in two places, moves that cannot be."""
    house = House()
    for event in log:
        house.follow(event)
    return house.faults


def deeds(log: Iterable[Event], types: frozenset[str]) -> Counter[tuple[str, str]]:
    """How often each (event, ticket) happened."""
    return Counter((event["type"], event["ticket"]) for event in log if event["type"] in types)

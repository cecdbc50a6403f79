"""Hand-made visits for logs: tickets t1, t2, ... drawn, called and so on at given seconds of a morning."""

from datetime import datetime
from typing import Any

from queue_core.domain.events import Event, EventType

MORNING_MS = int(datetime.fromisoformat("2026-03-02T09:00:00+01:00").timestamp() * 1000)
SHOWN = {"p10_s": 600, "p50_s": 900, "p90_s": 1200}


class Book:
    """Writes a log; `at_s` counts from `from_ms`."""

    def __init__(self, from_ms: int = MORNING_MS) -> None:
        self.from_ms, self.log = from_ms, list[Event]()
        state = {"counters": [{"id": "1"}, {"id": "2"}], "services": {"new": True}}
        self.add(0, "epoch_started", state=state, cause="fresh")

    def add(self, at_s: float, kind: str, **data: Any) -> None:
        at_ms = self.from_ms + round(1000 * at_s)
        self.log.append(Event(1, len(self.log) + 1, at_ms, EventType(kind), f"c{len(self.log)}", data))

    def draw(self, n: int, at_s: float, shown: dict[str, int] | None = SHOWN, **more: Any) -> None:
        at_ms = self.from_ms + round(1000 * at_s)
        named = {"ticket": f"t{n}", "number": f"A{n}", "series": "a", "n": n, "ordinal": n, "service": "new"}
        times = {"issued_ms": at_ms, "arrival_ms": at_ms, "rank_ms": at_ms, "visitor_class": "normal"}
        self.add(at_s, "issued", **{**named, **times, **({"estimate": shown} if shown else {}), **more})

    def move(self, kind: str, n: int, at_s: float, **more: Any) -> None:
        if kind in {"called", "started", "finished", "missed", "parked"}:
            more = {"counter": "1", **more}
        self.add(at_s, kind, ticket=f"t{n}", number=f"A{n}", service="new", **more)

    def undo(self, n: int, at_s: float, state: str, **record: Any) -> None:
        """Takes back the last event; `record`: what else the ticket's record had."""
        issued = next(e.data for e in self.log if e.data.get("ticket") == f"t{n}")
        named = {name: issued[name] for name in issued if name not in {"ticket", "n", "estimate"}}
        ticket = {**named, "id": f"t{n}", "state": state, "seq": 1, **record}
        counter = {"id": "1", "state": "open"}
        self.add(
            at_s,
            "undone",
            counter="1",
            undoes_seq=len(self.log),
            undoes_count=1,
            tickets=[ticket],
            counter_record=counter,
        )

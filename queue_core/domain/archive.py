"""A day without its people: what statistics and learning keep of an ended day.

Tickets become their ordinals within the day; ids, numbers, counters, bookings, lenders, notes, outcomes and command ids
are left out, and times are whole seconds. Counters survive only as how many are open.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import CounterState

FORMAT = 1

#: What an archived event keeps as it is. Times among them (`_ms`) become seconds; everything else is dropped.
KEPT = frozenset(
    {
        "type",
        "service",
        "from_service",
        "from",
        "visitor_class",
        "mode",
        "recalls",
        "late",
        "estimate",
        "undoes_count",
        "issued_ms",
        "arrival_ms",
        "rank_ms",
        "not_before_ms",
        "slot_ms",
        "cause",
        "day",
    }
)

_COUNTER_IS: Mapping[EventType, CounterState] = MappingProxyType(
    {
        EventType.COUNTER_OPENED: CounterState.OPEN,
        EventType.COUNTER_PAUSED: CounterState.PAUSED,
        EventType.COUNTER_CLOSED: CounterState.CLOSED,
    }
)


def deidentified(events: Iterable[Event]) -> Iterator[dict[str, Any]]:
    """The archive's lines, in order: a head, then one line an event. The same events give the same lines."""
    yield {"version": FORMAT}
    ordinals: dict[str, int] = {}
    open_counters: set[str] = set()
    for event in events:
        _learn(event, ordinals, open_counters)
        yield {"at_s": event.at_ms // 1000, **_kept(event), **_counted(event, ordinals, open_counters)}


def _learn(event: Event, ordinals: dict[str, int], open_counters: set[str]) -> None:
    d = event.data
    if event.type is EventType.ISSUED:
        ordinals[d["ticket"]] = d["ordinal"]
    elif event.type is EventType.EPOCH_STARTED:
        ordinals |= {t["id"]: t["ordinal"] for t in d["state"].get("tickets") or []}
        counters = d["state"].get("counters") or []
        open_counters |= {c["id"] for c in counters if c.get("state") == CounterState.OPEN}
    elif event.type is EventType.COUNTER_OPENED:
        open_counters.add(d["counter"])
    elif event.type in _COUNTER_IS:
        open_counters.discard(d["counter"])


def _kept(event: Event) -> dict[str, Any]:
    kept: dict[str, Any] = {"type": event.type.value}
    for name in sorted(event.data.keys() & KEPT):
        value = event.data[name]
        kept |= {name.replace("_ms", "_s"): value // 1000} if name.endswith("_ms") else {name: value}
    return kept


def _counted(event: Event, ordinals: Mapping[str, int], open_counters: set[str]) -> dict[str, Any]:
    """What stands for people and counters: ordinals of tickets, the number of open counters."""
    d = event.data
    if event.type in _COUNTER_IS:
        return {"counters_open": len(open_counters)}
    if event.type is EventType.UNDONE:
        return {"tickets": [{"ordinal": t["ordinal"], "state": t["state"]} for t in d["tickets"]]}
    if d.get("ticket") in ordinals:
        return {"ordinal": ordinals[d["ticket"]]}
    return {}

"""From a day's log to the lines of its archive: what is kept of each event, and what stands for people and places."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from queue_core.domain.archive.sessions import Sessions, drawn, served
from queue_core.domain.events import FIELDS, TRANSITIONS, Event, EventType
from queue_core.domain.model import CounterId, CounterState, ServiceId

Line = dict[str, Any]

ARCHIVE_FORMAT = 2

#: What is kept as it is, in events and in the records that some of them carry.
PLAIN = frozenset(
    {
        "service",
        "from_service",
        "from",
        "visitor_class",
        "mode",
        "recalls",
        "delays",
        "late",
        "direct",
        "further",
        "onward",
        "belated",
        "undoes_count",
        "cause",
        "day",
        "from_day",
        "ordinal",
    }
)
#: What becomes whole seconds: `..._ms` is written as `..._s`.
TIMES = frozenset(
    {
        "issued_ms",
        "arrival_ms",
        "rank_ms",
        "not_before_ms",
        "confirm_by_ms",
        "slot_ms",
        "day_from_ms",
        "day_to_ms",
        "called_ms",
        "started_ms",
        "recalled_ms",
        "missed_ms",
        "since_ms",
    }
)
#: What is written as something else: ordinals, session numbers, distances, lists and records of kept fields.
REPLACED = frozenset(
    {
        "ticket",
        "counter",
        "pin",
        "booking",
        "bookings",
        "estimate",
        "undoes_seq",
        "tickets",
        "counter_record",
        "state",
        "services",
        "counters",
    }
)
_LEVELS = ("p10_s", "p50_s", "p90_s")
_BOOKINGS = frozenset({EventType.BOOKED, EventType.BOOKING_MOVED, EventType.BOOKING_CANCELLED, EventType.CHECKED_IN})
#: What nobody learns from: who may give out which numbers, what was only held, where no appointments were given.
_LEFT_OUT = frozenset(
    {
        EventType.NUMBERS_RESERVED,
        EventType.SLOT_HELD,
        EventType.HOLDS_LAPSED,
        EventType.SLOTS_BLOCKED,
        EventType.SLOTS_UNBLOCKED,
    }
)
_COUNTERS = frozenset({EventType.COUNTER_OPENED, EventType.COUNTER_PAUSED, EventType.COUNTER_CLOSED})


def deidentified(
    events: Iterable[Event], places: Mapping[CounterId, Iterable[ServiceId]] | None = None, *, sessions: bool = True
) -> Iterator[Line]:
    """The archive's lines of one day, in order. The same events give the same lines.

    `places` are the services of the zone's counters; without `sessions` counters survive only as how many are open.
    """
    day = list(events)
    writer = _Writer(drawn(day), by_session=sessions)
    lines = [line for event in day for line in writer.lines(event)]
    head: Line = {"version": ARCHIVE_FORMAT, "services": _services(day, places or {})}
    if sessions:
        head["sessions"] = served(day, writer.sessions, places or {})
    if writer.foregone:
        head["appointments"] = writer.foregone
    yield head
    yield from lines


def _services(day: Iterable[Event], places: Mapping[CounterId, Iterable[ServiceId]]) -> list[ServiceId]:
    """All that the day knew; a log that begins at `day_rolled` does not say."""
    known = {service for services in places.values() for service in services}
    for event in day:
        if event.type is EventType.CONFIGURED:
            known |= set(event.data["services"])
        elif event.type is EventType.EPOCH_STARTED:
            known |= set(event.data["state"].get("services") or ())
        elif "service" in event.data:
            known.add(event.data["service"])
    return sorted(known)


class _Writer:
    """`foregone`: appointments of which the day's log knows only because of what became of them."""

    def __init__(self, sessions: Sessions, *, by_session: bool) -> None:
        self.sessions = sessions
        self.foregone: list[Line] = []
        self._by_session = by_session
        self._ordinals: dict[str, int] = {}
        self._appointments: dict[str, int] = {}
        self._held: set[str] = set()
        self._line_of: dict[int, int] = {}
        self._lines = 0
        self._command = ""

    def lines(self, event: Event) -> Iterator[Line]:
        """One line; none of what nobody can learn from, or whose ticket or appointment the log does not know."""
        self.sessions.follow(event)
        self._meet(event)
        kept = self._told(event)
        if kept is None:
            return
        self._lines += 1
        self._line_of[event.seq] = self._lines
        together = {"together": True} if event.command and event.command == self._command else {}
        self._command = event.command
        yield {"at_s": event.at_ms // 1000, "type": event.type.value, **together, **kept}

    def _meet(self, event: Event) -> None:
        """Takes note of the tickets and appointments that the event introduces."""
        d = event.data
        if event.type is EventType.ISSUED:
            self._ordinals[d["ticket"]] = d["ordinal"]
        elif event.type is EventType.SLOT_HELD:
            self._held.add(d["booking"])
        elif event.type is EventType.BOOKED:
            self._held.discard(d["booking"])
            self._appoint(d["booking"])
        elif event.type is EventType.CHECKED_IN and d["booking"] not in self._appointments:
            self.foregone.append(self._appointment({**d, "id": d["booking"]}))
        elif event.type is EventType.DAY_ROLLED:
            self.foregone += [self._appointment(b) for b in d.get("bookings") or ()]
        elif event.type is EventType.EPOCH_STARTED:
            self._ordinals = {t["id"]: t["ordinal"] for t in d["state"].get("tickets") or ()}
            self._line_of = {}

    def _told(self, event: Event) -> Line | None:
        d, kind = event.data, event.type
        if kind in _LEFT_OUT:
            return None
        if (kind in TRANSITIONS or kind is EventType.SERVICE_ADDED) and d["ticket"] not in self._ordinals:
            return None
        if kind in _BOOKINGS and (d["booking"] not in self._appointments or d["booking"] in self._held):
            return None
        if kind is EventType.EPOCH_STARTED:
            return self._record(d, "cause") | {"state": self._state(d["state"])}
        if kind is EventType.CONFIGURED:
            return {"services": sorted(d["services"]), **self._staff()}
        if kind is EventType.UNDONE:
            return self._undone(event)
        if kind is EventType.COUNTER_OPENED and self._by_session:
            return {**self._record(d, "counter"), **_chosen(d)}
        if kind in _COUNTERS and not self._by_session:
            return {"counters_open": len(self.sessions.working())}
        return self._record(d, *FIELDS[kind])

    def _undone(self, event: Event) -> Line:
        """A desk may undo while its counter is closed: then no session is concerned."""
        d = event.data
        at_work = self._by_session and _is_at_work(d["counter_record"])
        return {
            **(self._record(d, "counter") if at_work else {}),
            **self._record(d, "undoes_count"),
            "undoes_back": self._lines + 1 - self._line_of.get(d["undoes_seq"], self._lines),
            "tickets": [self._ticket(t) for t in d["tickets"]],
            **({"counter": self._counter(d["counter_record"])} if at_work else {}),
        }

    def _state(self, state: Mapping[str, Any]) -> Line:
        """The open state that an epoch begins with. Tickets stand in the order of what last happened to them."""
        tickets = sorted(state.get("tickets") or (), key=lambda t: t.get("seq", 0))
        counters = [
            c for c in state.get("counters") or () if c.get("state", CounterState.CLOSED) != CounterState.CLOSED
        ]
        return {
            **self._record(state, "day", "day_from_ms", "day_to_ms", "ordinal"),
            "services": dict(sorted((state.get("services") or {}).items())),
            "issued": dict(sorted((state.get("issued") or {}).items())),
            "totals": dict(sorted((state.get("totals") or {}).items())),
            "tickets": [self._ticket(t) for t in tickets],
            "counters": [self._counter(c) for c in counters] if self._by_session else [],
            "appointments": [self._appointment(b) for b in state.get("bookings") or ()],
        }

    def _staff(self) -> Line:
        return {"sessions": self.sessions.working()} if self._by_session else {}

    def _ticket(self, record: Mapping[str, Any]) -> Line:
        return {"state": str(record["state"]), **self._record(record, *record.keys() - {"ticket"})}

    def _counter(self, record: Mapping[str, Any]) -> Line:
        return {
            **self._record({"counter": record["id"]}, "counter"),
            "state": str(record.get("state", CounterState.CLOSED)),
            **self._record(record, "ticket", "since_ms"),
            **_chosen(record),
        }

    def _appointment(self, record: Mapping[str, Any]) -> Line:
        number = self._appoint(record["id"])
        return {"appointment": number, **self._record(record, "service", "visitor_class", "slot_ms")}

    def _appoint(self, booking: str) -> int:
        return self._appointments.setdefault(booking, len(self._appointments) + 1)

    def _record(self, data: Mapping[str, Any], *names: str) -> Line:
        """These fields as far as they are kept, by name; whatever says nothing is left out."""
        kept: Line = {}
        for name in sorted(data.keys() & set(names)):
            value = data[name]
            if name in TIMES:
                kept[name.removesuffix("_ms") + "_s"] = value // 1000
            elif name in PLAIN:
                kept[name] = value
            elif name in _REPLACED_BY:
                kept |= self._replaced(name, value)
        return kept

    def _replaced(self, name: str, value: Any) -> Line:
        if name == "estimate":
            return {name: {level: value[level] for level in _LEVELS}} if value else {}
        known: Mapping[str, int | None] = {
            "ticket": self._ordinals.get(value),
            "booking": self._appointments.get(value),
            "counter": self.sessions.of(value) if self._by_session else None,
            "pin": self.sessions.of(value) if self._by_session else None,
        }
        return {_REPLACED_BY[name]: known[name]} if known[name] is not None else {}


def _chosen(counter: Mapping[str, Any]) -> Line:
    """What the session serves of its counter's services, where that is not all of them."""
    return {"services": list(counter["services"])} if counter.get("services") else {}


def _is_at_work(counter: Mapping[str, Any]) -> bool:
    return counter.get("state") not in (None, CounterState.CLOSED)


_REPLACED_BY = {
    "estimate": "estimate",
    "ticket": "ordinal",
    "booking": "appointment",
    "counter": "session",
    "pin": "pin",
}

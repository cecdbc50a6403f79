"""From the lines of an archive to events that can be folded, replayed and learned from."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from queue_core.domain.archive.first_format import FirstFormat
from queue_core.domain.archive.seats import Seats
from queue_core.domain.archive.writing import ARCHIVE_FORMAT, PLAIN
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import CounterId, CounterState, ServiceId
from queue_core.domain.snapshot import Snapshot
from queue_core.domain.strange import STRANGE

Line = Mapping[str, Any]

_SERIES = "n"
_COUNTERS = frozenset({EventType.COUNTER_OPENED, EventType.COUNTER_PAUSED, EventType.COUNTER_CLOSED})


def events_of(
    lines: Iterable[str | Line], places: Mapping[CounterId, Iterable[ServiceId]] | None = None
) -> Iterator[Event]:
    """The day as a legal log, from an `epoch_started` of its own on; lines as JSON text or read already. A day that was
    over ends with a `day_rolled`, so that what follows from its end follows here too.

    Tickets have made-up ids and numbers (`n12`). Sessions sit at those of `places` (counter -> its services) that serve
    the same, else at counters of their own. Of an archive without sessions calls have the counter "": whose they were
    is not known. Raises `ValueError` with the line's number for what is no archive, an unknown format or a line that
    cannot follow those before it.
    """
    reader: _Reader | None = None
    for n, text in enumerate(lines, 1):
        if isinstance(text, str) and not text.strip():
            continue
        try:
            line = json.loads(text) if isinstance(text, str) else text
            if reader is None:
                reader, events = _reader(line, places), []
            else:
                events = list(reader.events(line))
        except STRANGE as e:
            raise ValueError(f"line {n}: {_what(e)}") from e
        yield from events
    if reader is None:
        raise ValueError("line 1: an archive begins with its version")
    yield from reader.end()


def _what(error: Exception) -> str:
    return f"{error} is missing or unknown" if isinstance(error, KeyError) else str(error)


def _reader(head: Line, places: Mapping[CounterId, Iterable[ServiceId]] | None) -> "_Reader":
    version = head.get("version")
    if version not in (1, ARCHIVE_FORMAT):
        raise ValueError(f"format {version!r} is not known, only 1 to {ARCHIVE_FORMAT}")
    return _Reader(head, places or {})


class _Reader:
    def __init__(self, head: Line, places: Mapping[CounterId, Iterable[ServiceId]]) -> None:
        self._head = head
        self._seats = Seats(head.get("sessions", ()), places)
        self._has_sessions = "sessions" in head
        self._first_format = FirstFormat() if head["version"] == 1 else None
        self._state = Snapshot()
        self._day = ""
        self._commands = 0
        self._last: EventType | None = None

    def events(self, line: Line) -> Iterator[Event]:
        """One event; before the first one the epoch's begin; none where the archive keeps too little."""
        kind = EventType(line["type"])
        self._day = self._day or str(line["at_s"])
        if self._first_format:
            known = self._first_format.completed(kind, line)
            if known is None:
                return
            line = known
        if not self._state.epoch and kind is not EventType.EPOCH_STARTED:
            yield self._begun(line)
            if kind is EventType.DAY_ROLLED:
                return
        if kind in _COUNTERS and not self._has_sessions:
            return
        self._commands += not line.get("together")
        yield self._event(kind, int(line["at_s"]), self._data(kind, line))

    def end(self) -> Iterator[Event]:
        """The rollover to the next day, if the day was over."""
        state = self._state
        if state.day_to_ms and state.is_at_rest() and self._last is not EventType.DAY_ROLLED:
            after = date.fromisoformat(state.day) + timedelta(days=1)
            to_ms = 2 * state.day_to_ms - state.day_from_ms
            days = {"day": after.isoformat(), "from_day": state.day, "day_from_ms": state.day_to_ms, "day_to_ms": to_ms}
            self._commands += 1
            yield self._event(EventType.DAY_ROLLED, max(state.at_ms, state.day_to_ms) // 1000, days)

    def _event(self, kind: EventType, at_s: int, data: Mapping[str, Any]) -> Event:
        starts = kind is EventType.EPOCH_STARTED
        epoch = max(at_s, self._state.epoch + 1) if starts else self._state.epoch
        seq = 1 if starts else self._state.seq + 1
        named = {"type": kind, "at_ms": 1000 * at_s, "command": f"{self._day}-c{self._commands}"}
        event = Event.from_json(epoch, seq, {**named, **data})
        self._state.fold(event)
        self._last = kind
        return event

    def _begun(self, first: Line) -> Event:
        """The zone at the day's begin: closed counters, and appointments that were made before."""
        state = {
            "services": dict.fromkeys(self._head.get("services", ()), True),
            "counters": [{"id": counter} for counter in self._seats.counters()],
            "bookings": [self._booking(a) for a in self._head.get("appointments", ())],
            **self._plain({name: value for name, value in first.items() if name in _FRAME}),
        }
        return self._event(EventType.EPOCH_STARTED, int(first["at_s"]), {"state": state, "cause": "archive"})

    def _data(self, kind: EventType, line: Line) -> Mapping[str, Any]:
        special = _SPECIAL.get(kind)
        return special(self, line) if special else self._plain(line)

    def _plain(self, line: Line) -> dict[str, Any]:
        """Fields of events and records alike, back in their names and units."""
        data: dict[str, Any] = {name: value for name, value in line.items() if name in PLAIN and name != "ordinal"}
        data |= {f"{name[:-2]}_ms": 1000 * line[name] for name in line if name.endswith("_s") and name != "at_s"}
        if "ordinal" in line:
            data |= {"ticket": self._id(line["ordinal"]), "number": f"{_SERIES}{line['ordinal']}"}
        if "session" in line:
            data["counter"] = self._seats[line["session"]]
        if "pin" in line:
            data["pin"] = self._seats[line["pin"]]
        if "appointment" in line:
            data["booking"] = self._appointment(line["appointment"])
        return data

    def _id(self, ordinal: int) -> str:
        return f"{self._day}-{int(ordinal)}"

    def _appointment(self, number: int) -> str:
        return f"{self._day}-a{int(number)}"

    def _issued(self, line: Line) -> dict[str, Any]:
        shown = {"estimate": dict(line["estimate"])} if line.get("estimate") else {}
        return {**self._plain(line), **shown, "series": _SERIES, "n": line["ordinal"], "ordinal": line["ordinal"]}

    def _called(self, line: Line) -> dict[str, Any]:
        return {"counter": "", **self._plain(line)}

    def _undone(self, line: Line) -> dict[str, Any]:
        counter = self._counter(line["counter"]) if "counter" in line else {"id": "", "state": CounterState.CLOSED}
        return {
            "counter": counter["id"],
            "undoes_seq": self._state.seq + 1 - line["undoes_back"],
            "undoes_count": line["undoes_count"],
            "tickets": [self._ticket(t) for t in line["tickets"]],
            "counter_record": counter,
        }

    def _ticket(self, record: Line) -> dict[str, Any]:
        plain = self._plain(record)
        named = {"id": plain.pop("ticket"), "series": _SERIES, "ordinal": record["ordinal"], "seq": 0}
        return {**plain, **named, "state": record["state"]}

    def _counter(self, record: Line) -> dict[str, Any]:
        plain = self._plain(record)
        plain.pop("number", None)
        return {"id": plain.pop("counter"), **plain, "state": record["state"], **_chosen(record)}

    def _booking(self, record: Line) -> dict[str, Any]:
        plain = self._plain(record)
        return {"id": plain.pop("booking"), **plain}

    def _epoch_started(self, line: Line) -> dict[str, Any]:
        kept = line.get("state", {})
        sessions = [c["session"] for c in kept.get("counters", ())]
        self._seats.keep_only(sessions)
        working = [self._seats.open(session) for session in sessions]
        state = {
            **self._plain({name: value for name, value in kept.items() if name in _FRAME}),
            **{name: kept[name] for name in kept.keys() & {"services", "issued", "totals", "ordinal"}},
            "tickets": [{**self._ticket(t), "seq": n} for n, t in enumerate(kept.get("tickets", ()), 1)],
            "counters": [
                *({"id": c} for c in self._seats.counters() if c not in working),
                *(self._counter(c) for c in kept.get("counters", ())),
            ],
            "bookings": [self._booking(a) for a in kept.get("appointments", ())],
        }
        return {"state": state, "cause": line.get("cause", "archive")}

    def _configured(self, line: Line) -> dict[str, Any]:
        gone = self._seats.keep_only(line.get("sessions", ()))
        counters = [c for c in self._seats.counters() if c not in gone]
        return {"digest": "", "services": line["services"], "counters": counters}

    def _opened(self, line: Line) -> dict[str, Any]:
        self._seats.open(line["session"])
        return {**self._plain(line), **_chosen(line)}

    def _closed(self, line: Line) -> dict[str, Any]:
        self._seats.close(line["session"])
        return self._plain(line)


def _chosen(line: Line) -> dict[str, Any]:
    return {"services": line["services"]} if "services" in line else {}


_FRAME = frozenset({"day", "day_from_s", "day_to_s"})
_SPECIAL: Mapping[EventType, Callable[[_Reader, Line], dict[str, Any]]] = {
    EventType.EPOCH_STARTED: _Reader._epoch_started,
    EventType.CONFIGURED: _Reader._configured,
    EventType.ISSUED: _Reader._issued,
    EventType.CALLED: _Reader._called,
    EventType.UNDONE: _Reader._undone,
    EventType.COUNTER_OPENED: _Reader._opened,
    EventType.COUNTER_PAUSED: _Reader._opened,
    EventType.COUNTER_CLOSED: _Reader._closed,
}

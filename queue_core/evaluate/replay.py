"""Logs as files: lines of `export-log` or of an archive, checked and read as days that a method can watch.

Every fault is told with the file and the line.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from queue_core.domain.archive import events_of
from queue_core.domain.errors import WartezoneError
from queue_core.domain.events import FIELDS, Event, EventType
from queue_core.domain.model import CounterId, ServiceId
from queue_core.domain.office import CounterPlace, Service, Zone
from queue_core.domain.snapshot import LogGap, Snapshot
from queue_core.domain.strange import STRANGE

_ARCHIVE = "version"
_BEGINS = frozenset({EventType.EPOCH_STARTED, EventType.DAY_ROLLED})
_NAMES = frozenset({"ticket", "service", "visitor_class", "counter", "booking"})
_YEAR_3000_MS = 32_503_680_000_000
_MAKES_BOOKING = frozenset({EventType.SLOT_HELD, EventType.BOOKED})
_USES_BOOKING = frozenset({EventType.CHECKED_IN, EventType.BOOKING_MOVED, EventType.BOOKING_CANCELLED})


class LogInvalid(WartezoneError):
    """A file that is no log; `line` 0 where it cannot be read at all."""

    def __init__(self, file: Path, line: int, fault: str) -> None:
        super().__init__(f"{file}:{line}: {fault}" if line else f"{file}: {fault}")
        self.file, self.line, self.fault = file, line, fault


def read_log(file: Path, zone: Zone) -> list[Event]:
    """A file's events, from an `epoch_started` on: one that begins at `day_rolled` gets the night before it. Every
    event follows the one before it. Raises `LogInvalid`."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as e:
        raise LogInvalid(file, 0, _reading(e)) from e
    numbered = [(n, line) for n, line in enumerate(lines, start=1) if line.strip()]
    if not numbered:
        raise LogInvalid(file, 0, "is empty")
    first_n, first = numbered[0]
    if _ARCHIVE in _object(file, first_n, first) and "type" not in _object(file, first_n, first):
        return _archive(file, lines, zone)
    events = [_event(file, n, line) for n, line in numbered]
    if events[0].type not in _BEGINS:
        raise LogInvalid(file, first_n, "a log begins with epoch_started or day_rolled")
    begun = [_night_before(events, zone)] if events[0].type is EventType.DAY_ROLLED else []
    _fold(file, begun, events, [n for n, _ in numbered])
    return [*begun, *events]


def days(events: Iterable[Event]) -> list[list[Event]]:
    """Split where the business day changes. What was before a zone's first day belongs to it."""
    found: list[list[Event]] = []
    for event in events:
        if not found or (event.type is EventType.DAY_ROLLED and _has_life(found[-1])) or _other_day(event, found[-1]):
            found.append([])
        found[-1].append(event)
    return found


def completed(zone: Zone, events: Iterable[Event]) -> Zone:
    """The zone with the services and counters that the log names and the configuration has no more: a counter serves
    what it called."""
    called: dict[CounterId, dict[ServiceId, None]] = defaultdict(dict)
    services: dict[ServiceId, None] = {}
    for event in events:
        if event.type is EventType.CALLED and event.data["counter"]:
            called[event.data["counter"]][event.data["service"]] = None
        if "service" in event.data:
            services[event.data["service"]] = None
    series = next(iter(zone.series))
    return replace(
        zone,
        services={**{s: Service(s, {}, series) for s in services}, **zone.services},
        counters={**{c: CounterPlace(c, {}, tuple(of)) for c, of in called.items()}, **zone.counters},
    )


def _archive(file: Path, lines: Sequence[str], zone: Zone) -> list[Event]:
    places = {place.id: place.services for place in zone.counters.values()}
    try:
        events = [_checked(event) for event in events_of(lines, places)]
    except ValueError as e:
        raise LogInvalid(file, 0, str(e)) from e
    if not events:
        raise LogInvalid(file, 0, "tells of nothing")
    return events


def _object(file: Path, n: int, line: str) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as e:
        raise LogInvalid(file, n, f"is not JSON: {e}") from e
    if not isinstance(found, dict):
        raise LogInvalid(file, n, "is not a JSON object")
    return found


def _event(file: Path, n: int, line: str) -> Event:
    record = dict(_object(file, n, line))
    try:
        epoch, seq = int(record.pop("epoch")), int(record.pop("seq"))
        return _checked(Event.from_json(epoch, seq, {"command": "", **record}))
    except KeyError as e:
        raise LogInvalid(file, n, f"has no {e.args[0]}") from e
    except STRANGE as e:
        raise LogInvalid(file, n, str(e)) from e


def _checked(event: Event) -> Event:
    """Raises `ValueError` for what no log of ours has, and what folding it does not find out."""
    if not 0 <= event.at_ms < _YEAR_3000_MS:
        raise ValueError(f"at_ms is {event.at_ms}: no time of this millennium")
    for name in event.data.keys() & _NAMES:
        if not isinstance(event.data[name], str):
            raise ValueError(f"{name} is {event.data[name]!r}: no text")
    return event


def _fold(file: Path, begun: Sequence[Event], events: Sequence[Event], lines: Sequence[int]) -> None:
    state = Snapshot()
    for event in begun:
        state.fold(event)
    for n, event in zip(lines, events, strict=True):
        try:
            if event.type is EventType.EPOCH_STARTED and state.epoch and event.epoch <= state.epoch:
                raise LogGap(f"after {state.epoch}-{state.seq} came {event.epoch}-{event.seq}")
            state.fold(event)
        except KeyError as e:
            lacks = "has no" if e.args[0] in FIELDS[event.type] else f"{event.type} of an unknown"
            raise LogInvalid(file, n, f"{lacks} {e.args[0]}") from e
        except STRANGE as e:
            raise LogInvalid(file, n, str(e)) from e


def _night_before(events: Sequence[Event], zone: Zone) -> Event:
    """A day begins with nobody in the house; of appointments, those that its log goes on to speak of."""
    rolled = events[0]
    made = {e.data["booking"] for e in events if e.type in _MAKES_BOOKING}
    bookings: dict[str, dict[str, Any]] = {}
    for e in events:
        if e.type in _USES_BOOKING and e.data["booking"] not in made:
            known = bookings.setdefault(e.data["booking"], {"id": e.data["booking"]})
            known |= {name: e.data[name] for name in ("service", "visitor_class", "slot_ms") if name in e.data}
    usual = {"service": next(iter(zone.services)), "visitor_class": zone.default_class, "slot_ms": rolled.at_ms}
    state = {
        "day": rolled.data["from_day"],
        "day_to_ms": rolled.data["day_from_ms"],
        "counters": [{"id": c} for c in zone.counters],
        "services": dict.fromkeys(zone.services, True),
        "bookings": [{**usual, **booking} for booking in bookings.values()],
    }
    data = {"state": {"tickets": [], "calls": [], "lent": [], **state}, "cause": "replay"}
    return Event(rolled.epoch, rolled.seq - 1, rolled.at_ms, EventType.EPOCH_STARTED, "", data)


def _has_life(day: Sequence[Event]) -> bool:
    return any(e.type is EventType.ISSUED for e in day)


def _other_day(event: Event, day: Sequence[Event]) -> bool:
    """A new epoch on a later day: a new file, or a store that began anew."""
    return event.type is EventType.EPOCH_STARTED and event.data["state"].get("day") != _day_of(day) and _has_life(day)


def _day_of(day: Sequence[Event]) -> str | None:
    named = (
        e.data["day"] if e.type is EventType.DAY_ROLLED else e.data["state"].get("day")
        for e in reversed(day)
        if e.type in _BEGINS
    )
    return next(named, None)


def _reading(error: OSError | UnicodeDecodeError) -> str:
    return "is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error.strerror).lower()


def logs(files: Iterable[Path], zone: Zone) -> Iterator[Event]:
    """All files as one stream, in the order of time; of the same moment, as given. Raises `LogInvalid`."""
    read = [read_log(file, zone) for file in files]
    for events in sorted(read, key=lambda of: of[0].at_ms):
        yield from events

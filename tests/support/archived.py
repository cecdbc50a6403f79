"""A log and its archive side by side: whoever learns from the archive must see what the log showed, to the second."""

import json
from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from queue_core.domain.archive import deidentified, events_of
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import Booking, CounterId, CounterState, ServiceId, Ticket
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot

Places = Mapping[CounterId, tuple[ServiceId, ...]]

#: They are not archived: which numbers a device may give out, what was only held, where no appointments were given.
_LEFT_OUT = frozenset(
    {
        EventType.NUMBERS_RESERVED,
        EventType.SLOT_HELD,
        EventType.HOLDS_LAPSED,
        EventType.SLOTS_BLOCKED,
        EventType.SLOTS_UNBLOCKED,
    }
)
_ABOUT_BOOKINGS = frozenset({EventType.BOOKING_MOVED, EventType.BOOKING_CANCELLED})


def places_of(zone: Zone) -> Places:
    return {place.id: place.services for place in zone.counters.values()}


def days_of(log: Iterable[Event]) -> Iterator[list[Event]]:
    """As the store keeps them: each day's log begins at `day_rolled`, the first at `epoch_started`."""
    day: list[Event] = []
    for event in log:
        if event.type is EventType.DAY_ROLLED and day:
            yield day
            day = []
        day.append(event)
    if day:
        yield day


def replayed(day: Iterable[Event], places: Places, seats: Places | None = None) -> list[Event]:
    """Through the archive's text and back; `seats` are the places of whoever replays."""
    text = [json.dumps(line) for line in deidentified(day, places)]
    return list(events_of(text, seats))


def assert_replays(log: Sequence[Event], places: Places, seats: Places | None = None) -> None:
    """After every event of each day both folds must show the same."""
    original = Snapshot()
    for day in days_of(log):
        replay = iter(replayed(day, places, seats))
        copy, commands = Snapshot(), set[tuple[str, str]]()
        for event in day:
            unknown = event.type in _ABOUT_BOOKINGS and event.data["booking"] not in original.bookings
            original.fold(event)
            if event.type in _LEFT_OUT or unknown:
                continue
            again = next(replay)
            assert again.at_ms == event.at_ms // 1000 * 1000
            assert again.type is (EventType.EPOCH_STARTED if event is day[0] else event.type)
            commands.add((event.command, again.command))
            copy.fold(again)
            assert shown(copy) == shown(original), event
        assert len(commands) == len({of for of, _ in commands}) == len({by for _, by in commands})
        assert [e.type for e in replay] == ([EventType.DAY_ROLLED] if copy.is_at_rest() and copy.day else [])


def shown(s: Snapshot) -> dict[str, Any]:
    """What can be learned from a state: everything but who it is. Appointments of later days are not archived anew
    every day."""

    def today(b: Booking) -> bool:
        return not s.day_to_ms or b.slot_ms < s.day_to_ms

    sitting = [c for c in s.counters.values() if c.state is not CounterState.CLOSED]
    ordinals = {t.id: t.ordinal for t in s.tickets.values()}
    return {
        "standing": s.standing,
        "tickets": {t.ordinal: _visit(t) for t in s.tickets.values()},
        "counters": Tally((c.state, ordinals.get(c.ticket), c.since_ms // 1000, c.services) for c in sitting),
        "services": {service: is_open for service, is_open in s.services.items() if not is_open},
        "issued": s.issued,
        "totals": {state: n for state, n in s.totals.items() if n},
        "appointments": Tally((b.service, b.visitor_class, b.slot_ms // 1000) for b in s.bookings.values() if today(b)),
        "day": (s.day, s.day_from_ms, s.day_to_ms, s.ordinal),
    }


def _visit(t: Ticket) -> Ticket:
    """The ticket without names."""
    times = {
        name: getattr(t, name) // 1000
        for name in (
            "issued_ms",
            "arrival_ms",
            "rank_ms",
            "not_before_ms",
            "confirm_by_ms",
            "called_ms",
            "started_ms",
            "recalled_ms",
            "missed_ms",
            "slot_ms",
        )
    }
    names: dict[str, Any] = {"id": "", "number": "", "series": "", "reason": "", "seq": 0, "ended_ms": 0}
    held: dict[str, Any] = {name: bool(getattr(t, name)) for name in ("booking", "pin", "counter")}
    return replace(t, **names, **held, **times)

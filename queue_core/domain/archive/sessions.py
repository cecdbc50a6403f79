"""Counter sessions of a day: from a counter's opening to its closing, breaks included, and never who works there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import count
from random import Random

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import CounterId, CounterState, ServiceId

_OPENS = frozenset({EventType.COUNTER_OPENED, EventType.COUNTER_PAUSED})


class Sessions:
    """Gives every session the next of `numbers`. A counter keeps its last session after it has closed."""

    def __init__(self, numbers: Iterator[int]) -> None:
        self._numbers = numbers
        self._of: dict[CounterId, int] = {}
        self._working: set[CounterId] = set()
        self.counters: dict[int, CounterId] = {}

    def follow(self, event: Event) -> None:
        if event.type in _OPENS:
            self._begin(event.data["counter"])
        elif event.type is EventType.COUNTER_CLOSED:
            self._working.discard(event.data["counter"])
        elif event.type is EventType.CONFIGURED:
            self._working &= set(event.data["counters"])
        elif event.type is EventType.EPOCH_STARTED:
            records = event.data["state"].get("counters") or ()
            working = [c["id"] for c in records if c.get("state", CounterState.CLOSED) != CounterState.CLOSED]
            self._working &= set(working)
            for counter in working:
                self._begin(counter)

    def of(self, counter: CounterId) -> int | None:
        return self._of.get(counter)

    def working(self) -> list[int]:
        return sorted(self._of[counter] for counter in self._working)

    def _begin(self, counter: CounterId) -> None:
        if counter not in self._working:
            self._working.add(counter)
            number = self._of[counter] = next(self._numbers)
            self.counters[number] = counter


def drawn(day: Sequence[Event]) -> Sessions:
    """Sessions numbered by a permutation that only the day's random command ids decide: no number means the same on
    two days, the same events give the same numbers, and once the log is erased nobody can draw them again."""
    counted = Sessions(count(1))
    secret = sha256()
    for event in day:
        counted.follow(event)
        secret.update(event.command.encode())
    many = len(counted.counters)
    return Sessions(iter(Random(secret.hexdigest()).sample(range(1, many + 1), many)))


def served(
    day: Iterable[Event], sessions: Sessions, places: Mapping[CounterId, Iterable[ServiceId]]
) -> list[list[ServiceId]]:
    """The services of each session, by its number; of a counter that is configured no more, those that it called."""
    called: dict[CounterId, set[ServiceId]] = {}
    for event in day:
        if event.type is EventType.CALLED:
            called.setdefault(event.data["counter"], set()).add(event.data["service"])
    return [sorted(places.get(counter, called.get(counter, ()))) for _, counter in sorted(sessions.counters.items())]

"""Where an archive's counter sessions are seated when it is replayed: at counters that serve the same."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from queue_core.domain.model import CounterId, ServiceId

Services = frozenset[ServiceId]


def sessions_of(lines: Sequence[Mapping[str, Any]]) -> Mapping[CounterId, Services] | None:
    """What each counter session of an archive served, by the counter at which it sits where no places are given; None
    for an archive without sessions."""
    served = lines[0].get("sessions") if lines else None
    return None if served is None else {_own_seat(n): frozenset(services) for n, services in enumerate(served, 1)}


def _own_seat(session: int) -> CounterId:
    return CounterId(f"session-{session}")


class Seats:
    """A session sits at a free counter with just its services, else with the fewest more, else at one of its own
    (`session-3`). In the order of opening; a counter is free again when its session ends."""

    def __init__(
        self, services: Sequence[Iterable[ServiceId]], places: Mapping[CounterId, Iterable[ServiceId]] | None
    ) -> None:
        self._services = {n: frozenset(served) for n, served in enumerate(services, 1)}
        self._places: dict[CounterId, Services] = {c: frozenset(served) for c, served in (places or {}).items()}
        self._of: dict[int, CounterId] = {}
        self._sitting: set[int] = set()

    def open(self, session: int) -> CounterId:
        if session not in self._sitting:
            self._of[session] = self._free_place(session)
            self._sitting.add(session)
        return self._of[session]

    def close(self, session: int) -> CounterId:
        self._sitting.discard(session)
        return self._of[session]

    def keep_only(self, sessions: Iterable[int]) -> set[CounterId]:
        """Ends all others without a word of theirs; answers where they sat."""
        ended = self._sitting - set(sessions)
        self._sitting -= ended
        return {self._of[session] for session in ended}

    def __getitem__(self, session: int) -> CounterId:
        """Raises `KeyError` for a session that never opened."""
        return self._of[session]

    def counters(self) -> list[CounterId]:
        """All that are there, whether somebody sits at them or not."""
        return [*self._places, *(c for c in self._taken() if c not in self._places)]

    def _taken(self) -> list[CounterId]:
        return [self._of[session] for session in sorted(self._sitting)]

    def _free_place(self, session: int) -> CounterId:
        served, taken = self._services[session], set(self._taken())
        free = [c for c, services in self._places.items() if c not in taken and services >= served]
        return min(free, key=lambda c: len(self._places[c] - served), default=_own_seat(session))

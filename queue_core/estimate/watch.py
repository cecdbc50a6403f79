"""How a method watches a zone: each event is learned from, then folded into the state, here or by the state's owner."""

import copy
from dataclasses import fields
from typing import Protocol, Self

from queue_core.domain.events import Event, EventType
from queue_core.domain.snapshot import LogGap, Snapshot


class Learner(Protocol):
    def observe(self, event: Event, before: Snapshot) -> None:
        """`before` is the state that the event changes."""
        ...

    def follow(self, event: Event, after: Snapshot) -> None:
        """`after` is the state with the event in it."""
        ...


class Watch:
    """`state` is a copy of its own, folded here; or `beside` a living one, whose owner folds each event into it, once
    it was observed here and before the next one is."""

    def __init__(self, state: Snapshot | None) -> None:
        self.state = own(state or Snapshot())
        self._folds = True
        self._begin()

    @classmethod
    def beside(cls, living: Snapshot) -> Self:
        watch = cls.__new__(cls)
        watch.state, watch._folds = living, False
        watch._begin()
        return watch

    def _begin(self) -> None:
        self._last: Event | None = None
        self._observed = self.as_of
        self._rested = True

    @property
    def as_of(self) -> tuple[int, int]:
        """(epoch, seq) of the last event in the state."""
        return self.state.epoch, self.state.seq

    def stands_at(self, epoch: int, seq: int) -> bool:
        """Whether all that was observed is in the state, and nothing else since (epoch, seq)."""
        return self.as_of == self._observed == (epoch, seq)

    def observe(self, event: Event, learner: Learner) -> None:
        """Raises `LogGap` when an event is missing."""
        if self.as_of != self._observed:
            raise LogGap(f"observed until {self._observed}, the state is at {self.as_of}")
        if self._last:
            learner.follow(self._last, self.state)
        learner.observe(event, self.state)
        if self._folds:
            self.state.fold(event)
        self._last, self._observed = event, (event.epoch, event.seq)
        self._rested = self._rested and event.type is EventType.DAY_ROLLED

    def ends_day(self) -> bool:
        """Whether there is a day to end: True once after what was observed."""
        ends, self._rested = not self._rested, True
        return ends


def own(snapshot: Snapshot) -> Snapshot:
    """A copy that does not change with its original."""
    return Snapshot(**{f.name: copy.copy(getattr(snapshot, f.name)) for f in fields(Snapshot)})

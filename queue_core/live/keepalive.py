"""One clock for the pings of all connections: each gets its turn once a period, spread over it, a few at a time."""

import asyncio
from typing import Protocol

#: Turns of a period: with 10,000 connections a turn is 25 pings, less than a millisecond.
TURNS = 400


class Pinged(Protocol):
    def beat(self) -> None:
        """Its turn has come: it is asked for a sign of life, or it gave none since the last turn and ends."""


class Keepalive:
    """Runs while anybody is there; needs a running loop from then on."""

    def __init__(self, period_s: float) -> None:
        self._every_s = period_s / TURNS
        self._turns: list[set[Pinged]] = [set() for _ in range(TURNS)]
        self._next = 0
        self._now = 0
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, one: Pinged) -> int:
        """The turn, for `discard`. Those that come at the same moment get turns that are not the same."""
        turn = self._next
        self._next = (turn + 1) % TURNS
        self._turns[turn].add(one)
        self._count += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._every_s, self._beat)
        return turn

    def discard(self, one: Pinged, turn: int) -> None:
        self._turns[turn].discard(one)
        self._count -= 1

    def _beat(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._every_s, self._beat) if self._count else None
        self._now = (self._now + 1) % TURNS
        for one in list(self._turns[self._now]):
            one.beat()

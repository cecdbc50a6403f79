"""The oracle: the chances of a scenario's day for one who knows its true laws and today's effects, but no draw to come.

Of visits that run it knows the age, of appointments that nobody has come yet, of breaks the plan. No estimate from the
log alone can do better on average; how near it comes is what is measured.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from queue_core.domain.model import Counter, Ticket
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forward.chances import Coming, Person, Seconds
from queue_core.simulate.habits import Habits
from queue_core.simulate.oracle.coming import Booked, Newcomers, Returning, streams
from queue_core.simulate.oracle.counters import Counters
from queue_core.simulate.oracle.draws import Draws, draws, row
from queue_core.simulate.oracle.leaving import Leaving, leaving
from queue_core.simulate.oracle.running import Running, running
from queue_core.simulate.oracle.today import Today
from queue_core.simulate.oracle.visits import TrueVisits
from queue_core.simulate.scenarios import Scenario

#: A clerk who waits for people looks again at least so often.
_LOOKED_MS = 30_000


class Truth:
    """Of the n-th working day of a seed's office. The draws of a day are kept, by seed and replicates."""

    def __init__(self, scenario: Scenario, seed: int, day: int) -> None:
        self._today = Today.of(scenario.zone, scenario.day(seed, day), seed)
        self._worlds: dict[tuple[int, int], _World] = {}

    def chances(self, snapshot: Snapshot, now_ms: int, seed: int, replicates: int) -> "TrueChances":
        key = seed, replicates
        if key not in self._worlds:
            self._worlds[key] = _World(self._today, seed, replicates)
        return TrueChances(self._worlds[key], snapshot, now_ms)


class _World:
    """What of a day is drawn once."""

    def __init__(self, today: Today, seed: int, replicates: int) -> None:
        self.today = today
        self.draws: Draws = draws(_possible(today), seed, replicates)
        self.counters = Counters(today, seed, replicates)
        self.newcomers = Newcomers(today, seed, replicates)
        self.booked = Booked(today, seed, replicates)
        self.returning = Returning(today, self.draws)


class TrueChances:
    """Implements `estimate.forward.chances.Chances`."""

    def __init__(self, world: _World, snapshot: Snapshot, now_ms: int) -> None:
        self._world, self._snapshot, self._now_ms = world, snapshot, now_ms
        held = ((c, snapshot.tickets.get(c.ticket)) for c in snapshot.counters.values() if c.ticket)
        self._visits: dict[str, tuple[Counter, Ticket, Running]] = {
            c.id: (c, t, running(world.today, world.draws, c, t, now_ms)) for c, t in held if t
        }
        self._waiting = {t.ordinal: t for t in snapshot.waiting()}
        self._counters: tuple[Counter, ...] = ()
        self._leaving: tuple[tuple[int, ...], Leaving] | None = None

    @property
    def replicates(self) -> int:
        return self._world.draws.replicates

    def free_s(self, counters: Sequence[Counter]) -> Seconds:
        self._counters = tuple(counters)
        return np.stack([self._free_s(c) for c in counters], axis=1)

    def _free_s(self, counter: Counter) -> Seconds:
        if visit := self._visits.get(counter.id):
            return visit[2].calls_s
        return self._world.counters.free_s(counter, self._now_ms)

    def away_s(self, counters: Sequence[Counter]) -> Seconds:
        self._counters = tuple(counters)
        away = [self._world.counters.away_s(c, self._looked_ms(c), self._now_ms) for c in counters]
        return np.stack(away, axis=1)

    def _looked_ms(self, counter: Counter) -> int:
        """When the clerk last saw that it was not time for a break yet."""
        if visit := self._visits.get(counter.id):
            return visit[1].called_ms
        _, gap_most_s = self._world.today.habits.desk.gap_s
        in_gap = self._now_ms - counter.since_ms <= 1000 * gap_most_s
        return counter.since_ms if in_gap else max(counter.since_ms, self._now_ms - _LOOKED_MS)

    def leaves_s(self, tickets: Sequence[Ticket]) -> Seconds:
        return self._leaves(tickets).leaves_s.T

    def _leaves(self, tickets: Sequence[Ticket]) -> Leaving:
        key = tuple(t.ordinal for t in tickets)
        if self._leaving is None or self._leaving[0] != key:
            world = self._world
            self._leaving = key, leaving(world.today.habits, world.draws, tickets, self._now_ms)
        return self._leaving[1]

    def coming(self) -> Sequence[Coming]:
        world, now_ms = self._world, self._now_ms
        booked = world.booked.columns(self._snapshot.bookings.values(), now_ms)
        back = world.returning.columns(self._snapshot, now_ms, list(self._visits.values()))
        zone = world.today.zone
        appointment = world.today.habits.appointments.visitor_class or zone.default_class
        return [
            *world.newcomers.coming(now_ms),
            *streams(booked, appointment),
            *streams(back, zone.default_class),
        ]

    def visits(self, people: Sequence[Person]) -> TrueVisits:
        world, tickets = self._world, [self._waiting[p.seed] for p in people if p.seed in self._waiting]
        rows = np.array([row(p.seed) for p in people], np.int64)
        manners = world.today.habits.manners
        gone_s = np.where(world.draws.shows[rows] < manners.never, -np.inf, np.inf)
        gone_s[[n for n, p in enumerate(people) if p.seed in self._waiting]] = self._leaves(tickets).gone_s
        talked = [p.seed in self._waiting and self._waiting[p.seed].started_ms > 0 for p in people]
        counters = self._counters or tuple(self._snapshot.counters.values())
        return TrueVisits(world.today, world.draws, self._now_ms, counters, people, gone_s, talked)


def _possible(today: Today) -> Habits:
    """Nobody is sent on where there is nowhere else."""
    habits = today.habits
    return habits if len(today.zone.services) > 1 else replace(habits, detours=replace(habits.detours, sent_on=0.0))

"""The true laws of visits that are still to come: how long they take, and who joins the queue once more."""

from collections.abc import Sequence

import numpy as np

from queue_core.domain.model import Counter, ServiceId
from queue_core.estimate.forward.chances import Flags, Indices, Person, Seconds
from queue_core.simulate.oracle.draws import Draws, row
from queue_core.simulate.oracle.today import Today
from queue_core.simulate.visits import other_services

_NONE = -1


class TrueVisits:
    """Implements `estimate.forward.chances.Visits`. `gone_s` (P, R): from when on a person is not there any more, in
    seconds from now; `talks_again` (P): whose next visit is a second talk, after which they go."""

    def __init__(
        self,
        today: Today,
        draws: Draws,
        now_ms: int,
        counters: Sequence[Counter],
        people: Sequence[Person],
        gone_s: Seconds,
        talks_again: Sequence[bool],
    ) -> None:
        self._today, self._draws, self._now_ms = today, draws, now_ms
        self._people, self._replicates = len(people), draws.replicates
        self._rows_at = np.array([row(p.seed) for p in people], np.int64) * self._replicates
        self._gone_s = gone_s.ravel()
        self._services = {service: n for n, service in enumerate(today.zone.services)}
        self._service = np.array([self._services.get(p.service, 0) for p in people], np.int64)
        self._means_s = np.array([today.means_s[s] for s in today.zone.services])
        second = np.where(np.array(talks_again, bool), today.habits.talks.second, 1.0)
        self._mean_s = self._means_s[self._service] * second
        self._once_more = ~np.array(talks_again, bool)
        self._pace = np.array([today.pace[c.id] for c in counters])
        self._gap_anyway = np.array([not today.one_key[c.id] for c in counters])
        self._onward = self._others()
        self._missed_s = today.habits.desk.recalls_after_s + today.habits.desk.gives_up_after_s
        self._closes_s = (today.closes_ms - now_ms) / 1000
        self._detours = today.habits.detours.parked > 0 or today.habits.detours.sent_on > 0
        self._returns = self._detours or today.habits.manners.comes_back > 0
        cells = self._people * self._replicates
        self._next_talk_s, self._next_before_s = np.zeros(cells), np.zeros(cells)
        self._ends_s = np.zeros(cells)

    def _others(self) -> Indices:
        """(S, S - 1): the services that somebody of each may be sent on to."""
        zone = self._today.zone
        onward = [[self._services[s] for s in other_services(zone, ServiceId(own))] for own in zone.services]
        return np.array(onward, np.int64)

    def occupied_s(self, runs: Indices, people: Indices, counters: Indices, at_s: Seconds) -> Seconds:
        if people.size and people.max() >= self._people:
            return self._mixed_s(runs, people, counters, at_s)
        return self._first_s(runs, people, counters, at_s)

    def _mixed_s(self, runs: Indices, people: Indices, counters: Indices, at_s: Seconds) -> Seconds:
        occupied_s = np.empty(len(runs))
        second = people >= self._people
        for rows, visit_s in ((second, self._second_s), (~second, self._first_s)):
            occupied_s[rows] = visit_s(runs[rows], people[rows] % self._people, counters[rows], at_s[rows])
        return occupied_s

    def _first_s(self, runs: Indices, people: Indices, counters: Indices, at_s: Seconds) -> Seconds:
        draws = self._draws
        cells, here = self._rows_at.take(people), people * self._replicates
        cells += runs
        here += runs
        before_s, gap_s = draws.before.take(cells), draws.gap.take(cells)
        talk_s = draws.talk.take(cells)
        talk_s *= self._mean_s.take(people)
        before_s += self._talk_s(talk_s, counters, at_s + before_s)
        if self._returns:
            self._ends_s[here] = before_s
        anyway = self._gap_anyway.take(counters)
        if self._detours:
            anyway |= draws.detour.take(cells) & self._once_more.take(people)
        missed = at_s >= self._gone_s.take(here)
        return np.where(missed, self._missed_s + gap_s, before_s + gap_s * anyway)

    def _talk_s(self, talk_s: Seconds, counters: Indices, at_s: Seconds) -> Seconds:
        talk_s = talk_s * self._pace.take(counters)
        if self._today.habits.talks.drift:
            talk_s *= self._today.drifts(self._now_ms + 1000 * at_s)
        return talk_s

    def _second_s(self, runs: Indices, people: Indices, counters: Indices, at_s: Seconds) -> Seconds:
        here = people * self._replicates + runs
        before_s = self._next_before_s.take(here)
        talk_s = self._talk_s(self._next_talk_s.take(here), counters, at_s + before_s)
        gap_s = self._draws.gap.take(self._rows_at.take(people) + runs)
        occupied_s: Seconds = before_s + talk_s + gap_s * self._gap_anyway.take(counters)
        return occupied_s

    def again(self, runs: Indices, people: Indices, at_s: Seconds) -> tuple[Indices, Seconds]:
        services, after_s = np.full(len(runs), _NONE), np.full(len(runs), np.inf)
        if not self._returns:
            return services, after_s
        draws, here = self._draws, people * self._replicates + runs
        cells = self._rows_at.take(people) + runs
        missed = at_s >= self._gone_s.take(here)
        at = (missed | draws.detour.take(cells) & self._once_more.take(people)).nonzero()[0]
        if at.size:
            joins, joins_s = self._joins(cells[at], here[at], people[at], missed[at])
            in_time = at_s[at] + joins_s < self._closes_s
            services[at[in_time]], after_s[at[in_time]] = joins[in_time], joins_s[in_time]
        return services, after_s

    def _joins(self, cells: Indices, here: Indices, people: Indices, missed: Flags) -> tuple[Indices, Seconds]:
        """Service, and how long after the call, of those who join once more if they are in time."""
        draws, own = self._draws, self._service.take(people)
        parked_s, onward = draws.parked.take(cells), draws.onward.take(cells)
        sent = ~missed & (parked_s == np.inf)
        services = own.copy()
        if sent.any():
            others = self._onward[own[sent]]
            services[sent] = others[np.arange(len(others)), (onward[sent] * others.shape[1]).astype(np.int64)]
        talked_s = self._ends_s.take(here) + np.where(sent, 0.0, parked_s)
        after_s = np.where(missed, self._missed_s + draws.back.take(cells), talked_s)
        second_s = draws.second.take(cells) * self._today.habits.talks.second * self._means_s.take(services)
        self._next_talk_s[here] = np.where(missed, draws.talk.take(cells) * self._mean_s.take(people), second_s)
        self._next_before_s[here] = np.where(missed, draws.way.take(cells), draws.before.take(cells))
        return services, after_s

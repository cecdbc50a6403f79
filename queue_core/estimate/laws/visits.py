"""The visits of those whom a run calls, drawn before it begins, so that each call only looks them up."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from queue_core.domain.model import ServiceId
from queue_core.estimate.forward.chances import Indices, Person, Seconds
from queue_core.estimate.laws.draws import Floats, Stream
from queue_core.estimate.laws.moment import LONGEST_S, Moment
from queue_core.estimate.laws.profile import SLOT_S
from queue_core.estimate.laws.showing import EDGES_S

#: A wait that begins after every call: who was here before comes as surely as the freshest.
_JUST_COME_S = 1e12
_NOBODY = -1
#: So many visits are drawn in about a millisecond.
_AT_ONCE = 8_000


class DrawnVisits:
    """`Visits`, once `draw` has come to its end. `called`: seeds of those who were called before, `talked`: of whose
    visit this is the second part.

    Whoever has services still to come goes on to the next of them, all others as chance has it. In its arrays (R, 2 P)
    the second half holds the second visits; those (R, P) hold what both visits share.
    """

    def __init__(
        self, moment: Moment, people: Sequence[Person], called: frozenset[int], talked: frozenset[int]
    ) -> None:
        self._moment, self._people, self._width = moment, people, len(people)
        self._talked = talked
        first = [_JUST_COME_S if p.seed in called else p.since_s for p in people]
        self._since_s = np.array(first + [_JUST_COME_S] * self._width)
        self._chances, self._hours = moment.laws.no_shows.chances(), moment.laws.profile.factors()
        self._sessions, self._wrap_ratios = np.exp(moment.sessions), moment.wrap_ratios
        shared, both = (moment.replicates, self._width), (moment.replicates, 2 * self._width)
        self._shows, self._wraps_s, self._missed_s = np.empty(shared), np.empty(shared), np.empty(shared)
        self._then, self._away_s = np.empty(shared, np.int64), np.empty(shared)
        self._missed_to, self._missed_for_s = np.empty(shared, np.int64), np.zeros(shared)
        self._lengths_s = np.empty(both)
        self._left_s, self._absent = np.zeros(both), np.zeros(both, np.bool_)

    def draw(self) -> Iterator[None]:
        """In slices of about a millisecond."""
        onward = {t.ordinal: t.further[0] for t in self._moment.waiting if t.further}
        most = max(1, _AT_ONCE // self._moment.replicates)
        for start in range(0, self._width, most):
            self._draw(slice(start, min(start + most, self._width)), onward)
            yield

    def occupied_s(self, runs: Indices, people: Indices, counters: Indices, at_s: Seconds) -> Seconds:
        flat = runs * (2 * self._width) + people
        shared = runs * self._width + people % self._width
        length_s = self._lengths_s.take(flat) * self._sessions.take(runs * self._sessions.shape[1] + counters)
        length_s *= self._hours.take(((self._moment.at_s + at_s) // SLOT_S).astype(np.int64), mode="clip")
        waited_s = at_s - self._since_s.take(people)
        absent = self._shows.take(shared) < self._chances.take(np.searchsorted(EDGES_S, waited_s, "right"))
        left_s = np.where(absent, self._missed_s.take(shared), length_s)
        self._left_s.put(flat, left_s)
        self._absent.put(flat, absent)
        return np.asarray(left_s + self._wraps_s.take(shared) * self._wrap_ratios.take(counters))

    def again(self, runs: Indices, people: Indices, at_s: Seconds) -> tuple[Indices, Seconds]:  # noqa: ARG002
        first, flat = runs * (2 * self._width) + people, runs * self._width + people
        absent = self._absent.take(first)
        service = np.where(absent, self._missed_to.take(flat), self._then.take(flat))
        in_s = self._left_s.take(first) + np.where(absent, self._missed_for_s.take(flat), self._away_s.take(flat))
        back = first[absent & (service >= 0)]
        self._lengths_s.put(back + self._width, self._lengths_s.take(back))
        return service, in_s

    def _draw(self, block: slice, onward: Mapping[int, ServiceId]) -> None:
        moment, people = self._moment, self._people[block]
        seeds = np.array([p.seed for p in people], np.int64)
        lengths, shows = moment.pairs(Stream.LENGTH_SHOWS, seeds)
        wraps, again = moment.pairs(Stream.WRAP_AGAIN, seeds)
        columns: dict[ServiceId, list[int]] = {}
        for n, person in enumerate(people):
            columns.setdefault(person.service, []).append(n)
        self._draw_again(block, again, columns)
        for n, person in enumerate(people):
            if (service := onward.get(person.seed)) in moment.services:
                self._then[:, block.start + n], self._away_s[:, block.start + n] = moment.services[service], 0.0
        self._draw_lengths(block, lengths, columns)
        self._wraps_s[:, block] = np.expm1(moment.wrap.at(wraps))
        self._missed_s[:, block] = np.expm1(moment.missed.at(lengths))
        self._shows[:, block] = shows

    def _draw_again(self, block: slice, u: Floats, columns: Mapping[ServiceId, list[int]]) -> None:
        """Where each goes on to: after a visit, or after a call that was missed."""
        moment, back = self._moment, self._moment.laws.sequels.missed_back()
        for service, those in columns.items():
            own, places = moment.services.get(service, _NOBODY), [block.start + n for n in those]
            self._then[:, places], self._away_s[:, places] = then(moment, service, u[:, those])
            self._missed_to[:, places] = np.where(u[:, those] < back, own, _NOBODY)
        comes = u < back
        self._missed_for_s[:, block][comes] = np.expm1(moment.laws.sequels.missed_s.table().at(u[comes] / back))

    def _draw_lengths(self, block: slice, u: Floats, columns: Mapping[ServiceId, list[int]]) -> None:
        moment = self._moment
        logs, seconds = np.zeros(u.shape), np.zeros(u.shape)
        for service, those in columns.items():
            logs[:, those] = moment.mean(service)[:, None] + moment.table(service).at(u[:, those])
        logs[:, [n for n, p in enumerate(self._people[block]) if p.seed in self._talked]] += moment.second[:, None]
        for number, service in enumerate(moment.zone.services):
            runs, people = np.nonzero(self._then[:, block] == number)
            residuals = moment.table(service).at(1 - u[runs, people])
            seconds[runs, people] = (moment.mean(service) + moment.second)[runs] + residuals
        self._lengths_s[:, block] = np.minimum(np.exp(logs), LONGEST_S)
        self._lengths_s[:, self._width + block.start : self._width + block.stop] = np.minimum(
            np.exp(seconds), LONGEST_S
        )


def then(moment: Moment, service: ServiceId, u: Floats) -> tuple[Indices, Floats]:
    """For each number within (0, 1) what follows a first visit: the number of the service joined, -1 for none, and how
    long after it."""
    laws, risen = moment.laws.sequels, 0.0
    to, away_s = np.full(u.shape, _NOBODY, np.int64), np.zeros(u.shape)
    for other, chance in laws.sent(service).items():
        if other in moment.services:
            to[(u >= risen) & (u < risen + chance)] = moment.services[other]
            risen += chance
    chance = laws.parked(service)
    if chance > 0 and service in moment.services:
        parked = (u >= risen) & (u < risen + chance)
        to[parked] = moment.services[service]
        away_s[parked] = np.expm1(laws.parked_s.table().at((u[parked] - risen) / chance))
    return to, away_s

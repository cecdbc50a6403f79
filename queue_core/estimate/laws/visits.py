"""The visits of those whom a run calls, drawn before it begins, so that each call only looks them up."""

from collections.abc import Mapping, Sequence

import numpy as np

from queue_core.domain.model import ServiceId
from queue_core.estimate.forward.chances import Indices, Person, Seconds
from queue_core.estimate.laws.draws import Floats, Stream
from queue_core.estimate.laws.moment import Moment, second_doubt
from queue_core.estimate.laws.showing import EDGES_S, wait_class

#: No visit, and no pause of the unknown, is thought longer.
LONGEST_S = 4 * 3600.0
#: A wait that begins after every call: who was here before comes as surely as the freshest.
_JUST_COME_S = 1e12
_NOBODY = -1


def chances_of(moment: Moment, waited_s: float) -> float:
    """Of not coming when called."""
    return float(moment.laws.no_shows.chances()[wait_class(waited_s)])


class DrawnVisits:
    """`Visits`. `called`: seeds of those who were called before, `talked`: of whose visit this is the second part."""

    def __init__(
        self, moment: Moment, people: Sequence[Person], called: frozenset[int], talked: frozenset[int]
    ) -> None:
        self._moment, self._people, self._width = moment, people, len(people)
        self._services = {service: n for n, service in enumerate(moment.zone.services)}
        self._draw_again([p.seed for p in people])
        self._draw_lengths([p.seed for p in people], talked)
        self._sessions = self._session_factors()
        self._wrap_ratios = moment.wrap_ratios(moment.counters)
        first = [_JUST_COME_S if p.seed in called else p.since_s for p in people]
        self._since_s = np.array(first + [_JUST_COME_S] * self._width)
        self._chances = moment.laws.no_shows.chances()
        self._counters = len(moment.counters)

    def occupied_s(self, runs: Indices, people: Indices, counters: Indices, at_s: Seconds) -> Seconds:
        flat = runs * (2 * self._width) + people
        length_s = self._lengths_s.take(flat) * self._sessions.take(runs * self._counters + counters)
        waited_s = at_s - self._since_s.take(people)
        absent = self._shows.take(flat) < self._chances.take(np.searchsorted(EDGES_S, waited_s, "right"))
        left_s = np.where(absent, self._missed_s.take(flat), length_s)
        self._left_s.put(flat, left_s)
        self._absent.put(flat, absent)
        return np.asarray(left_s + self._wraps_s.take(flat) * self._wrap_ratios.take(counters))

    def again(self, runs: Indices, people: Indices, at_s: Seconds) -> tuple[Indices, Seconds]:  # noqa: ARG002
        flat, first = runs * self._width + people, runs * (2 * self._width) + people
        absent = self._absent.take(first)
        service = np.where(absent, self._missed_to.take(flat), self._then.take(flat))
        in_s = self._left_s.take(first) + np.where(absent, self._missed_for_s.take(flat), self._away_s.take(flat))
        back = first[absent & (service >= 0)]
        self._lengths_s.put(back + self._width, self._lengths_s.take(back))
        return service, in_s

    def _draw_again(self, seeds: list[int]) -> None:
        """Where each goes on to: after a visit, or after a call that was missed."""
        moment, laws = self._moment, self._moment.laws.sequels
        u, delay = moment.uniforms(Stream.AGAIN, seeds), moment.uniforms(Stream.AGAIN_DELAY, seeds)
        own = np.array([self._services.get(p.service, _NOBODY) for p in self._people], np.int64)
        self._then = np.full(u.shape, _NOBODY, np.int64)
        self._away_s = np.zeros(u.shape)
        for service, columns in self._columns().items():
            self._then[:, columns], parked = _then(moment, service, u[:, columns], self._services)
            if parked.any():
                away_s = np.expm1(laws.parked_s.table().at(delay[:, columns]))
                self._away_s[:, columns] = np.where(parked, away_s, 0.0)
        self._missed_to = np.where(u < laws.missed_back(), own, _NOBODY)
        self._missed_for_s = np.expm1(laws.missed_s.table().at(delay))

    def _draw_lengths(self, seeds: list[int], talked: frozenset[int]) -> None:
        moment, width = self._moment, self._width
        keys = [*seeds, *(-1 - seed for seed in seeds)]
        u = moment.uniforms(Stream.LENGTH, keys)
        logs = np.empty_like(u)
        for service, columns in self._columns().items():
            logs[:, columns] = moment.mean(service)[:, None] + moment.table(service).at(u[:, columns])
        second = moment.second_shift + second_doubt(moment.laws.occupations.second.n) * moment.spread_evenly(
            Stream.SECOND, 0
        )
        again = np.flatnonzero([p.seed in talked for p in self._people])
        logs[:, again] += second[:, None]
        logs[:, width:] = self._second_logs(u[:, width:]) + second[:, None]
        self._lengths_s = np.minimum(np.exp(logs), LONGEST_S)
        self._wraps_s = np.expm1(moment.wrap.at(moment.uniforms(Stream.WRAP, keys)))
        self._shows = moment.uniforms(Stream.SHOWS, keys)
        self._missed_s = np.expm1(moment.missed.at(u))
        self._left_s = np.zeros_like(u)
        self._absent = np.zeros(u.shape, np.bool_)

    def _second_logs(self, u: Floats) -> Floats:
        moment, logs = self._moment, np.zeros_like(u)
        for number, service in enumerate(moment.zone.services):
            runs, columns = np.nonzero(self._then == number)
            if len(runs):
                logs[runs, columns] = moment.mean(service)[runs] + moment.table(service).at(u[runs, columns])
        return logs

    def _columns(self) -> Mapping[ServiceId, list[int]]:
        columns: dict[ServiceId, list[int]] = {}
        for n, person in enumerate(self._people):
            columns.setdefault(person.service, []).append(n)
        return columns

    def _session_factors(self) -> Floats:
        moment = self._moment
        effects = [moment.session(n, c.id) for n, c in enumerate(moment.counters)]
        return np.exp(np.stack(effects, axis=1)) if effects else np.ones((moment.replicates, 0))


def _then(
    moment: Moment, service: ServiceId, u: Floats, numbers: Mapping[ServiceId, int]
) -> tuple[Indices, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    """The number of the service joined after a first visit, and whether that is after a break."""
    laws, risen = moment.laws.sequels, 0.0
    then = np.full(u.shape, _NOBODY, np.int64)
    for to, chance in laws.sent(service).items():
        if to in numbers:
            then[(u >= risen) & (u < risen + chance)] = numbers[to]
            risen += chance
    parked = (u >= risen) & (u < risen + laws.parked(service))
    then[parked] = numbers.get(service, _NOBODY)
    return then, parked


def then(moment: Moment, service: ServiceId, key: int) -> tuple[Indices, Floats]:
    """Of one visit that runs, by replicate: the number of the service joined after it, -1 for none, and how long after
    it."""
    numbers = {id_: n for n, id_ in enumerate(moment.zone.services)}
    to, parked = _then(moment, service, moment.uniform(Stream.AGAIN, key), numbers)
    away_s = np.expm1(moment.laws.sequels.parked_s.table().at(moment.uniform(Stream.AGAIN_DELAY, key)))
    return to, np.where(parked, away_s, 0.0)

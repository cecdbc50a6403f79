"""In random houses every call of the run is the one that the policy makes, at the moment when it makes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_core.domain.model import CounterId, ServiceId, Ticket
from queue_core.domain.office import Zone
from queue_core.domain.policy import may_call, order
from queue_core.estimate.forward.run import run
from tests.support.fixed_chances import Called, FixedChances
from tests.support.houses import NOW_MS, house, ticket
from tests.support.offices import office

SERVICES = ("a", "b", "c")
MINUTES_S = st.integers(0, 12).map(lambda n: 60 * n)
NEVER = float("inf")
Break = tuple[float, float]


@dataclass(frozen=True)
class Scene:
    zone: Zone
    tickets: list[Ticket]
    chances: FixedChances

    @property
    def counters(self) -> list[CounterId]:
        return list(self.zone.counters)


@st.composite
def zones(draw: st.DrawFn) -> Zone:
    some = st.lists(st.sampled_from(SERVICES), min_size=1, max_size=3, unique=True)
    zone = office(dict.fromkeys(SERVICES, 5.0), draw(st.lists(some, min_size=1, max_size=4)))
    offsets = st.dictionaries(st.sampled_from(SERVICES).map(ServiceId), MINUTES_S.map(lambda s: s - 300))
    return replace(zone, counters={i: replace(c, offset_s=draw(offsets)) for i, c in zone.counters.items()})


@st.composite
def tickets(draw: st.DrawFn, zone: Zone) -> Iterator[Ticket]:
    pins = st.sampled_from(["", "", "", *zone.counters]).map(CounterId)
    for n in draw(st.permutations(range(draw(st.integers(0, 14))))):
        waits_s, not_before = draw(MINUTES_S), draw(st.sampled_from([None, None, 0, 45, 150, 151, 600]))
        later = {} if not_before is None else {"not_before_s": not_before}
        yield ticket(n, draw(st.sampled_from(SERVICES)), waits_s, rank_s=-draw(MINUTES_S), pin=draw(pins), **later)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Each length is a whole number of seconds, so that counters often are free at once."""
    zone = draw(zones())
    waiting = list(draw(tickets(zone)))
    seconds = st.integers(0, 300).map(float)
    people, counters = len(waiting) + len(SERVICES), len(zone.counters)
    breaks = st.lists(st.integers(0, 900), min_size=4, max_size=4).map(sorted)
    chances = FixedChances(
        lengths_s=np.array([draw(st.lists(seconds, min_size=people, max_size=people))]),
        free=draw(st.lists(st.one_of(seconds, seconds, st.just(NEVER)), min_size=counters, max_size=counters)),
        away=[[(b[0], b[1]), (b[2], b[3])] for b in draw(st.lists(breaks, min_size=counters, max_size=counters))],
    )
    return Scene(zone, waiting, chances)


def back_s(breaks: list[Break], at_s: float) -> float:
    for from_s, to_s in breaks:
        at_s = to_s if from_s <= at_s < to_s else at_s
    return at_s


@settings(max_examples=100, deadline=None)
@given(scenes())
def test_every_call_is_the_policys_at_the_earliest_moment(scene: Scene) -> None:
    calls = run(house(scene.zone, scene.tickets), scene.chances)
    free_s = dict(enumerate(scene.chances.free))
    waiting = dict(enumerate(scene.tickets))
    for call in scene.chances.asked:
        if call.person in waiting:
            check(scene, call, free_s[call.counter], waiting)
            assert calls.called_s[0, call.person] == call.at_s
            del waiting[call.person]
            free_s[call.counter] = call.at_s + scene.chances.lengths_s[0, call.person]  # type: ignore[index]
    for n, never in waiting.items():
        assert calls.called_s[0, n] == NEVER
        assert not any(may_call(scene.zone.counters[scene.counters[c]], never) for c, s in free_s.items() if s < NEVER)


def check(scene: Scene, call: Called, free_s: float, waiting: Mapping[int, Ticket]) -> None:
    """Who is called is the policy's next, and could not be called by this counter before."""
    counter, at_ms = scene.counters[call.counter], NOW_MS + round(1000 * call.at_s)
    chosen = waiting[call.person]
    assert order(scene.zone, counter, waiting.values(), at_ms)[0].ticket is chosen
    allowed_s = max(0.0, (chosen.not_before_ms - NOW_MS) / 1000)
    breaks = list(scene.chances.away[call.counter])
    assert call.at_s in {back_s(breaks, free_s), back_s(breaks, max(free_s, allowed_s))}


@settings(max_examples=30, deadline=None)
@given(scenes())
def test_probes_take_nobodys_time(scene: Scene) -> None:
    with_probes = run(house(scene.zone, scene.tickets), scene.chances)
    without = run(house(scene.zone, scene.tickets, ()), scene.chances)
    assert np.array_equal(with_probes.called_s[:, : len(scene.tickets)], without.called_s)


@settings(max_examples=30, deadline=None)
@given(scenes(), st.integers(0, 2**31))
def test_who_stands_behind_in_one_queue_is_called_later_at_every_level(scene: Scene, seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = len(scene.tickets) + len(SERVICES)
    chances = FixedChances(40, rng.exponential(90, (40, people)), rng.exponential(90, (40, len(scene.counters))))
    levels_s = run(house(scene.zone, scene.tickets), chances).levels_s((0.1, 0.5, 0.9))
    free = [(t, column) for t, column in zip(scene.tickets, levels_s.T, strict=False) if not (t.pin or t.not_before_ms)]
    for service in SERVICES:
        line = sorted((t.rank_ms, t.ordinal, *column) for t, column in free if t.service == service)
        for (*_, low, middle, high), (*_, later_low, later_middle, later_high) in pairwise(line):
            assert low <= later_low
            assert middle <= later_middle
            assert high <= later_high

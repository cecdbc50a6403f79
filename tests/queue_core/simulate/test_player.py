"""Whole days on the pure-Python zone: the log is legal (the zone folds it), the office lives and does not collapse."""

from collections import Counter
from dataclasses import replace
from datetime import date, time
from functools import cache

import pytest

from queue_core.domain.calendar import business_day, local_ms
from queue_core.domain.commands import Command, Finish, Issue, OpenCounter
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ClassId, CounterState, ServiceId, TicketId, TicketState
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.simulate.day import OfficeDay, draw
from queue_core.simulate.paper import PaperZone
from queue_core.simulate.paper_port import PaperPort
from queue_core.simulate.player import Standing, play
from queue_core.simulate.scene import Counts
from tests.support.offices import office, town_hall

HALL = town_hall()
MONDAY = business_day(HALL, local_ms(HALL, date(2030, 1, 7), time(12)))


def monday(seed: int, zone: Zone = HALL) -> OfficeDay:
    day = draw(zone, MONDAY, seed)
    assert day is not None
    return day


async def played(seed: int, zone: Zone = HALL) -> tuple[PaperZone, Counts]:
    model = PaperZone(zone, MONDAY.from_ms)
    return model, await play(zone, monday(seed, zone), PaperPort(model))


def kinds(log: list[Event]) -> Counter[EventType]:
    return Counter(event.type for event in log)


async def test_one_seed_gives_one_log() -> None:
    first, second = await played(1), await played(1)
    assert first[0].log == second[0].log
    assert first[1] == second[1]
    assert (await played(2))[0].log != first[0].log


async def test_log_folds_to_the_state() -> None:
    model, _ = await played(3)
    state = Snapshot()
    for event in model.log:
        state.fold(event)
    assert state == model.state


async def test_everything_that_happens_in_an_office_happens() -> None:
    seen = Counter[EventType]()
    for seed in range(6):
        seen += kinds((await played(seed))[0].log)
    wanted = {EventType(kind) for kind in _USUAL_EVENTS.split()}
    assert wanted <= seen.keys()


_USUAL_EVENTS = (
    "issued called recalled started finished missed parked returned transferred cancelled "
    "counter_opened counter_paused counter_closed"
)


async def test_in_the_evening_all_counters_are_closed_and_nobody_waits() -> None:
    model, counts = await played(4)
    assert {c.state for c in model.state.counters.values()} == {CounterState.CLOSED}
    assert {t.state for t in model.state.tickets.values()} <= {TicketState.MISSED, TicketState.PARKED}
    assert counts.issued == kinds(model.log)[EventType.ISSUED]
    assert counts.served == kinds(model.log)[EventType.FINISHED]
    assert not counts.refused


@pytest.mark.parametrize("seed", range(5))
async def test_queue_is_lively_and_does_not_collapse(seed: int) -> None:
    standings: list[Standing] = []
    await play(HALL, monday(seed), PaperPort(PaperZone(HALL, MONDAY.from_ms)), standings.append)
    longest = max(s.waiting for s in standings)
    assert 5 <= longest <= 40
    closes_ms = monday(seed).closes_ms
    assert max(s.at_ms for s in standings) < closes_ms + 2 * 3_600_000


@cache
def _hall_of(counters: int) -> Zone:
    return office({"a": 8, "b": 12}, [("a", "b")] * counters, opens=time(8))


def busy_share(log: list[Event], from_ms: int, to_ms: int) -> float:
    """Of the open counters' time, how much they had somebody (gaps between two visits not counted)."""
    called: dict[str, int] = {}
    opened: dict[str, int] = {}
    busy_ms = open_ms = 0
    for event in log:
        counter = event.data.get("counter", "")
        if event.type is EventType.CALLED:
            called[counter] = event.at_ms
        elif event.type is EventType.COUNTER_OPENED:
            opened[counter] = event.at_ms
        elif event.type in {EventType.COUNTER_PAUSED, EventType.COUNTER_CLOSED} and counter in opened:
            open_ms += max(0, min(event.at_ms, to_ms) - max(opened.pop(counter), from_ms))
        elif counter in called and event.type not in {EventType.RECALLED, EventType.STARTED}:
            busy_ms += max(0, min(event.at_ms, to_ms) - max(called.pop(counter), from_ms))
    return busy_ms / open_ms


async def test_counters_are_well_used_at_the_peak() -> None:
    shares = []
    for seed in range(24):
        zone, day = _hall_of(5), monday(seed, _hall_of(5))
        length_ms = day.closes_ms - day.opens_ms
        log = (await played(seed, zone))[0].log
        shares.append(busy_share(log, day.opens_ms + length_ms // 10, day.opens_ms + 4 * length_ms // 10))
    assert 0.78 < sum(shares) / len(shares) < 0.95


class Visited(PaperPort):
    """Somebody whom the simulation does not know draws a ticket, too."""

    async def do(self, command: Command) -> TicketId | None:
        if isinstance(command, Issue) and TicketId("stranger") not in self.zone.state.tickets and self._tickets == 20:
            self.zone.do(replace(command, ticket=TicketId("stranger")))
        return await super().do(command)


async def test_stranger_is_served_like_everybody() -> None:
    model = PaperZone(HALL, MONDAY.from_ms)
    await play(HALL, monday(1), Visited(model))
    fate = [e.type for e in model.log if e.data.get("ticket") == "stranger"]
    assert fate == [EventType.ISSUED, EventType.CALLED, EventType.STARTED, EventType.FINISHED]


class Meddled(PaperPort):
    """Somebody else ends visits at the desk, and there is no more advice today."""

    async def do(self, command: Command) -> TicketId | None:
        if isinstance(command, Finish) and len(self.zone.log) % 5 == 0:
            self.zone.do(command)
        if isinstance(command, Issue) and command.service == ServiceId("advice"):
            raise Refused(Refusal.QUOTA_EXHAUSTED)
        return await super().do(command)


async def test_other_peoples_doings_do_not_stop_the_day() -> None:
    model = PaperZone(HALL, MONDAY.from_ms)
    counts = await play(HALL, monday(1), Meddled(model))
    assert counts.refused[Refusal.QUOTA_EXHAUSTED] > 5
    assert counts.refused[Refusal.COUNTER_IDLE] > 0
    assert counts.served > 100


async def test_counter_that_is_open_already_is_worked_at() -> None:
    zone = office({"a": 5}, [("a",)], opens=time(8))
    model = PaperZone(zone, MONDAY.from_ms)
    model.do(OpenCounter(next(iter(zone.counters))))
    model.do(Issue(ServiceId("a"), ClassId("default"), TicketId("early")))
    counts = await play(zone, monday(1, zone), PaperPort(model))
    assert counts.refused[Refusal.COUNTER_OPEN] == 1
    assert TicketId("early") not in model.state.tickets

"""Days played into the real engine on a real store, and over HTTP against the pure-Python zone."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, time
from typing import Any

import httpx
import pytest

from queue_core.domain.calendar import business_day, local_ms
from queue_core.domain.commands import (
    CallNext,
    Cancel,
    CloseCounter,
    Command,
    Finish,
    Issue,
    Miss,
    OpenCounter,
    Park,
    PauseCounter,
    Recall,
    Return,
    Start,
    Transfer,
)
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import CounterId, ReturnMode, TicketId, ZoneId
from queue_core.domain.office import Hours
from queue_core.engine import Engine
from queue_core.estimate.queue_length.method import QueueLength
from queue_core.filling import Filling
from queue_core.simulate.day import draw
from queue_core.simulate.ids import SeededIds
from queue_core.simulate.office import NeverOpen, play_over_http, simulate
from queue_core.simulate.paper import PaperZone
from queue_core.simulate.paper_port import PaperPort
from queue_core.simulate.player import play
from queue_core.store.opened import Store, open_store
from queue_core.store.records import Records
from tests.support.offices import office

ZONE = office({"a": 6, "b": 9}, [("a", "b"), ("a", "b"), ("b",)], opens=time(8), closes=time(12))
MONDAY_MS = local_ms(ZONE, date(2030, 1, 7), time(6))
REQUEST_MS = 40_000
FRAME = frozenset({EventType.DAY_ROLLED, EventType.CONFIGURED, EventType.EPOCH_STARTED})


@pytest.fixture
async def store(valkey_url: str) -> AsyncIterator[Store]:
    async with open_store(valkey_url) as opened:
        yield opened


async def simulated(store: Store, days: int) -> list[Event]:
    """The simulated days' log: what lies before was in real time."""
    engine = Engine({ZONE.id: ZONE}, store.zones([ZONE.id]), Filling(ids=SeededIds("1")))
    await engine.open()
    played = await simulate(engine, ZONE, days, seed=1, from_ms=MONDAY_MS)
    assert [p.day for p in played] == [date(2030, 1, 7 + n) for n in range(days)]
    return [event async for event in Records(store.client, ZONE.id).export() if event.at_ms >= MONDAY_MS]


def nameless(log: list[Event]) -> list[dict[str, Any]]:
    """The events with their tickets and bookings counted, not named."""
    names: dict[str, int] = {}
    told = (e for e in log if e.type not in FRAME)
    return [
        {"at_ms": e.at_ms, "type": e.type}
        | {k: names.setdefault(v, len(names)) if k in {"ticket", "booking"} else v for k, v in e.data.items()}
        for e in told
    ]


async def test_one_seed_gives_one_log_in_the_real_engine(store: Store) -> None:
    first = await simulated(store, days=1)
    await store.client.flushall()
    second = await simulated(store, days=1)
    assert [(e.command, e.to_json() | {"epoch": 0}) for e in first] == [
        (e.command, e.to_json() | {"epoch": 0}) for e in second
    ]
    assert len(first) > 100


async def test_engine_and_paper_play_the_same_day_event_by_event(store: Store) -> None:
    day = draw(ZONE, business_day(ZONE, MONDAY_MS), seed=1)
    assert day is not None
    paper = PaperZone(ZONE, MONDAY_MS)
    await play(ZONE, day, PaperPort(paper))
    assert nameless(await simulated(store, days=1)) == nameless(paper.log)


async def test_estimator_follows_the_engines_log_over_the_end_of_a_day(store: Store) -> None:
    last = (await simulated(store, days=2))[-1]
    estimator = QueueLength(ZONE)
    async for event in Records(store.client, ZONE.id).export():
        estimator.observe(event)
        estimator.forecast(event.at_ms)
    assert estimator.as_of == (last.epoch, last.seq)
    assert estimator.laws.occupations.keys() == ZONE.services.keys()


async def test_clock_runs_on_when_the_simulation_is_over(store: Store) -> None:
    last = (await simulated(store, days=1))[-1]
    engine = Engine({ZONE.id: ZONE}, store.zones([ZONE.id]))
    await engine.open()
    assert engine.clock(ZONE.id).rate == 1.0
    assert await engine.set_clock(ZONE.id, 0, 1.0) >= last.at_ms


class Api:
    """The API as the simulation sees it, over a pure-Python zone whose time passes with the requests."""

    def __init__(self, model: PaperZone) -> None:
        self._model = model
        self._port = PaperPort(model)

    async def __call__(self, asked: httpx.Request) -> httpx.Response:
        self._model.now_ms += REQUEST_MS
        ticket = await self._port.do(_command(asked.url.path.split("/")[5:], json.loads(asked.content)))
        found = self._model.state.tickets.get(ticket) if ticket else None
        return httpx.Response(200, json={"ticket": {"id": found.id, "state": found.state} if found else None})


def _command(path: list[str], body: dict[str, Any]) -> Command:
    match path:
        case ["tickets"]:
            return Issue(**body)
        case ["tickets", ticket, verb]:
            return _TICKET_COMMANDS[verb](TicketId(ticket), body)
        case _:
            _, counter, verb = path
            return _COUNTER_COMMANDS[verb](CounterId(counter), **body)


_COUNTER_COMMANDS: dict[str, Callable[..., Command]] = {
    "open": OpenCounter,
    "pause": PauseCounter,
    "close": CloseCounter,
    "call-next": CallNext,
    "recall": Recall,
    "start": Start,
    "finish": Finish,
    "miss": Miss,
    "park": Park,
}
_TICKET_COMMANDS: dict[str, Callable[[TicketId, dict[str, Any]], Command]] = {
    "cancel": lambda ticket, _body: Cancel(ticket, by="visitor"),
    "return": lambda ticket, body: Return(ticket, ReturnMode(body["mode"]), body.get("after_s", 0)),
    "transfer": lambda ticket, body: Transfer(ticket, body["service"], by_counter=body["by_counter"]),
}


class Clocks:
    """Winds the model's clock."""

    def __init__(self, model: PaperZone) -> None:
        self._model = model
        self.rates: set[float] = set()

    async def set_clock(self, zone_id: ZoneId, zone_ms: int, rate: float) -> int:
        assert zone_id == self._model.zone.id
        self.rates.add(rate)
        self._model.now_ms = max(zone_ms, self._model.now_ms)
        return self._model.now_ms


async def test_days_are_played_over_http_one_after_the_other() -> None:
    model = PaperZone(ZONE, MONDAY_MS)
    clocks = Clocks(model)
    transport = httpx.MockTransport(Api(model))
    played = await play_over_http("http://wz", "token", [ZONE], 1, 1e9, clocks, days=2, transport=transport)
    assert [p.day for p in played] == [date(2030, 1, 7), date(2030, 1, 8)]
    assert all(p.counts.served > 20 for p in played)
    assert played[0].to_json()["issued"] == played[0].counts.issued
    assert clocks.rates == {1e9}


async def test_zone_that_never_opens_is_told() -> None:
    shut = replace(ZONE, hours=Hours())
    with pytest.raises(ExceptionGroup) as told:
        await play_over_http("http://wz", "token", [shut], 1, 1.0, Clocks(PaperZone(shut, MONDAY_MS)))
    assert told.group_contains(NeverOpen)

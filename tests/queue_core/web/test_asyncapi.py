"""The AsyncAPI document: whole, and what it says of frames is what a real stream sends, in every view."""

import contextlib
import json
import random
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from queue_core.domain.commands import (
    CallNext,
    CloseCounter,
    CloseService,
    Finish,
    Issue,
    OpenCounter,
    OpenService,
    Park,
    PauseCounter,
    Recall,
    Start,
    Undo,
)
from queue_core.domain.errors import Refused
from queue_core.domain.model import ServiceId, Ticket
from queue_core.domain.views.view import View
from queue_core.estimate.forecast import Forecast, Range
from queue_core.store.estimates import Estimates
from queue_core.store.opened import open_store
from queue_core.web.asyncapi import asyncapi_document, message_name
from tests.queue_core.live.house import STAFF_TOKEN, House, Screen, open_house
from tests.queue_core.live.rig import HALL
from tests.support.web_office import WebOffice
from tests.support.zones import NEW, NORMAL, ONE, SHORT, TWO

DOCUMENT = asyncapi_document()
HERE = "urn:wartezone:stream"
STEPS = 40
SAID = Range(60, 120, 240, "simulation")
ON_SOCKETS = (View.WAITS, View.PUBLIC, View.LOBBY, View.DESK)
WITH_MATTER = ("snapshot", "event", "estimates")


def closed(schema: Any) -> Any:
    """The same schema, but a field that it does not name is wrong: so that every field is documented."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {name: closed(value) for name, value in schema.items()}
    return {"additionalProperties": False, **shut} if isinstance(shut.get("properties"), dict) else shut


REGISTRY: Registry[Any] = Registry().with_resource(HERE, DRAFT202012.create_resource(closed(DOCUMENT)))


def faults(frame: dict[str, Any], view: View) -> list[str]:
    name = message_name(frame["type"], view)
    schema = {"$ref": f"{HERE}#/components/messages/{name}/payload"}
    found = Draft202012Validator(schema, registry=REGISTRY).iter_errors(frame)
    return [f"{name}: {error.json_path} {error.message[:200]}" for error in found]


@pytest.fixture
async def house(valkey_url: str) -> AsyncIterator[House]:
    async with open_house(valkey_url) as house:
        yield house


async def test_every_frame_of_a_busy_hall_is_as_documented(house: House, valkey_url: str) -> None:
    async with contextlib.AsyncExitStack() as stack:
        screens = {v: await stack.enter_async_context(house.screen(v, STAFF_TOKEN)) for v in ON_SOCKETS}
        await _work(house, valkey_url)
        for view, screen in screens.items():
            await _caught_up(house, view, screen)
            await screen.frame("heartbeat")
            assert [fault for frame in screen.frames for fault in faults(frame, view)] == []
        assert {"hello", "heartbeat", *WITH_MATTER} == {f["type"] for screen in screens.values() for f in screen.frames}
        heard = {event for screen in screens.values() for event in screen.events()}
        assert {"called", "recalled", "undone", "counter_opened", "service_closed", "issued", "parked"} <= heard


async def _caught_up(house: House, view: View, screen: Screen) -> None:
    def is_fresh() -> bool:
        state = json.loads(house.hub.state(HALL, view))
        return screen.state == {name: value for name, value in state.items() if name not in ("epoch", "seq", "current")}

    await screen.until(is_fresh)


async def _work(house: House, url: str) -> None:
    await _estimate(house, url)
    for command in _day():
        with contextlib.suppress(Refused):
            await house.rig.engine.do(HALL, command)


def _day() -> Iterator[Any]:
    yield from (OpenCounter(ONE), OpenCounter(TWO), CloseService(SHORT), OpenService(SHORT))
    chance = random.Random(7)
    for _ in range(STEPS):
        counter = chance.choice([ONE, TWO])
        yield from (Issue(chance.choice([NEW, SHORT]), NORMAL), CallNext(counter))
        yield chance.choice([Start(counter), Finish(counter), Recall(counter), Park(counter, "papers"), Undo(counter)])
    yield from (PauseCounter(ONE, "tea"), CloseCounter(TWO))


async def _estimate(house: House, url: str) -> None:
    """As if an estimator said so of every service."""
    services = dict.fromkeys(map(ServiceId, house.rig.engine.zone(HALL).services), SAID)
    snapshot = house.hub.snapshot(HALL)
    forecast = Forecast(house.hub.now_ms(HALL), snapshot.seq, tickets={}, services=services, method=SAID.method)
    async with open_store(url) as store:
        await Estimates(store.client, HALL, lease_s=5).publish(forecast.to_json())


async def test_every_frame_of_an_own_ticket_is_as_documented(house: House) -> None:
    ticket = await house.rig.issue()
    await house.rig.open()
    frames: list[dict[str, Any]] = []
    async with httpx.AsyncClient(timeout=5) as client, _own(client, house, ticket) as lines:
        async for line in lines:
            if line.startswith("data: "):
                frames.append(json.loads(line.removeprefix("data: ")))
                if frames[-1]["type"] == "snapshot":
                    await house.rig.call()
                if frames[-1]["type"] == "event":
                    break
    assert [fault for frame in frames for fault in faults(frame, View.OWN)] == []
    assert {"hello", "snapshot", "event"} <= {frame["type"] for frame in frames}


@contextlib.asynccontextmanager
async def _own(client: httpx.AsyncClient, house: House, ticket: Ticket) -> AsyncIterator[AsyncIterator[str]]:
    async with client.stream("GET", f"http://127.0.0.1:{house.port}/own/{ticket.id}/events") as answer:
        yield answer.aiter_lines()


async def test_what_is_not_understood_is_answered_as_documented(house: House) -> None:
    async with house.screen("public") as screen:
        await screen.connection.send('{"type": "nonsense"}')
        assert faults(await screen.frame("error"), View.PUBLIC) == []


def test_every_reference_leads_somewhere() -> None:
    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield from ([value["$ref"]] if "$ref" in value else [])
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            yield from references(item)

    for reference in set(references(DOCUMENT)):
        found: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def test_every_view_has_its_messages() -> None:
    wanted = {message_name(kind, view) for kind in WITH_MATTER for view in View}
    assert wanted <= set(DOCUMENT["components"]["messages"])


async def test_it_is_served_to_everybody(office: WebOffice) -> None:
    answer = await office.http.get("/asyncapi.json")
    assert answer.json() == DOCUMENT
    assert answer.headers["access-control-allow-origin"] == "*"

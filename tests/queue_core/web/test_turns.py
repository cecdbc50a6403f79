"""Who asks for much at once waits for itself: others, devices and staff go first, and nobody waits for ever."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network

import pytest
from starlette.types import Message, Receive, Scope, Send

from queue_core.domain.principal import Role
from queue_core.settings import Settings
from queue_core.web.identity import Identity
from queue_core.web.turns import BEGUN_AT_ONCE, HAS_GONE, Turns
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice

FLOOD, OTHER = "192.0.2.1", "192.0.2.2"
MANY = 6
#: So many that they do not all begin with the windows while a test looks.
MORE = 300
BEGIN: Message = {"type": "http.response.start", "status": 200, "headers": []}
END: Message = {"type": "http.response.body", "body": b""}


class House:
    """Its requests are named by their paths; each is under way until it is let go."""

    def __init__(self, settings: Settings, identity: Identity) -> None:
        self.turns = Turns(self._answer, settings, identity)
        self.begun: list[str] = []
        self.gone: set[str] = set()
        self.asked: dict[str, asyncio.Task[None]] = {}
        self._gates: dict[str, asyncio.Event] = {}

    def ask(self, name: str, address: str = FLOOD, **headers: str) -> None:
        raw = [(key.encode(), value.encode()) for key, value in headers.items()]
        told = {"client": (address, 1), "headers": raw, "extensions": {HAS_GONE: lambda: name in self.gone}}
        scope = {"type": "http", "path": name, **told}
        self._gates[name] = asyncio.Event()
        self.asked[name] = asyncio.create_task(self.turns(scope, _nothing, _nowhere))

    async def flood(self, count: int = MANY) -> list[str]:
        names = [f"flood {n}" for n in range(count)]
        for name in names:
            self.ask(name)
        await eventually(lambda: len(self.begun) >= BEGUN_AT_ONCE)
        return names

    def let_go(self, name: str) -> None:
        self._gates[name].set()

    async def _answer(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.begun.append(scope["path"])
        await self._gates[scope["path"]].wait()
        await send(BEGIN)
        await send(END)


async def _nothing() -> Message:
    raise AssertionError("nobody reads")


async def _nowhere(_message: Message) -> None:
    return None


@asynccontextmanager
async def house_of(office: WebOffice, settings: Settings | None = None) -> AsyncIterator[House]:
    house = House(settings or office.frame.settings, office.frame.identity)
    try:
        yield house
    finally:
        for task in house.asked.values():
            task.cancel()
        await asyncio.gather(*house.asked.values(), return_exceptions=True)


@pytest.fixture
async def house(office: WebOffice) -> AsyncIterator[House]:
    async with house_of(office) as opened:
        yield opened


async def test_another_address_goes_before_all_that_a_flood_still_wants(house: House) -> None:
    await house.flood(MORE)
    house.ask("other", OTHER)
    await eventually(lambda: "other" in house.begun)
    assert house.begun.index("other") < MORE


async def test_a_flood_that_answers_at_once_is_still_one_after_the_other(office: WebOffice) -> None:
    """Requests that never wait for anything end within one step: it is not enough to count what is under way."""
    async with house_of(office) as house:
        house.ask("other", OTHER)
        await eventually(lambda: house.begun == ["other"])
        names = [f"flood {n}" for n in range(100)]
        for name in names:
            house.ask(name)
            house.let_go(name)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(house.begun) <= 1 + 2 * BEGUN_AT_ONCE
        house.let_go("other")
        await eventually(lambda: len(house.begun) == 101)


async def test_all_of_a_flood_is_answered_in_its_order(house: House) -> None:
    names = await house.flood()
    for name in names:
        house.let_go(name)
    await asyncio.gather(*house.asked.values())
    assert house.begun == names


async def test_whoever_never_ends_holds_up_nobody_for_ever(house: House) -> None:
    """Slow bodies, say: the rest begins with the windows."""
    names = await house.flood()
    await eventually(lambda: house.begun == names)


async def test_who_has_shown_a_true_token_waits_for_nobody(office: WebOffice, house: House) -> None:
    token = await office.bearer(Role.DEVICE)
    await office.http.post("/api/v1/zones/hall/tickets", headers={**token, "Idempotency-Key": "met"})
    await house.flood(MORE)
    house.ask("kiosk", FLOOD, authorization=token["Authorization"])
    await eventually(lambda: "kiosk" in house.begun)
    assert house.begun.index("kiosk") < MORE


async def test_a_guessed_token_buys_nothing(office: WebOffice, house: House) -> None:
    await office.http.get("/z/hall/entrance", headers={"Authorization": "Bearer guessed"})
    names = await house.flood()
    house.ask("guessed", FLOOD, authorization="Bearer guessed", cookie="wartezone=guessed")
    await eventually(lambda: len(house.begun) == MANY + 1)
    assert house.begun == [*names, "guessed"]


async def test_behind_a_listed_proxy_each_address_has_turns_of_its_own(office: WebOffice) -> None:
    settings = office.frame.settings.model_copy(update={"trusted_proxies": (ip_network("192.0.2.0/24"),)})
    async with house_of(office, settings) as house:
        for n in range(MORE):
            house.ask(f"flood {n}", FLOOD, **{"x-forwarded-for": "198.51.100.1"})
        house.ask("other", FLOOD, **{"x-forwarded-for": "198.51.100.2"})
        await eventually(lambda: "other" in house.begun)
        assert house.begun.index("other") < MORE


async def test_who_gives_up_waiting_leaves_the_turn_to_the_next(house: House) -> None:
    names = await house.flood()
    waiting = [name for name in names if name not in house.begun]
    house.asked[waiting[0]].cancel()
    for name in names:
        house.let_go(name)
    await eventually(lambda: len([task for task in house.asked.values() if task.done()]) == MANY)
    assert set(waiting[1:]) <= set(house.begun)


async def test_whoever_hangs_up_while_waiting_has_no_turn_and_keeps_nobody_waiting(house: House) -> None:
    names = [f"gone {n}" for n in range(MORE)]
    house.gone.update(names)
    for name in [*names, "here"]:
        house.ask(name)
    await eventually(lambda: "here" in house.begun)
    await eventually(lambda: house.turns.addresses == 1)
    assert house.begun == [*names[:BEGUN_AT_ONCE], "here"]
    assert all(house.asked[name].done() for name in names[BEGUN_AT_ONCE:])


async def test_nothing_is_kept_of_a_device_that_asked_much(office: WebOffice, house: House) -> None:
    token = await office.bearer(Role.DEVICE)
    await office.http.post("/api/v1/zones/hall/tickets", headers={**token, "Idempotency-Key": "met"})
    for n in range(MANY):
        house.ask(f"kiosk {n}", authorization=token["Authorization"])
        house.let_go(f"kiosk {n}")
        await house.asked[f"kiosk {n}"]
    assert house.turns.addresses == 0


async def test_nothing_is_kept_of_who_has_gone(house: House) -> None:
    for name in await house.flood():
        house.let_go(name)
    await asyncio.gather(*house.asked.values())
    assert house.turns.addresses == 0

"""An office at work, through the HTTP API: visitors draw, clerks call; each command is repeated until it is settled."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from tests.e2e.support.client import Answer, Client, Tally, http_client
from tests.support.eventually import eventually

#: The most that wait: visitors hold back then, so that numbers do not run out.
WAITING_MOST = 40
PAUSE_S = 0.01
REPEATED_SHARE = 0.1
MISSED_SHARE = 0.15
CHAINED_SHARE = 0.2
ENDING = frozenset({"finish", "miss"})
OK, CREATED, NOTHING = httpx.codes.OK, httpx.codes.CREATED, httpx.codes.NO_CONTENT


@dataclass(slots=True)
class Acknowledged:
    """What the server has said is done: (event type, ticket) as often as it was said, once a command."""

    deeds: Counter[tuple[str, str]] = field(default_factory=Counter)
    numbers: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def done(self, *types: str, ticket: str) -> None:
        for kind in types:
            self.deeds[kind, ticket] += 1

    @property
    def waiting(self) -> int:
        return sum(n if kind == "issued" else -n for (kind, _), n in self.deeds.items() if kind in ("issued", "called"))


@dataclass(slots=True)
class Load:
    tally: Tally
    acknowledged: Acknowledged
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def running(self) -> bool:
        return not self._stop.is_set()

    def stop(self) -> None:
        """Everybody settles the command under way, and ends."""
        self._stop.set()

    async def goes_on(self, commands: int, within_s: float = 30.0) -> None:
        """Until so many more commands were answered."""
        wanted = self.tally.answered + commands
        await eventually(lambda: self.tally.answered >= wanted, within_s)

    async def answers_what_begins_after(self, moment: float, within_s: float = 30.0) -> None:
        await eventually(lambda: self.tally.last_begun > moment, within_s)

    @property
    def faults(self) -> list[str]:
        return [*self.tally.faults, *self.acknowledged.faults]


@dataclass(slots=True)
class Visitors:
    """One kiosk with people before it."""

    client: Client
    load: Load
    services: Sequence[str]
    random: Random

    async def draw(self) -> None:
        while self.load.running:
            if self.load.acknowledged.waiting >= WAITING_MOST:
                await asyncio.sleep(PAUSE_S)
                continue
            key, wish = self.client.key(), {"service": self.random.choice(self.services)}
            answer = await self.client.settle("/tickets", wish, key)
            if answer.status != CREATED:
                self.load.acknowledged.faults.append(f"draw: {answer.status} {answer.body[:300]!r}")
                continue
            ticket = answer.json["ticket"]
            self.load.acknowledged.done("issued", ticket=ticket["id"])
            self.load.acknowledged.numbers[ticket["id"]] = ticket["number"]
            if self.random.random() < REPEATED_SHARE:
                self._same(answer, await self.client.settle("/tickets", wish, key))

    def _same(self, first: Answer, again: Answer) -> None:
        if again.body != first.body:
            self.load.acknowledged.faults.append(f"one key, two answers: {first.body!r} and {again.body!r}")


@dataclass(slots=True)
class Clerk:
    """One counter. What it holds it knows from answers alone, and finds every answer to be about that ticket."""

    client: Client
    load: Load
    counter: str
    random: Random
    holds: str = ""

    async def work(self) -> None:
        await self._press("open")
        while self.load.running:
            if not await self._next():
                await asyncio.sleep(PAUSE_S)
            while self.holds:
                await self._go_on()

    async def _go_on(self) -> None:
        """What becomes of the ticket at the counter."""
        chance = self.random.random()
        if self.load.running and chance < CHAINED_SHARE:
            await self._next("finish", "started", "finished")
        elif self.load.running and chance < 2 * CHAINED_SHARE:
            await self._next("miss", "missed")
        elif chance < 2 * CHAINED_SHARE + MISSED_SHARE:
            await self._ends("miss", "missed")
        else:
            await self._ends("start", "started")
            await self._ends("finish", "finished")

    async def _next(self, current: str = "", *ends: str) -> bool:
        """Whether somebody was called; `ends` is what happens to the ticket held before, in the same move."""
        ticket = await self._press("call-next", {"current": current} if current else {})
        for kind in ends:
            self.load.acknowledged.done(kind, ticket=self.holds)
        called = ticket is not None and ticket["state"] == "called"
        self.holds = ticket["id"] if ticket and called else ""
        if called:
            self.load.acknowledged.done("called", ticket=self.holds)
        return called

    async def _ends(self, verb: str, kind: str) -> None:
        ticket = await self._press(verb)
        if not ticket or ticket["id"] != self.holds:
            self.load.acknowledged.faults.append(f"{verb} of {self.holds} was about {ticket}")
        self.load.acknowledged.done(kind, ticket=self.holds)
        self.holds = "" if verb in ENDING else self.holds

    async def _press(self, verb: str, body: dict[str, Any] | None = None) -> dict[str, Any] | None:
        """Presses the button, now and then twice at once: the second press has the same key and the same answer."""
        key, path = self.client.key(), f"/counters/{self.counter}/{verb}"
        presses = 2 if self.random.random() < REPEATED_SHARE else 1
        answers = await asyncio.gather(*(self.client.settle(path, body, key) for _ in range(presses)))
        # Finding nobody changes nothing, so the second press may find somebody.
        done = [answer for answer in answers if answer.status != NOTHING]
        if any(answer.status != OK or answer.body != done[0].body for answer in done):
            self.load.acknowledged.faults.append(f"{verb}: {[(a.status, a.body[:300]) for a in done]}")
        if not done or done[0].status != OK:
            return None
        ticket: dict[str, Any] | None = done[0].json["ticket"]
        return ticket


@asynccontextmanager
async def load(
    address: str, zone: str, services: Sequence[str], devices: Sequence[str], desks: dict[str, str], random: Random
) -> AsyncIterator[Load]:
    """Visitors at one kiosk for each device token, a clerk at each counter (`desks`: counter -> token)."""
    tally, everything = Tally(), Acknowledged()
    at_work = Load(tally, everything)
    async with http_client(address) as http, asyncio.TaskGroup() as people:
        for token in devices:
            kiosk = Client(http, zone, token, tally)
            people.create_task(Visitors(kiosk, at_work, services, Random(random.random())).draw())
        for counter, token in desks.items():
            desk = Client(http, zone, token, tally)
            people.create_task(Clerk(desk, at_work, counter, Random(random.random())).work())
        try:
            yield at_work
        finally:
            at_work.stop()

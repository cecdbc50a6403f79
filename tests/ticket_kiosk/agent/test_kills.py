"""The agent's process is killed at every line of its journal, with the server and without it: one key, one number, one
paper."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from PIL.Image import Image

from tests.support.eventually import eventually
from tests.support.web_server import free_listener
from tests.ticket_kiosk.agent.rig import PACE, TICKETS, Rig
from ticket_kiosk.agent.house import Means
from ticket_kiosk.agent.journal import lines
from ticket_kiosk.agent.process import run
from ticket_kiosk.paper import Style, picture
from ticket_kiosk.printers.language import harmless
from ticket_kiosk.receipt import line_of

pytestmark = pytest.mark.alone

#: Asked, drawn or lent, printing, printed.
STEPS = 4
#: With the server, then without it.
ROUNDS = 2 * 10
WITHIN_S = 60.0
_LATER_MOST_S = 0.02
#: Its children begin with all modules loaded: only the agent's own beginning takes time.
_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(["ticket_kiosk.agent.process", "ticket_kiosk.paper", "ticket_kiosk.printers"])


@dataclass
class Killed:
    """An agent that lives in a process of its own, until it is killed."""

    means: Means
    port: int
    http: httpx.AsyncClient
    process: BaseProcess | None = None

    @property
    def journal(self) -> Path:
        return self.means.data / "journal.jsonl"

    async def start(self) -> None:
        self.process = _PROCESSES.Process(target=run, args=(self.means, self.port), daemon=True)
        self.process.start()
        await eventually(self.answers, WITHIN_S)

    async def answers(self) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return (await self.http.get("/agent/state")).is_success
        return False

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.join()

    async def draw(self, key: str) -> dict[str, Any]:
        answer = await self.http.post(
            f"{TICKETS}?lang=de", json={"service": "new"}, headers={"Idempotency-Key": key}, timeout=WITHIN_S
        )
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def settled(self, job: str) -> str:
        """What became of the paper."""
        state = "printing"
        while state == "printing":
            state = (await self.http.get(f"/agent/papers/{job}?known=printing", timeout=WITHIN_S)).json()["state"]
        return state

    def noted(self, key: str) -> int:
        return sum(step["of"] == key for step in lines(self.journal))


@asynccontextmanager
async def agent_beside(rig: Rig) -> AsyncIterator[Killed]:
    """In the place of the rig's own."""
    await rig.agent_dies()
    with free_listener() as listener:
        port = listener.getsockname()[1]
    means = Means(f"http://127.0.0.1:{rig.port}", "entrance", rig.token, rig.folder / "agent", pace=PACE)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        agent = Killed(means, port, http)
        await agent.start()
        try:
            yield agent
        finally:
            agent.kill()


async def test_killed_at_each_step_it_gives_one_number_and_one_paper(rig: Rig) -> None:
    random, drawn, states = Random(7), {}, {}
    async with agent_beside(rig) as agent:
        for n in range(ROUNDS):
            key = f"k{n}"
            if n == ROUNDS // 2:
                await rig.server_goes()
            told = await drawn_and_killed(agent, key, 1 + n % STEPS, random.choice((0.0, random.random())))
            await agent.start()
            drawn[key] = await agent.draw(key)
            assert told in (None, drawn[key]["number"])
            states[key] = await agent.settled(drawn[key]["paper"]["job"])
        await rig.server_comes()
        numbers = [ticket["number"] for ticket in drawn.values()]

        async def are_queued() -> bool:
            return await rig.numbers() == numbers

        await eventually(are_queued, WITHIN_S)
    assert len(set(numbers)) == ROUNDS
    hold(rig.printer.tickets, drawn, states)


async def drawn_and_killed(agent: Killed, key: str, steps: int, later: float) -> str | None:
    """The number that the page heard of, if any, before the agent was killed behind so many lines about the draw."""
    drawing = asyncio.create_task(agent.draw(key))
    until = time.monotonic() + WITHIN_S
    while agent.noted(key) < steps and time.monotonic() < until:  # noqa: ASYNC110 - another process writes it
        await asyncio.sleep(0)
    until = time.monotonic() + later * _LATER_MOST_S
    while time.monotonic() < until:  # noqa: ASYNC110 - a moment that nothing marks
        await asyncio.sleep(0)
    agent.kill()
    with contextlib.suppress(httpx.TransportError):
        return str((await drawing)["number"])
    return None


def hold(papers: list[Image], drawn: dict[str, dict[str, Any]], states: dict[str, str]) -> None:
    """Each paper is one ticket's, whole; half of one only where the agent says that it does not know."""
    tickets = {key: harmless(picture([line_of(line) for line in t["receipt"]], Style())) for key, t in drawn.items()}
    unknown = [tickets[key] for key, state in states.items() if state == "unknown"]
    counts: Counter[str] = Counter()
    for paper in papers:
        owners = list(_owners(paper, tickets))
        assert len(owners) == 1 or (not owners and any(_begins(paper, t, 1) for t in unknown))
        counts.update(owners)
    assert set(states.values()) <= {"printed", "unknown"}
    assert all(counts[key] == 1 if state == "printed" else counts[key] <= 1 for key, state in states.items())


def _owners(paper: Image, tickets: dict[str, Image]) -> Iterator[str]:
    return (key for key, ticket in tickets.items() if _begins(paper, ticket, ticket.height))


def _begins(paper: Image, ticket: Image, rows: int) -> bool:
    first = (0, 0, ticket.width, rows)
    return paper.height >= rows and paper.crop(first).tobytes() == ticket.crop(first).tobytes()

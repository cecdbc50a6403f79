"""500 draws from home by one address, and what they do to a kiosk: python -m benchmarks.remote

A whole office in processes of its own, on the loopback, every write on disk. A kiosk draws one number after another,
alone, and while another address asks 500 times by ten connections, as fast as it is answered: for a number, and, to
know what any asking costs on this machine, for /livez; in turn. The first draws of a flood are real numbers, all
others are told to wait.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import count
from typing import Any

import httpx

from benchmarks.rows import Row, compared, share, table
from tests.support.office_files import office_file
from tests.support.office_process import OfficeProcess, office_process

ROUNDS, DRAWS = 5, 60
FLOOD, CONNECTIONS = 500, 10
#: Another address than the kiosk's.
OUTSIDE = "127.0.0.2"
ZONE = "hall"
REMOTE = "\n[remote]\nof_address = 10\n"
P99_MOST = 1.5
NO_LIMIT = "0"
ANSWER_WITHIN_S = 30.0

Ask = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


async def run(office: OfficeProcess, token: str) -> tuple[Sequence[Row], Counter[int]]:
    outside = httpx.AsyncHTTPTransport(local_address=OUTSIDE)
    at: Any = {"base_url": office.address, "timeout": ANSWER_WITHIN_S}
    keys = (f"kiosk-{n}" for n in count())
    answers: Counter[int] = Counter()
    calm: list[list[float]] = []
    flooded: list[list[float]] = []
    asked: list[list[float]] = []
    async with httpx.AsyncClient(**at) as kiosk, httpx.AsyncClient(transport=outside, **at) as home:
        kiosk.headers["Authorization"] = f"Bearer {token}"
        await _drawn(kiosk, keys)
        for _ in range(ROUNDS):
            calm.append(await _drawn(kiosk, keys))
            for took, ask in ((flooded, _draw), (asked, _livez)):
                flood = asyncio.create_task(_flood(home, ask, answers))
                took.append(await _drawn(kiosk, keys))
                await flood
    against = "a flood of /livez"
    rows = [
        _row("p99", 0.99, flooded, "the same kiosk alone", calm),
        _row("p50", 0.5, flooded, against, asked),
        _row("p99", 0.99, flooded, against, asked, P99_MOST),
    ]
    return rows, answers


async def _drawn(kiosk: httpx.AsyncClient, keys: Iterator[str]) -> list[float]:
    took_ms = []
    for _ in range(DRAWS):
        begun = time.perf_counter()
        headers = {"Idempotency-Key": next(keys)}
        answer = await kiosk.post(f"/api/v1/zones/{ZONE}/tickets", json={"service": "new"}, headers=headers)
        answer.raise_for_status()
        took_ms.append(1000 * (time.perf_counter() - begun))
    return took_ms


async def _draw(home: httpx.AsyncClient) -> httpx.Response:
    return await home.post(f"/z/{ZONE}/draw", data={"service": "new"})


async def _livez(home: httpx.AsyncClient) -> httpx.Response:
    return await home.get("/livez")


async def _flood(home: httpx.AsyncClient, ask: Ask, answers: Counter[int]) -> None:
    async def send() -> None:
        for _ in range(FLOOD // CONNECTIONS):
            answers[(await ask(home)).status_code] += 1

    await asyncio.gather(*(send() for _ in range(CONNECTIONS)))


def _row(
    name: str,
    part: float,
    flooded: list[list[float]],
    rival: str,
    reference: list[list[float]],
    most: float | None = None,
) -> Row:
    ours, theirs = ([share(took_ms, part) for took_ms in rounds] for rounds in (flooded, reference))
    return compared(f"a kiosk's draw in a flood, {name}", "ms", ours, rival, theirs, most=most)


def main() -> None:
    with office_process(draws_per_minute=NO_LIMIT, draws_per_minute_of_address=NO_LIMIT) as office:
        file = office_file(office.home)
        file.write_text(file.read_text() + REMOTE)
        office.settings = {**office.settings, "config": str(file)}
        office.start()
        rows, answers = asyncio.run(run(office, office.token("device", ZONE)))
    print(table(rows))
    print(f"\nanswers to the flood: {dict(sorted(answers.items()))}")


if __name__ == "__main__":
    main()

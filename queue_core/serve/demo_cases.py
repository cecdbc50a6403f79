"""Applications to try in the demo: pushed as a case system would, told on the terminal, and one of them never rests."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpx

from queue_core.domain.cases import CaseRules
from queue_core.real_clock import real_ms
from queue_core.simulate.applications import Example, examples, history, turn
from queue_core.web.api.cases import CASES_PATH

TURN_EVERY_S = 60.0


async def show_applications(http: httpx.AsyncClient, rules: CaseRules, seed: int) -> None:
    """Raises `httpx.HTTPError` where the server takes none."""
    for news in history(rules, real_ms(), seed):
        await _push(http, news)


def how_to_try(base_url: str, rules: CaseRules) -> str:
    lines = [_line(example, rules) for example in examples(rules)]
    return "\n".join([f"  Applications to try on {base_url}/status (nobody's, and only in the demo)", *lines, ""])


async def keep_turning(http: httpx.AsyncClient, rules: CaseRules, every_s: float = TURN_EVERY_S) -> None:
    """Until cancelled; whoever has the page open sees it change."""
    n = 0
    while True:
        await asyncio.sleep(every_s)
        with suppress(httpx.HTTPError):
            await _push(http, [turn(rules, real_ms(), n)])
        n += 1


async def _push(http: httpx.AsyncClient, news: Iterable[Any]) -> None:
    (await http.put(CASES_PATH, json={"cases": list(news)})).raise_for_status()


def _line(example: Example, rules: CaseRules) -> str:
    name = rules.stages[example.stage].name
    return f"    {example.number}   PIN {example.pin}   {name.get('en') or next(iter(name.values()))}"

"""Everybody is sent away, and told when to come back: so that whoever runs next is not overrun by all at once."""

import asyncio
import random
from collections.abc import Collection, Iterator

from queue_core.live.client import Client
from queue_core.live.codes import Close

#: A process takes about 2,000 streams a second, and has other work to do.
BACK_PER_S = 1_500
SPREAD_LEAST_S = 1.0
#: Nobody stands before a dark screen for longer, however many they are.
SPREAD_MOST_S = 15.0
#: Goodbyes in a row before others get their turn: about 5 ms.
_SLICE = 100


async def send_away(clients: Collection[Client]) -> None:
    """Returns when all were told, not when they have gone."""
    for n, (client, retry_ms) in enumerate(zip(list(clients), retries_ms(len(clients)), strict=True), 1):
        client.end(Close.RESTART, "restart", retry_ms)
        if n % _SLICE == 0:
            await asyncio.sleep(0)


def retries_ms(count: int) -> Iterator[int]:
    """When each of so many comes back: at an even rate, in no order, no two at one moment."""
    window_ms = 1000 * min(max(SPREAD_LEAST_S, count / BACK_PER_S), SPREAD_MOST_S)
    return (round(window_ms * (place + random.random()) / count) for place in random.sample(range(count), count))

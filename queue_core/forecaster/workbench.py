"""Where all forecasts of one process are computed: one at a time, in slices, so that requests hardly wait for them."""

import asyncio
import time
from collections.abc import Generator
from typing import TypeVar

_Found = TypeVar("_Found")

#: All zones together take at most this share of the process's core: the rest is for requests and screens.
SHARE_OF_PROCESS = 1 / 3


class Overrun(Exception):
    """A forecast took too long."""

    def __init__(self, cost_s: float, budget_s: float) -> None:
        super().__init__(f"more than {1000 * budget_s:.0f} ms")
        self.cost_s = cost_s


class Workbench:
    def __init__(self) -> None:
        self._taken = asyncio.Lock()
        self._free_s = float("-inf")

    async def work(self, slices: Generator[None, None, _Found], budget_s: float) -> tuple[_Found, float]:
        """What was found, never None, and the seconds of a core that it took. Raises `Overrun`, and what `slices`
        raises."""
        async with self._taken:
            cost_s, found = 0.0, None
            await asyncio.sleep(self._free_s - _now_s())
            try:
                while found is None:
                    began_s = time.thread_time()
                    try:
                        next(slices)
                    except StopIteration as e:
                        found = e.value
                    finally:
                        cost_s += time.thread_time() - began_s
                    if cost_s > budget_s:
                        raise Overrun(cost_s, budget_s)
                    await asyncio.sleep(0)
                return found, cost_s
            finally:
                slices.close()
                self._free_s = _now_s() + cost_s * (1 / SHARE_OF_PROCESS - 1)


def _now_s() -> float:
    return asyncio.get_running_loop().time()

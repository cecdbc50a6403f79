"""Forecasts are computed one at a time, in slices between which everybody else has a turn."""

import asyncio
import time
from collections.abc import Generator

import pytest

from queue_core.estimate.forecast import Forecast
from queue_core.forecaster.workbench import Overrun, Workbench

SAID = Forecast(1, 1)


def slices(log: list[str], name: str, count: int) -> Generator[None, None, Forecast]:
    for _ in range(count):
        log.append(name)
        yield
    return SAID


def work_s(seconds: float) -> None:
    until_s = time.thread_time() + seconds
    while time.thread_time() < until_s:
        pass


def endless() -> Generator[None, None, Forecast]:
    while True:
        work_s(0.001)
        yield


async def test_everybody_else_has_a_turn_after_each_slice() -> None:
    log: list[str] = []

    async def else_() -> None:
        for _ in range(3):
            log.append("else")
            await asyncio.sleep(0)

    (said, cost_s), _ = await asyncio.gather(Workbench().work(slices(log, "slice", 3), 1.0), else_())
    assert said is SAID
    assert 0 <= cost_s < 1
    assert log.count("slice") == 3
    assert "slice,slice" not in ",".join(log)


async def test_one_forecast_is_ended_before_the_next_begins() -> None:
    log: list[str] = []
    bench = Workbench()
    await asyncio.gather(*(bench.work(slices(log, name, 2), 1.0) for name in "ab"))
    assert log == ["a", "a", "b", "b"]


async def test_what_takes_too_long_is_given_up_and_its_cost_is_known() -> None:
    working = endless()
    with pytest.raises(Overrun) as overrun:
        await Workbench().work(working, 0.005)
    assert overrun.value.cost_s > 0.005
    with pytest.raises(StopIteration):
        next(working)


async def test_after_a_costly_forecast_the_others_wait_so_that_requests_have_their_share() -> None:
    bench, clock = Workbench(), asyncio.get_running_loop().time

    def costly() -> Generator[None, None, Forecast]:
        work_s(0.02)
        yield
        return SAID

    await bench.work(costly(), 1.0)
    ended_s = clock()
    await bench.work(slices([], "next", 1), 1.0)
    assert clock() - ended_s > 0.03


async def test_a_failure_reaches_whoever_asked_and_the_bench_is_free_again() -> None:
    bench = Workbench()

    def failing() -> Generator[None, None, Forecast]:
        yield
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await bench.work(failing(), 1.0)
    assert (await bench.work(slices([], "next", 1), 1.0))[0] is SAID

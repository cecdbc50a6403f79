"""A method that fails hands over to the next, rests, and comes back; nobody sees an error."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from queue_core.domain.commands import Issue, OpenCounter
from queue_core.domain.model import ClassId, CounterId, SeriesId, ServiceId, Ticket, TicketId, TicketState
from queue_core.domain.rhythm import Rhythm
from queue_core.estimate.forecast import NoRange
from queue_core.forecaster.attempts import FIRST_PAUSE_S
from tests.queue_core.forecaster.hall import Hall, Script, opened_hall, running
from tests.support.eventually import eventually
from tests.support.zones import NEW, NORMAL, ONE

WAITING = TicketState.WAITING


@pytest.fixture
async def hall(valkey_url: str) -> AsyncIterator[Hall]:
    async with opened_hall(valkey_url) as hall:
        hall.rhythm = Rhythm("2026-11-20")
        yield hall


@pytest.mark.parametrize(
    ("broken", "method"),
    [
        (set(), "simulation"),
        ({"simulation"}, "queue_length"),
        ({"slow"}, "queue_length"),
        ({"simulation", "queue_length"}, "history"),
        ({"simulation", "queue_length", "history"}, ""),
    ],
    ids=["none", "simulation", "too slow", "two", "all"],
)
async def test_the_first_method_that_answers_is_published_and_named(hall: Hall, broken: set[str], method: str) -> None:
    async with running(hall.forecaster(craft=Script(broken).craft(), budget_s=0.01)) as forecasting:
        await hall.do(Issue(NEW, NORMAL), forecasting)
        await eventually(hall.caught_up)
        assert await hall.by(method)
        said = (await hall.published() or pytest.fail("nothing published")).services[NEW]
        assert (said.method if said else "") == method


async def test_where_nobody_knows_anything_it_is_said_so(hall: Hall) -> None:
    script = Script({"simulation", "queue_length", "history"})
    async with running(hall.forecaster(craft=script.craft())) as forecasting:
        await hall.do(Issue(NEW, NORMAL), forecasting)
        await eventually(hall.caught_up)
        said = await hall.published() or pytest.fail("nothing published")
    assert set(said.tickets.values()) == set(said.services.values()) == {None}
    assert set(said.reasons.values()) == {NoRange.UNKNOWN}
    assert len(said.tickets) == 1


async def test_our_own_simulation_that_takes_too_long_is_stood_in_for(hall: Hall) -> None:
    await hall.do(OpenCounter(ONE))
    for _ in range(5):
        await hall.do(Issue(NEW, NORMAL))
    await hall.forecaster(budget_s=0.0).turn(0.0)
    assert await hall.by("queue_length")
    assert hall.counted("wartezone_forecast_failures_total", method="simulation", why="overrun") == 1
    await hall.client.delete("{hall}:lease")
    await hall.forecaster().turn(0.0)
    assert await hall.by("simulation")


async def test_a_queue_that_nobody_configured_is_forecast_all_the_same(hall: Hall) -> None:
    """Legal, though no office is so: a service and a class that are gone, a pin at a counter that is gone."""
    await hall.do(OpenCounter(ONE))
    drawn = Ticket(TicketId("t"), "X1", SeriesId("x"), ServiceId("gone"), ClassId("gone"), WAITING, 1, 1, 1, 1, 1)
    strange = [drawn, replace(drawn, id=TicketId("u"), service=NEW, pin=CounterId("gone"), not_before_ms=10**13)]
    for ticket in strange:
        hall.snapshot.tickets[ticket.id] = ticket
    await hall.forecaster().turn(0.0)
    said = await hall.published() or pytest.fail("nothing published")
    assert set(said.tickets) == {"t", "u"}
    assert said.method


async def test_a_history_that_knows_nothing_is_no_answer(hall: Hall) -> None:
    hall.rhythm = None
    await hall.forecaster(craft=Script({"simulation", "queue_length"}).craft()).turn(0.0)
    assert await hall.by("")


async def test_while_nothing_happens_the_last_simulation_is_told_as_time_goes_on(hall: Hall) -> None:
    script = Script()
    forecaster = hall.forecaster(craft=script.craft())
    for now_s in (0.0, 0.1, 0.4):
        await forecaster.turn(now_s)
    assert script.simulated == 1
    assert await hall.by("simulation")
    await forecaster.turn(0.5)
    assert script.simulated == 2
    await hall.do(OpenCounter(ONE))
    await forecaster.turn(0.6)
    assert script.simulated == 3
    script.broken = {"aged"}
    await forecaster.turn(0.7)
    assert await hall.by("queue_length")


async def test_what_failed_is_tried_again_after_a_pause_and_not_every_second(hall: Hall) -> None:
    script = Script({"simulation"})
    forecaster = hall.forecaster(craft=script.craft())
    for now_s in (100.0, 101.0, 102.0):
        await forecaster.turn(now_s)
    assert script.simulated == 1
    assert await hall.by("queue_length")
    script.broken.clear()
    await forecaster.turn(100.0 + FIRST_PAUSE_S)
    assert script.simulated == 2
    assert await hall.by("simulation")


async def test_figures_tell_which_method_answered_and_why_another_did_not(hall: Hall) -> None:
    script = Script({"slow"})
    forecaster = hall.forecaster(craft=script.craft(), budget_s=0.01)
    await forecaster.turn(100.0)
    script.broken = {"simulation"}
    await forecaster.turn(200.0)
    script.broken = set()
    await forecaster.turn(300.0)
    assert hall.counted("wartezone_forecasts_total", method="queue_length") == 2
    assert hall.counted("wartezone_forecasts_total", method="simulation") == 1
    assert hall.counted("wartezone_forecast_failures_total", method="simulation", why="overrun") == 1
    assert hall.counted("wartezone_forecast_failures_total", method="simulation", why="failed") == 1
    assert hall.counted("wartezone_forecast_seconds_count", method="queue_length") == 2


async def test_a_costly_forecast_stretches_the_pause(hall: Hall) -> None:
    forecaster = hall.forecaster(craft=Script({"slow"}).craft(), budget_s=0.02)
    before_s = forecaster.pause_s
    await forecaster.turn(100.0)
    assert before_s == 0.01
    assert forecaster.pause_s > 0.3


async def test_an_estimator_that_cannot_follow_an_event_is_made_anew_after_a_pause(hall: Hall) -> None:
    script = Script({"observe"})
    async with running(hall.forecaster(craft=script.craft())) as forecasting:
        await eventually(hall.published)
        await hall.do(OpenCounter(ONE), forecasting)
        await hall.do(Issue(NEW, NORMAL), forecasting)
        assert len(script.made) == 1
    forecaster = hall.forecaster(craft=script.craft())
    await forecaster.turn(0.0)
    await forecaster.turn(0.0)
    assert await hall.caught_up()

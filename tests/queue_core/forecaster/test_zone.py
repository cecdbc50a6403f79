"""Who holds the lease publishes what its estimator says; who does not, keeps still."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from queue_core.domain.booking_commands import Book
from queue_core.domain.commands import CloseCounter, Issue, OpenCounter
from queue_core.domain.model import BookingId
from queue_core.domain.prospect import Slot
from queue_core.estimate.forecast import Forecast
from queue_core.forecaster import Pace
from queue_core.forecaster.zone import PROSPECTS_ANEW_S
from tests.queue_core.forecaster.hall import FAST, Hall, Script, opened_hall, running
from tests.support.eventually import eventually
from tests.support.zones import NEW, NORMAL, ONE

DAY_MS = 24 * 3_600_000


@pytest.fixture
async def hall(valkey_url: str) -> AsyncIterator[Hall]:
    async with opened_hall(valkey_url) as hall:
        yield hall


async def test_unknown_is_published_as_unknown_until_a_counter_opens(hall: Hall) -> None:
    async with running(hall.forecaster()) as forecasting:
        first = await eventually(hall.published)
        assert first is not None
        assert first.services[NEW] is None
        await hall.do(OpenCounter(ONE), forecasting)

        async def knows() -> bool:
            published = await hall.published()
            return published is not None and published.services[NEW] is not None

        await eventually(knows)


async def test_every_change_reaches_the_published_forecast(hall: Hall) -> None:
    async with running(hall.forecaster()) as forecasting:
        await eventually(hall.published)
        await hall.do(OpenCounter(ONE), forecasting)
        await hall.do(Issue(NEW, NORMAL), forecasting)

        await eventually(hall.caught_up)
        assert len((await hall.published() or pytest.fail("nothing published")).tickets) == 1


async def test_a_missed_event_is_made_good_by_the_snapshot(hall: Hall) -> None:
    async with running(hall.forecaster()) as forecasting:
        await eventually(hall.published)
        await hall.do(OpenCounter(ONE))
        await hall.do(Issue(NEW, NORMAL), forecasting)

        await eventually(hall.caught_up)


async def test_a_zone_that_was_opened_anew_is_forecast_as_it_is_then(hall: Hall) -> None:
    async with running(hall.forecaster()) as forecasting:
        await eventually(hall.published)
        old = hall.snapshot
        hall.snapshot = replace(old, tickets=dict(old.tickets), counters=dict(old.counters))
        await hall.do(OpenCounter(ONE))
        await hall.do(Issue(NEW, NORMAL), forecasting)

        await eventually(hall.caught_up)
        assert old.seq < hall.snapshot.seq


async def test_another_takes_over_at_once_when_the_holder_leaves(hall: Hall) -> None:
    holder, other = hall.forecaster(), hall.forecaster(Pace(pause_s=0.01, idle_s=0.05, lease_s=30.0))
    async with running(holder) as holding:
        await eventually(hall.published)
        async with running(other) as standing_by:
            await hall.client.xtrim("{hall}:estimates", maxlen=0)
            await hall.do(OpenCounter(ONE), holding, standing_by)
            await eventually(hall.published)
    await hall.client.xtrim("{hall}:estimates", maxlen=0)
    async with running(other):
        await eventually(hall.published)


async def test_what_was_learned_is_kept_when_it_leaves(hall: Hall) -> None:
    async with running(hall.forecaster()) as forecasting:
        await eventually(hall.published)
        await hall.do(OpenCounter(ONE), forecasting)
    assert await hall.client.exists("{hall}:laws")


async def test_who_has_learned_nothing_writes_nothing(hall: Hall) -> None:
    async with running(hall.forecaster()):
        await eventually(hall.published)
    assert not await hall.client.exists("{hall}:laws")


async def test_who_takes_over_goes_on_with_what_was_announced(hall: Hall) -> None:
    script = Script(median_s=1200)
    await hall.forecaster(craft=script.craft()).turn(0.0)
    announced = (await hall.published() or pytest.fail("nothing published")).services[NEW]
    await hall.client.delete("{hall}:lease")
    script.median_s = 1300
    await hall.forecaster(craft=script.craft()).turn(0.0)
    assert (await hall.published() or pytest.fail("nothing published")).services[NEW] == announced
    script.median_s = 6000
    await hall.client.delete("{hall}:lease")
    await hall.forecaster(craft=script.craft()).turn(0.0)
    assert (await hall.published() or pytest.fail("nothing published")).services[NEW] != announced


@pytest.mark.parametrize("before", ["{", "[]", "{}", '{"at_ms": "x", "as_of_seq": 1, "tickets": {}}'])
async def test_what_was_published_and_cannot_be_read_is_forgotten(hall: Hall, before: str) -> None:
    await hall.client.xadd("{hall}:estimates", {"e": before})
    await hall.forecaster().turn(0.0)
    assert await hall.caught_up()


async def test_an_announcement_of_yesterday_binds_nobody(hall: Hall) -> None:
    script = Script(median_s=1200)
    await hall.forecaster(craft=script.craft()).turn(0.0)
    await hall.client.delete("{hall}:lease")
    hall.snapshot.at_ms += DAY_MS
    script.median_s = 1300
    await hall.forecaster(craft=script.craft()).turn(0.0)
    said = (await hall.published() or pytest.fail("nothing published")).services[NEW]
    assert said is not None
    assert said.p50_s == 1300


async def show(hall: Hall) -> bool:
    hall.shown = await hall.published()
    return hall.shown is not None and hall.shown.as_of_seq == hall.snapshot.seq


async def test_a_zone_at_rest_is_left_alone_once_its_faces_know(hall: Hall) -> None:
    async with running(hall.forecaster()) as forecasting:
        await eventually(lambda: show(hall))
        await eventually(lambda: _is_free(hall))
        await hall.client.xtrim("{hall}:estimates", maxlen=0)
        await hall.do(OpenCounter(ONE), forecasting)
        await eventually(hall.published)
        assert not await _is_free(hall)
        await hall.do(CloseCounter(ONE), forecasting)
        await eventually(lambda: show(hall))
        await eventually(lambda: _is_free(hall))


async def test_a_zone_whose_faces_know_it_costs_a_new_process_nothing(hall: Hall) -> None:
    async with running(hall.forecaster()):
        await eventually(lambda: show(hall))
    written = await _written(hall)
    turned = hall.forecaster()
    assert await turned.turn(0) > FAST.retry_s
    assert await _written(hall) == written


async def test_when_the_hours_change_a_zone_at_rest_is_said_anew(hall: Hall) -> None:
    forecaster = hall.forecaster()
    async with running(forecaster):
        await eventually(lambda: show(hall))
    assert hall.shown
    hall.snapshot.at_ms = hall.shown.at_ms + DAY_MS
    await hall.client.xtrim("{hall}:estimates", maxlen=0)
    assert await forecaster.turn(0) <= FAST.retry_s
    assert await hall.published()


async def _is_free(hall: Hall) -> bool:
    return not await hall.client.exists("{hall}:lease")


async def _written(hall: Hall) -> Any:
    return [await hall.client.xrange("{hall}:estimates"), await hall.client.get("{hall}:laws")]


async def test_who_is_expected_by_appointment_is_told_with_the_forecasts_that_follow(hall: Hall) -> None:
    slot_ms = hall.now_ms() + 3_600_000
    await hall.do(Book(BookingId("b"), NEW, NORMAL, slot_ms))

    async def knows() -> bool:
        published = await hall.published()
        return published is not None and Slot(NEW, NORMAL, slot_ms) in published.slots

    async with running(hall.forecaster(Pace(pause_s=0.01, idle_s=0.05, lease_s=30.0), Script().craft())):
        await eventually(knows)


async def test_whoever_books_a_new_time_need_not_wait_for_the_next_look_ahead(hall: Hall) -> None:
    forecaster, slot_ms = hall.forecaster(FAST, Script().craft()), hall.now_ms() + 3_600_000
    await hall.do(Book(BookingId("b"), NEW, NORMAL, slot_ms))
    await forecaster.turn(0)
    await hall.do(Book(BookingId("c"), NEW, NORMAL, slot_ms + 60_000))
    for now_s, told in ((1, 1), (PROSPECTS_ANEW_S, 1), (PROSPECTS_ANEW_S + 1, 2)):
        await forecaster.turn(now_s)
        assert len((await hall.published() or pytest.fail("nothing published")).slots) == told


async def test_a_look_ahead_that_fails_leaves_the_forecast_alone(hall: Hall) -> None:
    script = Script(broken={"prospects"})
    await hall.do(Book(BookingId("b"), NEW, NORMAL, hall.now_ms() + 3_600_000))
    await hall.do(OpenCounter(ONE))
    async with running(hall.forecaster(Pace(pause_s=0.01, idle_s=0.05, lease_s=30.0), script.craft())) as forecasting:
        await eventually(hall.caught_up)
        await hall.do(Issue(NEW, NORMAL), forecasting)
        await eventually(hall.caught_up)
        assert (await hall.published() or pytest.fail("nothing published")).slots == {}


async def test_a_zone_where_somebody_is_expected_soon_does_not_rest(hall: Hall) -> None:
    pace = Pace(pause_s=0.01, idle_s=0.05, lease_s=30.0)
    await hall.do(Book(BookingId("b"), NEW, NORMAL, hall.now_ms() + 3_600_000))
    hall.shown = Forecast(hall.now_ms(), hall.snapshot.seq)
    script = Script()
    async with running(hall.forecaster(pace, script.craft())):
        await eventually(hall.published)
        assert script.simulated

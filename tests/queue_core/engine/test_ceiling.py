"""What is merely held leaves half of a day free, also where services share counters."""

from dataclasses import replace
from datetime import date, time

import pytest

from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import BookingId, ServiceId
from queue_core.domain.office import WEEKDAYS, Appointments, Hours, Interval
from queue_core.engine import Once
from tests.queue_core.engine.test_slots import facade, only_booking
from tests.support.bench import Bench
from tests.support.zones import APPOINTMENT, NEW, SHORT

TOMORROW = date(2030, 1, 17)


@pytest.fixture
async def office(bench: Bench) -> Bench:
    """`new` takes 15 minutes, `short` 5; both share counter 1, `short` has counter 2 as well. One hour a day."""
    hours = Hours(week=dict.fromkeys(WEEKDAYS, (Interval(time(10), time(11)),)))
    rules = Appointments((NEW, SHORT), APPOINTMENT, share=1.0, hours=hours)
    await bench.restart(replace(bench.zone, appointments=rules))
    return bench


async def free_ms(office: Bench, service: ServiceId) -> list[int]:
    """The begins of all places that are free, one for each."""
    (day,) = (await facade(office)).free(office.zone.id, service, TOMORROW, 1)
    return [slot.from_ms for slot in day.slots for _ in range(slot.free)]


async def hold(office: Bench, service: ServiceId, at_ms: int, n: int) -> BookingId:
    appointments = await facade(office)
    return only_booking(await appointments.hold(office.zone.id, service, at_ms, Once("a", f"{service} {n}")))


async def hold_all(office: Bench, service: ServiceId) -> list[BookingId]:
    """As many as anybody may."""
    held: list[BookingId] = []
    try:
        for n, at_ms in enumerate(await free_ms(office, service)):
            held.append(await hold(office, service, at_ms, n))
    except Refused as refused:
        if refused.code is not Refusal.HOLDS_EXHAUSTED:
            raise
    return held


async def test_of_services_that_share_counters_each_keeps_half(office: Bench) -> None:
    before = {service: len(await free_ms(office, service)) for service in (NEW, SHORT)}
    assert before == {NEW: 4, SHORT: 24}
    assert len(await hold_all(office, SHORT)) == 12
    at_ms, *_ = await free_ms(office, NEW)
    with pytest.raises(Refused) as refused:
        await hold(office, NEW, at_ms, 1)
    assert refused.value.code is Refusal.HOLDS_EXHAUSTED
    assert refused.value.details["until_ms"] > office.now_ms
    after = {service: len(await free_ms(office, service)) for service in (NEW, SHORT)}
    assert after == {NEW: 2, SHORT: 12}


async def test_whoever_holds_one_of_the_last_may_have_another_time_instead(office: Bench) -> None:
    (first, *_) = await hold_all(office, NEW)
    (*_, last_ms) = await free_ms(office, NEW)
    await (await facade(office)).move(office.zone.id, first, last_ms, Once("a", "moved"))
    assert (await office.read()).holds[first].slot_ms == last_ms

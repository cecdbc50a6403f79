"""One page sits at a counter, also when many want it at the same moment; a silent page's seat ends by itself."""

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from queue_core.domain.errors import StoreAway
from queue_core.domain.model import CounterId, ZoneId
from queue_core.domain.seat import KEPT_MS, Claim, SeatId
from queue_core.store.connection import connect
from queue_core.store.keys import ZoneKeys
from queue_core.store.seats import Seats
from tests.support.eventually import eventually

HALL, ONE, TWO = ZoneId("hall"), CounterId("1"), CounterId("2")
HERS, HIS = Claim(SeatId("hers-0123456789abcdef"), "anna"), Claim(SeatId("his-0123456789abcdefg"), "ben")
MANY = 20


@pytest.fixture
def seats(client: Redis) -> Seats:
    return Seats(client)


async def test_the_first_page_sits_the_second_hears_who_does(seats: Seats) -> None:
    assert (await seats.claim(HALL, ONE, HERS)).id == HERS.seat
    assert (await seats.claim(HALL, ONE, HIS)).id == HERS.seat
    assert (await seats.claim(HALL, TWO, HIS)).id == HIS.seat
    assert {c: s.id for c, s in (await seats.at(HALL, [ONE, TWO])).items()} == {ONE: HERS.seat, TWO: HIS.seat}


async def test_of_many_pages_at_the_same_moment_one_sits(client: Redis) -> None:
    claims = [Claim(SeatId(f"page-{n:016d}"), "anna") for n in range(MANY)]
    found = await asyncio.gather(*(Seats(client).claim(HALL, ONE, claim) for claim in claims))
    assert len({seat.id for seat in found}) == 1


async def test_a_seat_ends_when_its_page_says_nothing_more(seats: Seats, client: Redis) -> None:
    await seats.claim(HALL, ONE, HERS)
    assert 0 < await client.pttl(ZoneKeys(HALL).seat(ONE)) <= KEPT_MS
    await client.pexpire(ZoneKeys(HALL).seat(ONE), 1)

    async def gone() -> bool:
        return not await client.exists(ZoneKeys(HALL).seat(ONE))

    assert await eventually(gone)
    assert await seats.at(HALL, [ONE]) == {}
    assert (await seats.claim(HALL, ONE, HIS)).id == HIS.seat


async def test_it_is_known_since_when_and_when_somebody_was_last_at_it(client: Redis) -> None:
    clock = iter((1_000, 2_000, 3_000))
    seats = Seats(client, lambda: next(clock))
    await seats.claim(HALL, ONE, HERS)
    await seats.claim(HALL, ONE, replace(HERS, used=True))
    found = await seats.claim(HALL, ONE, replace(HERS, used=False))
    assert (found.since_ms, found.used_ms) == (1_000, 2_000)


async def test_who_left_leaves_it_free_and_leaves_nothing_else(seats: Seats) -> None:
    await seats.claim(HALL, ONE, HERS)
    assert not await seats.leave(HALL, ONE, HIS.seat)
    assert await seats.leave(HALL, ONE, HERS.seat)
    assert not await seats.leave(HALL, ONE, HERS.seat)
    assert await seats.at(HALL, [ONE]) == {}


async def test_no_counters_ask_for_nothing(seats: Seats) -> None:
    assert await seats.at(HALL, []) == {}


async def test_a_store_that_is_away_is_told_as_such() -> None:
    client = connect("redis://127.0.0.1:1")
    with pytest.raises(StoreAway):
        await Seats(client).claim(HALL, ONE, HERS)
    await client.aclose()

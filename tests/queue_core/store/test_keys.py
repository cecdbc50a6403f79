"""All keys of a zone live in one slot and under constant names."""

from redis.crc import key_slot

from queue_core.domain.booking_commands import Book, CheckIn
from queue_core.domain.commands import CallNext
from queue_core.domain.model import BookingId, CounterId, ServiceId, ZoneId
from queue_core.store.keys import FIXED, ZoneKeys, queues
from tests.support.bench import bench_at
from tests.support.zones import APPOINTMENT, NEW, ONE

KEYS = ZoneKeys(ZoneId("hall"))


def test_every_key_of_a_zone_is_in_its_slot() -> None:
    keys = [*KEYS.fixed, KEYS.estimates, KEYS.laws, KEYS.lease, KEYS.archive, KEYS.log_of("2030-01-16")]
    keys += [KEYS.tickets_of("2030-01-16"), KEYS.wait("new"), KEYS.wait("@1")]
    assert len(set(keys)) == len(keys)
    assert {key_slot(key.encode()) for key in keys} == {key_slot(b"{hall}")}


def test_names_are_constant() -> None:
    assert KEYS.fixed == [f"{{hall}}:{name}" for name in FIXED]
    assert KEYS.wait("new") == "{hall}:wait:new"


def test_pinned_tickets_stand_in_a_set_of_their_counter() -> None:
    assert queues([ServiceId("new")], [CounterId("1")]) == ["new", "@1"]


async def test_a_zone_at_work_leaves_no_key_that_is_not_named_here(store_url: str) -> None:
    async with bench_at(store_url) as bench:
        await bench.open_counters(ONE)
        await bench.draw()
        await bench.do(Book(BookingId("b"), NEW, APPOINTMENT, bench.now_ms + 600_000))
        await bench.do(CheckIn(BookingId("b")))
        await bench.do(CallNext(ONE))
        await bench.next_day()
        known = {*KEYS.fixed, KEYS.log_of("2030-01-16"), KEYS.tickets_of("2030-01-16")}
        assert {key async for key in bench.client.scan_iter()} <= known

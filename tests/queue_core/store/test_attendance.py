"""Attendance and orders in a real store; two clients stand for two web processes."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from queue_core.domain.attendance import Attendance, DeviceKind, DeviceName
from queue_core.domain.orders import ORDER_VALID_MS, ORDERS_MOST, Order, OrderName, OrderState
from queue_core.store.attendance import AttendanceStore
from queue_core.store.connection import connect
from queue_core.store.keys import orders, orders_given

LOBBY = DeviceName(DeviceKind.DISPLAY, "lobby")


class HandClock:
    def __init__(self) -> None:
        self.ms = 1_000_000

    def __call__(self) -> int:
        return self.ms


@pytest_asyncio.fixture
async def processes(store_url: str) -> AsyncIterator[tuple[AttendanceStore, AttendanceStore, HandClock]]:
    clock, clients = HandClock(), [connect(store_url) for _ in range(2)]
    yield AttendanceStore(clients[0], clock), AttendanceStore(clients[1], clock), clock
    for client in clients:
        await client.aclose()


Processes = tuple[AttendanceStore, AttendanceStore, HandClock]


def order(n: int, at_ms: int = 1_000_000) -> Order:
    return Order(f"o{n}", OrderName.VOLUME, n, "staff:x", at_ms + n)


async def test_what_one_process_was_told_the_other_knows(processes: Processes) -> None:
    one, other, _ = processes
    assert await other.of(LOBBY) == Attendance()
    await one.keep(LOBBY, Attendance(5, "b", {"volume": 3}))
    assert await other.all() == {LOBBY: Attendance(5, "b", {"volume": 3})}


async def test_an_order_is_handed_out_once_however_many_ask(processes: Processes) -> None:
    one, other, _ = processes
    for n in range(10):
        await one.give(LOBBY, order(n))
    taken = await asyncio.gather(*(store.take(LOBBY) for store in (one, other) for _ in range(5)))
    assert sorted(o.id for orders in taken for o in orders) == [f"o{n}" for n in range(10)]


async def test_orders_come_in_the_order_in_which_they_were_given(processes: Processes) -> None:
    one, _, _ = processes
    for n in (3, 1, 2):
        await one.give(LOBBY, order(n))
    assert [o.value for o in await one.take(LOBBY)] == [1, 2, 3]


async def test_a_display_that_was_off_does_not_do_what_was_wanted_then(processes: Processes) -> None:
    one, _, clock = processes
    await one.give(LOBBY, order(1))
    clock.ms += ORDER_VALID_MS + 2
    await one.give(LOBBY, order(2, clock.ms))
    assert [o.id for o in await one.take(LOBBY)] == ["o2"]


async def test_of_too_many_orders_the_oldest_go(processes: Processes) -> None:
    one, _, _ = processes
    for n in range(ORDERS_MOST + 3):
        await one.give(LOBBY, order(n))
    assert [o.value for o in await one.take(LOBBY)] == list(range(3, ORDERS_MOST + 3))


async def test_staff_see_what_became_of_an_order(processes: Processes) -> None:
    one, other, _ = processes
    await one.give(LOBBY, order(1))
    assert [o.state for o in await other.given(LOBBY)] == [OrderState.WAITING]
    await other.take(LOBBY)
    assert [o.state for o in await one.given(LOBBY)] == [OrderState.HANDED]
    await one.done(LOBBY, ["o1", "an id that nobody gave"])
    assert [(o.id, o.state) for o in await one.given(LOBBY)] == [("o1", OrderState.DONE)]


async def test_a_forgotten_device_is_told_nothing(processes: Processes) -> None:
    one, _, _ = processes
    await one.keep(LOBBY, Attendance(5))
    await one.give(LOBBY, order(1))
    await one.forget(LOBBY)
    assert (await one.all(), await one.take(LOBBY), await one.given(LOBBY)) == ({}, [], [])


async def test_what_is_over_is_forgotten_also_where_there_is_always_something_new(processes: Processes) -> None:
    """A copy of a ticket has the ticket's link: it must not stay for as long as somebody goes on printing."""
    one, _, clock = processes
    for n in range(4):
        await one.give(LOBBY, order(n, clock.ms))
        clock.ms += ORDER_VALID_MS // 2 + 1_000
    for key in (orders(str(LOBBY)), orders_given(str(LOBBY))):
        assert sorted(await one._client.hkeys(key)) == ["o2", "o3"]


async def test_out_of_service_holds_for_every_process_and_outlives_the_devices_own_record(processes: Processes) -> None:
    one, other, _ = processes
    assert not await other.is_out_of_service(LOBBY)
    await one.set_out_of_service(LOBBY, True)
    await one.forget(LOBBY)
    assert await other.is_out_of_service(LOBBY)
    await other.set_out_of_service(LOBBY, False)
    assert not await one.is_out_of_service(LOBBY)

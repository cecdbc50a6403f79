"""What devices say about themselves, and what they are told to do: shared by all web processes.

An order is handed out by whoever takes it off the queue, in one transaction: never twice, even where the device's next
report reaches another process. An answer that is lost on its way loses the order; staff see that nobody confirmed it.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import WatchError

from queue_core.domain.attendance import Attendance, DeviceName
from queue_core.domain.errors import StoreAway
from queue_core.domain.orders import ORDER_VALID_MS, ORDERS_MOST, Order, OrderState
from queue_core.real_clock import real_ms
from queue_core.store.away import store_errors
from queue_core.store.keys import ATTENDANCE, OUT_OF_SERVICE, orders, orders_given, sent_away

SENT_AWAY_MS = 10_000
#: Each failed attempt means that something else became of this device's orders.
_GIVES_MOST = 20

Same = Callable[[Order], bool]


class AttendanceStore:
    def __init__(self, client: Redis, now: Callable[[], int] = real_ms) -> None:
        self._client = client
        self._now = now

    async def of(self, name: DeviceName) -> Attendance:
        async with store_errors():
            text = await self._client.hget(ATTENDANCE, str(name))
        return Attendance.from_json(json.loads(text)) if text else Attendance()

    async def keep(self, name: DeviceName, attendance: Attendance) -> None:
        async with store_errors():
            await self._client.hset(ATTENDANCE, str(name), json.dumps(attendance.to_json()))

    async def all(self) -> dict[DeviceName, Attendance]:
        async with store_errors():
            found: Any = await self._client.hgetall(ATTENDANCE) or {}
        return read_attendance(found)

    async def forget(self, name: DeviceName) -> None:
        """Also that it exists; for a moment nothing is heard from it, as its credential may be remembered so long."""
        device = str(name)
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            pipe.set(sent_away(device), "1", px=SENT_AWAY_MS)
            pipe.hdel(ATTENDANCE, device)
            pipe.delete(orders(device), orders_given(device))
            await pipe.execute()

    async def welcome(self, name: DeviceName) -> None:
        """It is heard again at once."""
        async with store_errors():
            await self._client.delete(sent_away(str(name)))

    async def is_sent_away(self, name: DeviceName) -> bool:
        async with store_errors():
            return bool(await self._client.exists(sent_away(str(name))))

    async def set_out_of_service(self, name: DeviceName, is_out: bool) -> None:
        """Kept until it is set otherwise, whatever becomes of the device."""
        change = self._client.sadd if is_out else self._client.srem
        async with store_errors():
            await change(OUT_OF_SERVICE, str(name))

    async def is_out_of_service(self, name: DeviceName) -> bool:
        async with store_errors():
            return bool(await self._client.sismember(OUT_OF_SERVICE, str(name)))

    async def out_of_service(self) -> frozenset[DeviceName]:
        async with store_errors():
            found: Any = await self._client.smembers(OUT_OF_SERVICE)
        return frozenset(map(DeviceName.parse, found))

    async def give(self, name: DeviceName, order: Order, same: Same = lambda _: False) -> Order:
        """Queues an order, unless the `same` was given within the last minutes: then that one. Of too many the oldest
        go; what is over is forgotten, as a copy of a ticket has its link. Raises `StoreAway`."""
        for _ in range(_GIVES_MOST):
            async with store_errors(), self._client.pipeline(transaction=True) as pipe:
                await pipe.watch(orders_given(str(name)))
                known = next((given for given in await self.given(name) if same(given)), None)
                if known:
                    return known
                await self._queue(pipe, name, order)
                try:
                    await pipe.execute()
                except WatchError:
                    continue
                return order
        raise StoreAway("the orders keep changing")

    async def _queue(self, pipe: Any, name: DeviceName, order: Order) -> None:
        text, device = json.dumps(order.to_json()), str(name)
        waiting = [o for o in await self._all_of(orders(device)) if o.is_valid(self._now())]
        surplus = [o.id for o in sorted(waiting, key=_by_age)[: max(0, len(waiting) + 1 - ORDERS_MOST)]]
        surplus += [o.id for o in await self._all_of(orders_given(device)) if not o.is_valid(self._now())]
        pipe.multi()
        for key in (orders(device), orders_given(device)):
            pipe.hset(key, order.id, text)
            if surplus:
                pipe.hdel(key, *surplus)
            pipe.pexpire(key, ORDER_VALID_MS)

    async def take(self, name: DeviceName) -> list[Order]:
        """Every order that waits, the oldest first; nobody else gets them."""
        device = str(name)
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            pipe.hgetall(orders(device))
            pipe.delete(orders(device))
            found, _ = await pipe.execute()
        taken = [o for o in _read(found) if o.is_valid(self._now())]
        await self._mark(device, taken, OrderState.HANDED)
        return taken

    async def done(self, name: DeviceName, ids: Iterable[str]) -> None:
        """The device did these; ids that nobody gave are nothing."""
        given = {order.id: order for order in await self.given(name)}
        await self._mark(str(name), [given[id_] for id_ in ids if id_ in given], OrderState.DONE)

    async def given(self, name: DeviceName) -> list[Order]:
        """The orders of the last minutes, the newest first."""
        return [o for o in reversed(await self._all_of(orders_given(str(name)))) if o.is_valid(self._now())]

    async def _all_of(self, key: str) -> list[Order]:
        async with store_errors():
            found: Any = await self._client.hgetall(key)
        return _read(found)

    async def _mark(self, device: str, which: list[Order], state: OrderState) -> None:
        if not which:
            return
        texts: dict[Any, Any] = {o.id: json.dumps(replace(o, state=state).to_json()) for o in which}
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            pipe.hset(orders_given(device), mapping=texts)
            pipe.pexpire(orders_given(device), ORDER_VALID_MS)
            await pipe.execute()


def read_attendance(found: Mapping[str, str]) -> dict[DeviceName, Attendance]:
    return {DeviceName.parse(name): Attendance.from_json(json.loads(text)) for name, text in found.items()}


def _read(found: Mapping[str, str] | None) -> list[Order]:
    return sorted((Order.from_json(json.loads(text)) for text in (found or {}).values()), key=_by_age)


def _by_age(order: Order) -> tuple[int, str]:
    return order.at_ms, order.id

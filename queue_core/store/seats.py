"""Which page sits at which counter. A seat ends by itself when its page says nothing more; nothing of it is logged."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

from redis.asyncio import Redis
from redis.exceptions import WatchError

from queue_core.domain.errors import StoreAway
from queue_core.domain.model import CounterId, ZoneId
from queue_core.domain.seat import KEPT_MS, Claim, Seat, SeatId, seated
from queue_core.real_clock import real_ms
from queue_core.store.away import store_errors
from queue_core.store.keys import ZoneKeys

#: Each failed attempt means that another one succeeded.
_CLAIMS_MOST = 8


class Seats:
    def __init__(self, client: Redis, now: Callable[[], int] = real_ms) -> None:
        self._client = client
        self._now = now

    def now_ms(self) -> int:
        """By the clock that seats are told in."""
        return self._now()

    async def claim(self, zone: ZoneId, counter: CounterId, claim: Claim) -> Seat:
        """Who sits there now: the claimant, or another page that keeps its seat."""
        key = ZoneKeys(zone).seat(counter)
        for _ in range(_CLAIMS_MOST):
            async with store_errors(), self._client.pipeline(transaction=True) as pipe:
                await pipe.watch(key)
                after = seated(_seat(await pipe.get(key)), claim, self._now())
                if after.id != claim.seat:
                    return after
                pipe.multi()  # type: ignore[no-untyped-call]
                pipe.set(key, json.dumps(asdict(after)), px=KEPT_MS)
                try:
                    await pipe.execute()
                except WatchError:
                    continue
                return after
        raise StoreAway("the seat keeps changing")

    async def leave(self, zone: ZoneId, counter: CounterId, seat: SeatId) -> bool:
        """Whether it was still that page's."""
        key = ZoneKeys(zone).seat(counter)
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            await pipe.watch(key)
            held = _seat(await pipe.get(key))
            if held is None or held.id != seat:
                return False
            pipe.multi()  # type: ignore[no-untyped-call]
            pipe.delete(key)
            try:
                await pipe.execute()
            except WatchError:
                return False
        return True

    async def at(self, zone: ZoneId, counters: Sequence[CounterId]) -> dict[CounterId, Seat]:
        """Those of the counters at which a page sits."""
        if not counters:
            return {}
        keys = ZoneKeys(zone)
        async with store_errors():
            found = await self._client.mget([keys.seat(counter) for counter in counters])
        seats = zip(counters, map(_seat, found), strict=True)
        return {counter: seat for counter, seat in seats if seat is not None}


def _seat(record: bytes | str | None) -> Seat | None:
    return Seat(**json.loads(record)) if record else None

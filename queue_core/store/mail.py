"""Who is to be written to about which appointment. The addresses in it are sealed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from redis.asyncio import Redis

from queue_core.domain.model import BookingId, ServiceId, ZoneId
from queue_core.store.away import store_errors
from queue_core.store.keys import MAIL, mail_claim, mail_count

_CLAIM_S = 120
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Recipient:
    """`told_ms` and `length_ms`: the appointment as the last letter told it, 0 where none was sent yet; `sequence`: so
    many changes were told. `due_ms`: no letter before, because `tries` have failed."""

    zone: ZoneId
    booking: BookingId
    service: ServiceId
    sealed: str
    language: str
    told_ms: int = 0
    length_ms: int = 0
    sequence: int = 0
    is_reminded: bool = False
    tries: int = 0
    due_ms: int = 0

    @property
    def appointment(self) -> str:
        return name_of(self.zone, self.booking)


def name_of(zone: ZoneId, booking: BookingId) -> str:
    return f"{zone} {booking}"


class MailStore:
    def __init__(self, client: Redis) -> None:
        self._client = client

    async def add(self, recipient: Recipient) -> None:
        """Nothing where somebody is written to about it already: one appointment has one letter box."""
        async with store_errors():
            await self._client.hsetnx(MAIL, recipient.appointment, json.dumps(asdict(recipient)))

    async def put(self, recipient: Recipient) -> None:
        async with store_errors():
            await self._client.hset(MAIL, recipient.appointment, json.dumps(asdict(recipient)))

    async def knows(self, zone: ZoneId, booking: BookingId) -> bool:
        async with store_errors():
            return bool(await self._client.hexists(MAIL, name_of(zone, booking)))

    async def all(self) -> Sequence[Recipient]:
        async with store_errors():
            found = await self._client.hvals(MAIL)
        return [Recipient(**json.loads(text)) for text in found or ()]

    async def erase(self, recipient: Recipient) -> None:
        async with store_errors():
            await self._client.hdel(MAIL, recipient.appointment)

    async def claim(self, letter: str) -> bool:
        """Whether nobody else is sending this letter. Who dies while sending holds it for a while."""
        async with store_errors():
            return bool(await self._client.set(mail_claim(letter), "1", nx=True, ex=_CLAIM_S))

    async def release(self, letter: str) -> None:
        async with store_errors():
            await self._client.delete(mail_claim(letter))

    async def count(self, fingerprint: str) -> int:
        """So many appointments have named this address within a day, this one included."""
        key = mail_count(fingerprint)
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, _DAY_S, nx=True)
            count, _ = await pipe.execute()
        return int(count)

"""Who is to be written to about which appointment. The addresses in it are sealed."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass

from redis.asyncio import Redis
from redis.exceptions import WatchError

from queue_core.domain.model import BookingId, ServiceId, ZoneId
from queue_core.store.away import store_errors
from queue_core.store.claims import Claims
from queue_core.store.keys import MAIL, mail_claim, mail_count


@dataclass(frozen=True, slots=True)
class Recipient:
    """`told_ms` and `length_ms`: the appointment as the last letter told it, 0 where none was sent yet; `sequence`: so
    many changes were told. `made_ms`: which appointment of this code it is. `due_ms`: no letter before, because `tries`
    have failed."""

    zone: ZoneId
    booking: BookingId
    service: ServiceId
    sealed: str
    language: str
    made_ms: int = 0
    told_ms: int = 0
    length_ms: int = 0
    sequence: int = 0
    is_reminded: bool = False
    tries: int = 0
    due_ms: int = 0

    @property
    def appointment(self) -> str:
        return name_of(self.zone, self.booking, self.made_ms)


def name_of(zone: ZoneId, booking: BookingId, made_ms: int) -> str:
    """Of an appointment of a release that noted nowhere when it was made, 0, the name that it gave it."""
    return f"{zone} {booking} {made_ms}" if made_ms else f"{zone} {booking}"


class MailStore:
    def __init__(self, client: Redis) -> None:
        self._client = client
        self.claims = Claims(client, mail_claim)

    async def add(self, recipient: Recipient) -> None:
        """Nothing where somebody is written to about it already: one appointment has one letter box."""
        async with store_errors():
            await self._client.hsetnx(MAIL, recipient.appointment, json.dumps(asdict(recipient)))

    async def replace(self, before: Recipient, after: Recipient | None) -> bool:
        """None erases. Nothing where somebody has changed it since: a letter on its way must not bring back an address
        that its visitor has just corrected."""
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            while True:
                await pipe.watch(MAIL)
                if _read(await pipe.hget(MAIL, before.appointment)) != before:
                    return False
                pipe.multi()  # type: ignore[no-untyped-call]
                if after is None:
                    pipe.hdel(MAIL, before.appointment)
                else:
                    pipe.hset(MAIL, before.appointment, json.dumps(asdict(after)))
                with suppress(WatchError):  # of another appointment, perhaps: look again
                    await pipe.execute()
                    return True

    async def of(self, appointment: str) -> Recipient | None:
        """`appointment`: see `name_of`."""
        async with store_errors():
            return _read(await self._client.hget(MAIL, appointment))

    async def all(self) -> Sequence[Recipient]:
        async with store_errors():
            found = await self._client.hvals(MAIL)
        return [recipient for text in found or () if (recipient := _read(text))]

    async def count(self, fingerprint: str, within_s: int) -> int:
        """How often this was counted within the time, this once included."""
        key = mail_count(fingerprint)
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, within_s, nx=True)
            count, _ = await pipe.execute()
        return int(count)


def _read(text: str | bytes | None) -> Recipient | None:
    return Recipient(**json.loads(text)) if text else None

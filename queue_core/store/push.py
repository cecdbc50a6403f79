"""Phones that are told of a ticket, kept with it and no longer than its day; and what is on its way to them."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from redis.asyncio import Redis

from queue_core.domain.model import TicketId, ZoneId
from queue_core.store.away import store_errors
from queue_core.store.keys import CASE_LETTERS, PUSH_LETTERS, PUSH_ZONES, ZoneKeys

#: Of one ticket: a family's.
PHONES_MOST = 4
#: What nobody has sent by then tells of a call that is long over.
LETTERS_KEPT_S = 3600
#: News of an application stay news for a while, on a phone that is off over the weekend too.
CASE_LETTERS_KEPT_S = 3 * 86_400
_CASE_LETTER = "case "


@dataclass(frozen=True, slots=True)
class Phone:
    """`endpoint`, `key` and `auth` are what its browser gave (RFC 8291), the last two in base64url. `words`: what it is
    told, kind -> title and text, in the language of the page that asked."""

    endpoint: str
    key: str
    auth: str
    language: str
    words: Mapping[str, Sequence[str]]

    @property
    def id(self) -> str:
        return phone_id(self.endpoint)


def phone_id(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class PushLetter:
    """`payload` is what the phone gets, of a ticket or of a `case`. `due_ms`: not before."""

    id: str
    zone: ZoneId
    ticket: TicketId
    phone: Phone
    payload: str
    at_ms: int
    due_ms: int = 0
    tries: int = 0
    case: str = ""

    @classmethod
    def of_case(cls, key: str, phone: Phone, payload: str, at_ms: int) -> "PushLetter":
        """By its id the later news take the place of earlier ones that are still on their way: they say the same."""
        letter_id = f"{_CASE_LETTER}{key} {phone.id}"
        return cls(letter_id, ZoneId(""), TicketId(""), phone, payload, at_ms, case=key)

    @classmethod
    def from_json(cls, text: str) -> "PushLetter":
        record = json.loads(text)
        return cls(**{**record, "phone": Phone(**record["phone"])})


class PushStore:
    def __init__(self, client: Redis) -> None:
        self._client = client

    async def add(self, zone: ZoneId, ticket: TicketId, phone: Phone, for_ms: int) -> bool:
        """False where the ticket has as many as it may. All of a zone's are forgotten `for_ms` after the last one."""
        key, field = ZoneKeys(zone).push, f"{ticket} {phone.id}"
        async with store_errors():
            known = [str(name) for name in await self._client.hkeys(key)]
            if field not in known and sum(name.startswith(f"{ticket} ") for name in known) >= PHONES_MOST:
                return False
            async with self._client.pipeline(transaction=False) as pipe:
                pipe.sadd(PUSH_ZONES, zone)
                pipe.hset(key, field, json.dumps(asdict(phone)))
                pipe.pexpire(key, max(1, for_ms))
                await pipe.execute()
        return True

    async def remove(self, zone: ZoneId, ticket: TicketId, phone_id: str) -> None:
        async with store_errors():
            await self._client.hdel(ZoneKeys(zone).push, f"{ticket} {phone_id}")

    async def has(self, zone: ZoneId, ticket: TicketId, phone_id: str) -> bool:
        async with store_errors():
            return bool(await self._client.hexists(ZoneKeys(zone).push, f"{ticket} {phone_id}"))

    async def zones(self) -> set[ZoneId]:
        """Those that ever had phones."""
        async with store_errors():
            return {ZoneId(str(zone)) for zone in await self._client.smembers(PUSH_ZONES)}

    async def phones(self, zone: ZoneId) -> dict[TicketId, list[Phone]]:
        async with store_errors():
            found = await self._client.hgetall(ZoneKeys(zone).push)
        by_ticket: defaultdict[TicketId, list[Phone]] = defaultdict(list)
        for field, text in found.items():
            by_ticket[TicketId(str(field).split(" ")[0])].append(Phone(**json.loads(text)))
        return dict(by_ticket)

    async def claim(self, zone: ZoneId, what: str, for_ms: int) -> bool:
        """True for one of all who see the same thing, once."""
        key = ZoneKeys(zone).push_told
        async with store_errors(), self._client.pipeline(transaction=False) as pipe:
            pipe.hsetnx(key, what, "1")
            pipe.pexpire(key, max(1, for_ms))
            claimed, _ = await pipe.execute()
        return bool(claimed)

    # On their way

    async def put(self, letter: PushLetter) -> None:
        async with store_errors(), self._client.pipeline(transaction=False) as pipe:
            put_letter(pipe, letter)
            await pipe.execute()

    async def letters(self) -> list[PushLetter]:
        """The oldest first."""
        async with store_errors(), self._client.pipeline(transaction=False) as pipe:
            pipe.hvals(PUSH_LETTERS)
            pipe.hvals(CASE_LETTERS)
            found: Any = await pipe.execute()
        every = (PushLetter.from_json(text) for texts in found for text in texts or ())
        return sorted(every, key=lambda letter: letter.at_ms)

    async def take(self, letter_id: str) -> bool:
        """True for one of all who want to send it."""
        async with store_errors():
            return bool(await self._client.hdel(_shelf(letter_id), letter_id))


def put_letter(pipe: Any, letter: PushLetter) -> None:
    shelf = _shelf(letter.id)
    pipe.hset(shelf, letter.id, json.dumps(asdict(letter)))
    pipe.expire(shelf, CASE_LETTERS_KEPT_S if letter.case else LETTERS_KEPT_S)


def _shelf(letter_id: str) -> str:
    return CASE_LETTERS if letter_id.startswith(_CASE_LETTER) else PUSH_LETTERS

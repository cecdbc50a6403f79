"""A zone's learned laws, and a word that says which they are: another one each time somebody exchanged them.

Who learns saves by the word that it has read: what was exchanged or reset meanwhile is not overwritten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError, WatchError

from queue_core.domain.model import ZoneId
from queue_core.store.away import store_errors
from queue_core.store.keys import ZoneKeys, new_revision
from queue_core.store.packed import NotPacked, pack, unpack


@dataclass(frozen=True, slots=True)
class Found:
    """`packed` None: none were learned. `revision` "": never exchanged."""

    packed: str | None
    revision: str

    def record(self) -> dict[str, Any]:
        """Raises `NotPacked`."""
        record = unpack(self.packed or "")
        if not isinstance(record, dict):
            raise NotPacked("no JSON object")
        return record


class KeptLaws:
    def __init__(self, client: Redis, zone: ZoneId) -> None:
        self._client = client
        self._keys = ZoneKeys(zone)

    async def read(self) -> Found:
        async with store_errors():
            packed, revision = await self._client.mget(self._keys.laws, self._keys.laws_revision)
        return Found(str(packed) if packed else None, str(revision or ""))

    async def save(self, laws: Mapping[str, Any], revision: str) -> bool:
        """False, and nothing saved, where they are others by now."""
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            await pipe.watch(self._keys.laws_revision)
            if str(await pipe.get(self._keys.laws_revision) or "") != revision:
                return False
            pipe.multi()  # type: ignore[no-untyped-call]
            pipe.set(self._keys.laws, pack(laws))
            try:
                await pipe.execute()
            except WatchError:
                return False
        return True

    async def exchange(self, laws: Mapping[str, Any] | None) -> None:
        """Other laws, or none: whoever learns begins anew with them."""
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            if laws is None:
                pipe.unlink(self._keys.laws)
            else:
                pipe.set(self._keys.laws, pack(laws))
            pipe.set(self._keys.laws_revision, new_revision())
            await pipe.execute()

    async def put_aside(self) -> None:
        """What is stored is no laws of ours; the last one put aside is kept."""
        async with store_errors():
            try:
                await self._client.rename(self._keys.laws, self._keys.laws_aside)
            except ResponseError as e:
                if "no such key" not in str(e):
                    raise

"""Phones that are told when there is news of a case. What travels says neither which case it is nor what is new."""

import json
from collections.abc import Sequence

from queue_core.casework.door import Door
from queue_core.store.case_phones import CasePhones
from queue_core.store.push import Phone, phone_id

NEWS = "news"
#: Where number and PIN are asked for.
STATUS_PATH = "/status"


class LookOver(Exception):
    """Whoever asks may not see the case any more."""


class Telling:
    """For whoever has a look at a case: by its secret, as long as it lasts."""

    def __init__(self, door: Door, phones: CasePhones) -> None:
        self._door, self._phones = door, phones

    async def begin(self, secret: str, phone: Phone) -> bool:
        """False: the case has as many phones as it may. Raises `LookOver`."""
        view = await self._door.view(secret)
        if view is None:
            raise LookOver
        return await self._phones.add(view.key, view.pin, phone)

    async def end(self, secret: str, endpoint: str) -> None:
        """Raises `LookOver`."""
        view = await self._door.view(secret)
        if view is None:
            raise LookOver
        await self._phones.remove(view.key, phone_id(endpoint))

    async def known(self, key: str) -> Sequence[str]:
        """By which a browser finds out whether it is told; to others they say nothing."""
        return [phone.id for phone in await self._phones.of(key)]


def news_payload(phone: Phone) -> str:
    title, text = phone.words[NEWS]
    told = {"kind": NEWS, "title": title, "text": text, "path": f"{STATUS_PATH}?lang={phone.language}"}
    return json.dumps({**told, "language": phone.language}, ensure_ascii=False)

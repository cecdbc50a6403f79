"""Everybody who follows something in this process, and with which credential."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from queue_core.domain.model import TicketId, ZoneId
from queue_core.domain.views.view import View
from queue_core.live.channel import Channel
from queue_core.live.client import Client


@dataclass(frozen=True, slots=True)
class Following:
    """What a client follows."""

    zone: ZoneId
    view: View
    ticket: TicketId | None
    channel: Channel


class Audience:
    def __init__(self) -> None:
        self._following: dict[Client, Following] = {}
        self._holders: dict[str, dict[Client, None]] = {}

    @property
    def following(self) -> Mapping[Client, Following]:
        return self._following

    @property
    def credentials(self) -> frozenset[str]:
        return frozenset(self._holders)

    def __len__(self) -> int:
        return len(self._following)

    def __iter__(self) -> Iterator[Client]:
        return iter(self._following)

    def holders(self, credential: str) -> list[Client]:
        """Whose streams were opened with this credential."""
        return list(self._holders.get(credential, ()))

    def add(self, client: Client, following: Following) -> None:
        self._following[client] = following
        if client.credential:
            self._holders.setdefault(client.credential, {})[client] = None

    def remove(self, client: Client) -> Following | None:
        """What it followed; None for one that did not, or not any more."""
        following = self._following.pop(client, None)
        if following and client.credential:
            holders = self._holders[client.credential]
            del holders[client]
            if not holders:
                del self._holders[client.credential]
        return following

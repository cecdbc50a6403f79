"""A client as the hub sees it, whatever its transport: it takes frames, or says that it cannot now."""

from typing import Protocol

from queue_core.domain.model import TicketId, ZoneId
from queue_core.domain.views.view import View
from queue_core.live.frames import Frame, Position
from queue_core.live.limits import Limits, Seats


class Stopping(Exception):
    """The hub takes nobody any more."""


class Membership:
    """A client's place in a channel, where it is not that of all others.

    `joined` numbers the last step that it has already. `at` is its own position, where that is not the channel's: the
    next event names it as `prev`.
    """

    __slots__ = ("at", "joined")

    def __init__(self, joined: int, at: int | None) -> None:
        self.joined = joined
        self.at = at


class Client(Protocol):
    @property
    def credential(self) -> str: ...

    @property
    def rendered(self) -> Position | None:
        """What a display says that it shows."""

    def write(self, frame: Frame) -> bool:
        """False when it lags too far to take more: the frame is not sent, and `caught_up` follows when it has drained.

        Never blocks and never raises; True also for a client that is about to go.
        """

    def end(self, code: int, reason: str, retry_ms: int | None = None) -> None:
        """Closes it, soon and without waiting. `retry_ms` asks it to come back after so long."""


class Host(Protocol):
    """The hub as transports see it."""

    limits: Limits
    seats: Seats

    def require(self, zone: ZoneId) -> None:
        """Raises `Stopping`, `UnknownZone`, and `StoreAway` for a zone that has not been read yet."""

    async def recall(self, zone: ZoneId, ticket: TicketId) -> None:
        """Before joining as the follower of a ticket, which may be closed already. Raises what `require` raises."""

    def join(self, client: Client, zone: ZoneId, view: View, ticket: TicketId | None, since: Position | None) -> None:
        """From now on the client gets frames, the first ones at once. Raises what `require` raises."""

    def leave(self, client: Client) -> None: ...

    def caught_up(self, client: Client) -> None:
        """A client that lagged has drained."""

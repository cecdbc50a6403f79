"""A connection's handshake: from the request to the first frame, or to a refusal. Forgotten when it is done."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Protocol

from websockets.exceptions import NegotiationError
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from queue_core.domain.errors import StoreAway
from queue_core.live.access import Access, Denial, Denied
from queue_core.live.codes import Close
from queue_core.live.handshake import NOBODY, RETRY_AFTER_S, Asked, Door, Refused, access_of, merged
from queue_core.live.limits import TooMany

log = logging.getLogger(__name__)

SUBPROTOCOL = Subprotocol("wartezone.v1")
#: Of one request; more is an attack or a mistake.
REQUEST_MOST_BYTES = 64 * 1024
_REQUEST_END = b"\r\n\r\n"
#: Asked for once, not for each connection.
_WIRE = logging.getLogger("websockets.server")


class Newcomer(Protocol):
    """The connection that opens."""

    transport: asyncio.Transport

    @property
    def is_open(self) -> bool: ...

    @property
    def peer(self) -> str: ...

    def seated(self, ip: str) -> None:
        """It has a seat, and gives it back when it is gone."""

    def opened(self, head: bytes = b"") -> None: ...

    def uncork(self) -> None: ...

    def follow(self, asked: Asked, access: Access) -> None:
        """It is in: from now on it gets frames."""

    def turn_away(self, answer: bytes) -> None: ...

    def end(self, code: int, reason: str, retry_ms: int | None = None) -> None: ...

    def cut(self) -> None: ...

    def data_received(self, data: bytes) -> None: ...


class Opening:
    __slots__ = ("_asked", "_door", "_into", "_protocol", "_received", "_task", "_timer")

    def __init__(self, into: Newcomer, door: Door) -> None:
        self._into, self._door = into, door
        self._protocol = ServerProtocol(subprotocols=[SUBPROTOCOL], select_subprotocol=_subprotocol, logger=_WIRE)
        self._received = b""
        self._asked: Asked | None = None
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def within_time(self) -> None:
        self._within(self._door.host.limits.handshake_within_s, self._into.cut)

    def stop(self) -> None:
        """It is in, or gone."""
        if self._timer:
            self._timer.cancel()
        if self._task and self._task is not asyncio.current_task():
            self._task.cancel()

    # The request

    def receive(self, data: bytes) -> None:
        """A piece of the request, as it came."""
        self._received += data
        head, end, early = self._received.partition(_REQUEST_END)
        if not end and len(head) <= REQUEST_MOST_BYTES:
            return
        self._received = early
        self._protocol.receive_data(head + end)
        asked = self._protocol.events_received()
        if asked and isinstance(asked[0], Request):
            self.judge(asked[0])
        else:
            answer = b"".join(self._protocol.data_to_send())
            self._into.turn_away(answer or self._refusal(HTTPStatus.BAD_REQUEST, "this is no request"))

    def judge(self, request: Request) -> None:
        """Answers at once where nobody has to be asked."""
        headers = merged(request.headers.raw_items())
        try:
            handshake, since = self._door.asked(request.path, headers, self._into.peer)
        except (Refused, TooMany) as e:
            self._refuse(e)
            return
        self._into.seated(handshake.client_ip)
        if handshake.is_for_everybody:
            self._accept(request, Asked(handshake, since, NOBODY))
            self._hear_early()
        else:
            self.within_time()
            self._ask(self._authorised(request, Asked(handshake, since, None)))

    async def _authorised(self, request: Request, asked: Asked) -> None:
        try:
            access = await access_of(asked.handshake, self._door.authorise)
        except (Refused, StoreAway) as e:
            self._refuse(e)
        else:
            self._accept(request, replace(asked, access=access))

    def _accept(self, request: Request, asked: Asked) -> None:
        self._protocol.send_response(self._protocol.accept(request))
        answer = b"".join(self._protocol.data_to_send())
        if self._protocol.state is not OPEN:
            self._into.turn_away(answer)
            return
        self._into.opened(answer)
        if asked.access:
            self._into.follow(asked, asked.access)
        else:
            self._asked = asked
            self._within(self._door.host.limits.auth_within_s, self._token_is_missing)
        self._into.uncork()

    def _refuse(self, why: Exception) -> None:
        match why:
            case Refused():
                answer = self._refusal(why.status, why.sentence)
            case TooMany():
                status = HTTPStatus.TOO_MANY_REQUESTS if why.own else HTTPStatus.SERVICE_UNAVAILABLE
                answer = self._refusal(status, "too many streams")
            case _:
                answer = self._refusal(HTTPStatus.SERVICE_UNAVAILABLE, "the store is away")
        self._into.turn_away(answer)

    def _refusal(self, status: HTTPStatus, sentence: str) -> bytes:
        response = self._protocol.reject(status, sentence + "\n")
        response.headers["X-Content-Type-Options"] = "nosniff"  # the sentence may repeat what was asked
        if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            response.headers["Retry-After"] = str(RETRY_AFTER_S)
        if status is HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response.serialize()

    # The first message, where the request came without a credential

    def first_message(self, message: Mapping[str, Any]) -> None:
        """What comes while it is looked at is not heard."""
        if self._task:
            return
        asked, token = self._asked, message.get("token")
        if asked is None or message.get("type") != "auth" or not isinstance(token, str):
            self._token_is_missing()
        else:
            self.within_time()
            self._ask(self._let_in(replace(asked, handshake=replace(asked.handshake, token=token))))

    async def _let_in(self, asked: Asked) -> None:
        try:
            answer = await self._door.authorise(asked.handshake)
        except StoreAway:
            self._into.end(Close.RESTART, "not now")
            return
        if isinstance(answer, Denied):
            code = Close.FORBIDDEN if answer.why is Denial.FORBIDDEN else Close.UNAUTHENTICATED
            self._into.end(code, answer.why)
        else:
            self._into.follow(asked, answer)

    def _token_is_missing(self) -> None:
        self._into.end(Close.UNAUTHENTICATED, Denial.MISSING)

    # Asking and waiting: meanwhile nothing is read

    def _ask(self, question: Awaitable[None]) -> None:
        self._into.transport.pause_reading()
        self._task = asyncio.ensure_future(self._answered(question))

    async def _answered(self, question: Awaitable[None]) -> None:
        try:
            await question
        except Exception:
            log.exception("a stream failed")
            self._into.cut()
        else:
            self._task = None
            self._into.transport.resume_reading()
            self._hear_early()

    def _hear_early(self) -> None:
        """What came with the request."""
        early, self._received = self._received, b""
        if early:
            self._into.data_received(early)

    def _within(self, seconds: float, otherwise: Callable[[], None]) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, otherwise)


def _subprotocol(_protocol: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """A client may leave it out; one that wants only others is not for us."""
    if offered and SUBPROTOCOL not in offered:
        raise NegotiationError(f"the subprotocol is {SUBPROTOCOL}")
    return SUBPROTOCOL if offered else None

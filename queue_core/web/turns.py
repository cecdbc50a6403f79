"""Fair turns: whoever asks for much at once waits for itself, and nobody waits for it.

Of one address `BEGUN_AT_ONCE` requests begin as they come, within a window of `WINDOW_S`. All else that it asks
meanwhile waits, and begins one after the other when nothing of anybody else is under way, so that a flood has what
others leave; or, since others may be busy for long, one in each window. So turns bound how much is done at once, never
how often somebody asks: many behind one address wait some milliseconds, and devices and staff not even these.

A turn lasts until its answer begins. One that waits for something else, such as a slow body, holds others up by no more
than a window. Whoever hangs up while waiting has no turn: else one could leave thousands in the way of their own house.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from queue_core.settings import Settings
from queue_core.web.address import UNKNOWN, address_behind, client_address
from queue_core.web.identity import Identity

#: While one waits for the store the other is worked on; more would only stand between others and the processor.
BEGUN_AT_ONCE = 2
WINDOW_S = 0.005
_BEARER = "bearer "
#: More cookies are none of ours, and take longer to look through than most answers.
_COOKIES_MOST = 8192
#: Extension of ASGI: tells whether the client of a request has hung up.
HAS_GONE = "wartezone.has_gone"


def _never() -> bool:
    return False


@dataclass(slots=True, eq=False)
class Waiting:
    """Who is woken when it is their turn, or has gone."""

    woken: asyncio.Future[None]
    has_gone: Callable[[], bool]
    has_turn: bool = False

    def wake(self) -> None:
        if not self.woken.done():
            self.woken.set_result(None)


@dataclass(slots=True, eq=False)
class Lane:
    """What one address has asked."""

    name: str
    under_way: int = 0
    waiting: deque[Waiting] = field(default_factory=deque)

    def next(self) -> Waiting | None:
        """The first that has not gone; those before it are sent away."""
        while self.waiting:
            if not (first := self.waiting.popleft()).has_gone():
                return first
            first.wake()
        return None


class Turns:
    def __init__(self, app: ASGIApp, settings: Settings, identity: Identity) -> None:
        self._app, self._settings, self._identity = app, settings, identity
        self._lanes: dict[str, Lane] = {}
        #: Lanes where somebody waits; the first has waited longest for a turn.
        self._crowded: deque[Lane] = deque()
        self._proven = Lane("")
        self._under_way = 0
        self._lately: dict[str, int] = {}
        self._window_ends_s = 0.0
        self._clock: asyncio.TimerHandle | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        lane = self._lane(self._address(scope))
        if not lane.waiting and lane.under_way < BEGUN_AT_ONCE and self._comes_now_and_then(lane):
            self._begin(lane)
        elif self._is_proven(scope):
            self._forget(lane)
            lane = self._proven
            self._begin(lane)
        elif not await self._wait(lane, (scope.get("extensions") or {}).get(HAS_GONE, _never)):
            return
        turn = Turn(self, lane, send)
        try:
            await self._app(scope, receive, turn.send)
        finally:
            turn.end()

    @property
    def addresses(self) -> int:
        """That have a request under way, or wait."""
        return len(self._lanes)

    def end(self, lane: Lane) -> None:
        lane.under_way -= 1
        self._under_way -= 1
        self._forget(lane)
        if self._crowded:
            self._hand_on()

    def _begin(self, lane: Lane) -> None:
        lane.under_way += 1
        self._under_way += 1

    async def _wait(self, lane: Lane, has_gone: Callable[[], bool]) -> bool:
        """Whether it is their turn now."""
        loop = asyncio.get_running_loop()
        mine = Waiting(loop.create_future(), has_gone)
        if not lane.waiting:
            self._crowded.append(lane)
        lane.waiting.append(mine)
        if self._clock is None:
            self._clock = loop.call_later(WINDOW_S, self._press)
        if not self._under_way:
            loop.call_soon(self._hand_on)
        try:
            await mine.woken
        except asyncio.CancelledError:
            self._give_up(lane, mine)
            raise
        return mine.has_turn

    def _give_up(self, lane: Lane, mine: Waiting) -> None:
        if mine in lane.waiting:
            lane.waiting.remove(mine)
            if not lane.waiting:
                self._crowded.remove(lane)
            self._forget(lane)
        elif mine.has_turn:  # given in that very moment
            self.end(lane)

    def _hand_on(self) -> None:
        """To the lane that has waited longest of those that disturb nobody."""
        if self._under_way >= BEGUN_AT_ONCE:
            return
        for lane in list(self._crowded):
            if lane.under_way == self._under_way and self._begin_next(lane):
                return

    def _begin_next(self, lane: Lane) -> bool:
        self._crowded.remove(lane)
        found = lane.next()
        if lane.waiting:
            self._crowded.append(lane)
        if not found:
            self._forget(lane)
            return False
        self._begin(lane)
        found.has_turn = True
        found.wake()
        return True

    def _press(self) -> None:
        """At the end of a window, as long as anybody waits."""
        for lane in list(self._crowded):
            self._begin_next(lane)
        again = bool(self._crowded)
        self._clock = asyncio.get_running_loop().call_later(WINDOW_S, self._press) if again else None

    def _comes_now_and_then(self, lane: Lane) -> bool:
        """Whether this address has begun little in this window."""
        now_s = asyncio.get_running_loop().time()
        if now_s >= self._window_ends_s:
            self._lately.clear()
            self._window_ends_s = now_s + WINDOW_S
        begun = self._lately.get(lane.name, 0)
        self._lately[lane.name] = begun + 1
        return begun < BEGUN_AT_ONCE

    def _lane(self, address: str) -> Lane:
        lane = self._lanes.get(address)
        if lane is None:
            lane = self._lanes[address] = Lane(address)
        return lane

    def _forget(self, lane: Lane) -> None:
        if not lane.under_way and not lane.waiting:
            self._lanes.pop(lane.name, None)

    def _address(self, scope: Scope) -> str:
        if self._settings.trusted_proxies:
            return client_address(HTTPConnection(scope), self._settings)
        client = scope.get("client")
        return address_behind({}, client[0] if client else UNKNOWN, self._settings)

    def _is_proven(self, scope: Scope) -> bool:
        """Bears a secret that was found to be somebody's lately: a guessed one buys nothing."""
        connection = HTTPConnection(scope)
        header = connection.headers.get("authorization", "")
        if header[: len(_BEARER)].lower() == _BEARER:
            return self._identity.has_met(header[len(_BEARER) :].strip())
        if len(connection.headers.get("cookie", "")) > _COOKIES_MOST:
            return False
        return any(self._identity.has_met(secret) for secret in connection.cookies.values())


class Turn:
    """One request's."""

    __slots__ = ("_lane", "_send", "_turns")

    def __init__(self, turns: Turns, lane: Lane, send: Send) -> None:
        self._turns, self._send = turns, send
        self._lane: Lane | None = lane

    async def send(self, message: Message) -> None:
        if self._lane:
            self.end()
        await self._send(message)

    def end(self) -> None:
        lane, self._lane = self._lane, None
        if lane:
            self._turns.end(lane)

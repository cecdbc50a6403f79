"""One view of one zone and all who follow it: what they have, what they missed, what comes next."""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from queue_core.domain.views.patch import diff
from queue_core.live import frames
from queue_core.live.client import Client, Membership
from queue_core.live.codes import Close
from queue_core.live.frames import EventFrame, Frame, Position

#: Writes in a row before others get their turn: about a quarter of a millisecond (decision 0011).
SLICE = 32
#: Between slices of what nobody waits for, such as heartbeats: whoever draws a number meanwhile has the processor.
PAUSE_S = 0.001
#: Steps kept for clients that come back; a lobby's calls of some minutes.
KEPT = 256
#: Steps that wait while a very large audience is being written to; then everybody gets a snapshot instead.
STEPS_WAITING_MOST = 64
#: Steps that wait go out together, in one write a client, as far as they are no larger than this.
TOGETHER_MOST_BYTES = 32 * 1024
_DONE = object()


@dataclass(frozen=True, slots=True)
class _Step:
    """One frame for everybody; `event` where it is one, and then it depends on where the client stands. `here` is what
    the channel shows with it."""

    number: int
    here: Position
    frame: Frame
    event: EventFrame | None = None
    is_snapshot: bool = False

    @property
    def hurries(self) -> bool:
        return self.event is not None or self.is_snapshot


class Channel:
    """`state` is what its followers have once all is written, `as_of` the place in the log that it shows.

    A follower is level (it needs every step to come, and stands where the channel stands), apart (see `Membership`), or
    lagging (it gets nothing until it has drained).
    """

    def __init__(self, state: dict[str, Any], as_of: Position, now_s: float) -> None:
        self.idle_since_s: float | None = now_s
        self._state, self._as_of = state, as_of
        self._position = self._floor = as_of
        self._level: dict[Client, None] = {}
        self._apart: dict[Client, Membership] = {}
        self._lagging: dict[Client, float] = {}
        self._numbers = itertools.count(1)
        self._number = 0
        self._kept: deque[_Step] = deque()
        self._steps: deque[_Step] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._hurries = False
        self._snapshot: Frame | None = None

    def __len__(self) -> int:
        return len(self._level) + len(self._apart) + len(self._lagging)

    @property
    def lagging(self) -> Collection[Client]:
        """Who is skipped until it has drained, and since when."""
        return self._lagging

    # What happens

    def happened(self, here: Position, event: dict[str, Any], state: dict[str, Any]) -> None:
        frame = EventFrame(here, self._position.seq, event, diff(self._state, state))
        self._show(state, here)
        self._position = here
        self._send(frame.frame, frame)

    def changed(self, as_of: Position, state: dict[str, Any]) -> None:
        """Counts, waits, opening: nothing that moves the position."""
        patch = diff(self._state, state)
        self._as_of = as_of
        self._snapshot = None
        if patch:
            self._show(state, as_of)
            self._send(frames.estimates(as_of, patch))

    def reshaped(self, as_of: Position, state: dict[str, Any]) -> None:
        """Everything may be another: all get a snapshot, and nobody can resume from before."""
        self._show(state, as_of)
        self._start_over()

    def beat(self, frame: Frame) -> None:
        self._send(frame, keep=False)

    # Who follows

    def join(self, client: Client, since: Position | None, hello: Callable[[bool], Frame]) -> None:
        """Sends what was missed since the client's position, or a snapshot; before it `hello`, asked which it is."""
        self.idle_since_s = None
        missed = None if since is None else self._missed(since)
        client.write(hello(missed is not None))
        if missed is None or since is None:
            self._catch_up(client)
        else:
            self._replay(client, since, missed)

    def leave(self, client: Client, now_s: float) -> None:
        self._level.pop(client, None)
        self._apart.pop(client, None)
        self._lagging.pop(client, None)
        if not len(self):
            self.idle_since_s = now_s

    def caught_up(self, client: Client) -> None:
        """The client has drained: the newest snapshot brings it back."""
        if self._lagging.pop(client, None) is not None:
            self._catch_up(client)

    def cut_laggards(self, before_s: float) -> None:
        for client in [client for client, since_s in self._lagging.items() if since_s < before_s]:
            client.end(Close.TOO_SLOW, "too slow")

    def stop(self) -> None:
        if self._pump:
            self._pump.cancel()

    def _show(self, state: dict[str, Any], as_of: Position) -> None:
        self._state, self._as_of, self._snapshot = state, as_of, None

    def _start_over(self) -> None:
        self._position = self._floor = self._as_of
        self._kept.clear()
        self._steps.clear()
        self._send(self._snapshot_frame(), keep=False, is_snapshot=True)

    def _snapshot_frame(self) -> Frame:
        if self._snapshot is None:
            self._snapshot = frames.snapshot(self._as_of, self._state)
        return self._snapshot

    def _catch_up(self, client: Client) -> None:
        if client.write(self._snapshot_frame()):
            self._place(client, None if self._as_of == self._position else self._as_of.seq)
        else:
            self._skip(client)

    def _place(self, client: Client, at: int | None) -> None:
        """It has everything up to now, also what others are still to be sent."""
        if at is None and self._pump is None:
            self._level[client] = None
        else:
            self._apart[client] = Membership(self._number, at)

    def _skip(self, client: Client) -> None:
        self._level.pop(client, None)
        self._apart.pop(client, None)
        self._lagging[client] = asyncio.get_running_loop().time()

    def _missed(self, since: Position) -> list[_Step] | None:
        """Steps after that position, None when not all are known. Replaying estimates twice does no harm."""
        if not self._floor <= since <= self._as_of or since.epoch != self._as_of.epoch:
            return None
        steps: list[_Step] = []
        for step in reversed(self._kept):
            if step.event and step.here <= since:
                break
            steps.append(step)
        return steps[::-1]

    def _replay(self, client: Client, since: Position, missed: list[_Step]) -> None:
        at: int | None = since.seq
        for step in missed:
            frame = step.frame
            if step.event:
                frame, at = step.event.after(step.event.prev if at is None else at), None
            if not client.write(frame):
                self._skip(client)
                return
        self._place(client, None if at == self._position.seq else at)

    # How it is written

    def _send(
        self, frame: Frame, event: EventFrame | None = None, *, keep: bool = True, is_snapshot: bool = False
    ) -> None:
        self._number = next(self._numbers)
        step = _Step(self._number, self._as_of, frame, event, is_snapshot)
        if keep:
            self._keep(step)
        self._steps.append(step)
        if self._pump is None:
            turns = self._turns()
            if next(turns, _DONE) is not _DONE:
                self._pump = asyncio.create_task(self._go_on(turns))
        elif len(self._steps) > STEPS_WAITING_MOST:
            self._start_over()

    def _keep(self, step: _Step) -> None:
        self._kept.append(step)
        if len(self._kept) > KEPT:
            dropped = self._kept.popleft()
            self._floor = dropped.here if dropped.event else replace(dropped.here, seq=dropped.here.seq + 1)

    def _turns(self) -> Iterator[None]:
        """Writes what waits, and pauses after each slice."""
        while self._steps:
            steps = self._next_steps()
            self._hurries = any(step.hurries for step in steps)
            level, apart = list(self._level), list(self._apart)
            frame = frames.together([step.frame for step in steps])
            for start in range(0, len(level), SLICE):
                if start:
                    yield
                for client in [c for c in level[start : start + SLICE] if not c.write(frame)]:
                    self._skip(client)
            for start in range(0, len(apart), SLICE):
                if start:
                    yield
                for client in apart[start : start + SLICE]:
                    self._bring_up(client, steps)
            if self._steps:
                yield

    def _next_steps(self) -> list[_Step]:
        steps = [self._steps.popleft()]
        size = len(steps[0].frame.json)
        while self._steps and (size := size + len(self._steps[0].frame.json)) <= TOGETHER_MOST_BYTES:
            steps.append(self._steps.popleft())
        return steps

    def _bring_up(self, client: Client, steps: list[_Step]) -> None:
        member = self._apart.get(client)
        if member is None:
            return
        for step in steps:
            if member.joined < step.number and not client.write(self._frame_for(member, step)):
                self._skip(client)
                return
        if member.at is None and member.joined <= steps[-1].number:
            del self._apart[client]
            self._level[client] = None

    async def _go_on(self, turns: Iterator[None]) -> None:
        try:
            for _ in turns:
                await asyncio.sleep(0 if self._hurries or self._steps else PAUSE_S)
        finally:
            self._pump = None

    def _frame_for(self, member: Membership, step: _Step) -> Frame:
        at = member.at
        if step.event or step.is_snapshot:
            member.at = None
        return step.event.after(at) if step.event and at is not None else step.frame

"""One view of one zone and all who follow it: what they have, what they missed, what comes next."""

import asyncio
import itertools
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from queue_core.domain.views.patch import diff
from queue_core.live import frames
from queue_core.live.client import Client, Membership
from queue_core.live.codes import Close
from queue_core.live.frames import EventFrame, Frame, Position

#: Writes in a row before others get their turn: about 5 ms.
SLICE = 500
#: Steps kept for clients that come back; a lobby's calls of some minutes.
KEPT = 256
#: Steps that wait while a very large audience is being written to; then everybody gets a snapshot instead.
STEPS_WAITING_MOST = 64
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


class Channel:
    """`state` is what its followers have once all is written, `as_of` the place in the log that it shows."""

    def __init__(self, state: dict[str, Any], as_of: Position, now_s: float) -> None:
        self.idle_since_s: float | None = now_s
        self._state, self._as_of = state, as_of
        self._position = self._floor = as_of
        self._members: dict[Client, Membership] = {}
        self._lagging: dict[Client, Membership] = {}
        self._numbers = itertools.count(1)
        self._number = 0
        self._kept: deque[_Step] = deque()
        self._steps: deque[_Step] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._snapshot: Frame | None = None

    def __len__(self) -> int:
        return len(self._members) + len(self._lagging)

    @property
    def lagging(self) -> Collection[Client]:
        """Who is skipped until it has drained."""
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

    def join(self, client: Client, since: Position | None, hello: Frame, resumed_hello: Frame) -> None:
        """Sends what was missed since the client's position, or a snapshot."""
        member = Membership(client)
        self._members[client] = member
        self.idle_since_s = None
        missed = None if since is None else self._missed(since)
        client.write(resumed_hello if missed is not None else hello)
        if missed is None or since is None:
            self._catch_up(member)
            return
        member.joined = self._number
        self._replay(member, since, missed)

    def leave(self, client: Client, now_s: float) -> None:
        self._members.pop(client, None)
        self._lagging.pop(client, None)
        if not len(self):
            self.idle_since_s = now_s

    def caught_up(self, client: Client) -> None:
        """The client has drained: the newest snapshot brings it back."""
        if member := self._lagging.pop(client, None):
            self._members[client] = member
            member.lags_since_s = None
            self._catch_up(member)

    def cut_laggards(self, before_s: float) -> None:
        for client, member in list(self._lagging.items()):
            if member.lags_since_s is not None and member.lags_since_s < before_s:
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

    def _catch_up(self, member: Membership) -> None:
        member.joined = self._number
        member.at = None if self._as_of == self._position else self._as_of.seq
        self._write(member, self._snapshot_frame())

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

    def _replay(self, member: Membership, since: Position, missed: list[_Step]) -> None:
        at: int | None = since.seq
        for step in missed:
            if step.event:
                self._write(member, step.event.after(step.event.prev if at is None else at))
                at = None
            else:
                self._write(member, step.frame)
        member.at = None if at == self._position.seq else at

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
        """Writes what waits, step by step, and pauses after each slice."""
        while self._steps:
            step = self._steps.popleft()
            for n, member in enumerate(list(self._members.values()), 1):
                if member.joined < step.number and member.lags_since_s is None:
                    self._hand(member, step)
                if n % SLICE == 0:
                    yield

    async def _go_on(self, turns: Iterator[None]) -> None:
        try:
            for _ in turns:
                await asyncio.sleep(0)
        finally:
            self._pump = None

    def _hand(self, member: Membership, step: _Step) -> None:
        frame = step.frame
        if step.event or step.is_snapshot:
            if step.event and member.at is not None:
                frame = step.event.after(member.at)
            member.at = None
        self._write(member, frame)

    def _write(self, member: Membership, frame: Frame) -> None:
        client = member.client
        if not client.write(frame) and member.lags_since_s is None:
            member.lags_since_s = asyncio.get_running_loop().time()
            self._members.pop(client, None)
            self._lagging[client] = member

"""A printer without paper: it listens on TCP, understands tickets, answers as printers do, and can be as ill as they.

What it prints are pictures. `wartezone printer fake` is one to try a kiosk with.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from PIL.Image import Image, frombytes

from ticket_kiosk.printers.status import Ask
from ticket_kiosk.printers.stream import Command, Cut, Feed, Question, Raster, Stray, Stream

_CHUNK_BYTES = 4096
_FEED_DOTS = 34
#: Of the event loop, from a connection that is there to the one who is told of it; one to spare.
_ACCEPTING_TURNS = 4
#: As fast as a slow one prints: 60 mm a second at 8 dots a millimetre.
_SLOW_DOTS_PER_S = 480


class Mood(StrEnum):
    """OFFLINE: nobody listens. DEAD: somebody listens, and that is all. PLAIN: well, but knows no question in turn.
    HANGS: answers at once that it is well, and gets to nothing.
    JAM, VANISH and RUNS_OUT begin within a ticket: it falls silent, closes the connection, has no more paper."""

    OK = "ok"
    LOW = "low"
    OUT = "out"
    COVER = "cover"
    OFFLINE = "offline"
    DEAD = "dead"
    JAM = "jam"
    VANISH = "vanish"
    SLOW = "slow"
    RUNS_OUT = "runs-out"
    PLAIN = "plain"
    HANGS = "hangs"


_STOPPED = frozenset({Mood.OUT, Mood.COVER, Mood.HANGS})
_MID_TICKET = frozenset({Mood.JAM, Mood.VANISH, Mood.RUNS_OUT})
_FIXED = 0b0001_0010
_REAL_TIME = {
    Mood.OUT: {Ask.PRINTER: 0b1000, Ask.OFFLINE_CAUSE: 0b10_0000, Ask.PAPER: 0b110_1100},
    Mood.COVER: {Ask.PRINTER: 0b1000, Ask.OFFLINE_CAUSE: 0b100},
    Mood.LOW: {Ask.PAPER: 0b1100},
}
_IN_TURN = {Mood.LOW: 0b0011, Mood.OUT: 0b1111}


@dataclass(eq=False)
class FakePrinter:
    """`tickets` are the pictures cut off so far, `strays` bytes that belong to no ticket. `told` hears of each ticket,
    `began` of its first dots, as they arrive. What was sent waits in its memory while it has no paper, and is printed
    later, as with real ones."""

    mood: Mood = Mood.OK
    save: Path | None = None
    told: Callable[[str], None] = lambda _: None
    began: Callable[[], None] = lambda: None
    tickets: list[Image] = field(default_factory=list)
    strays: list[int] = field(default_factory=list)
    _has_been_cut: bool = True
    _rows: list[Image] = field(default_factory=list)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _memory: asyncio.Queue[tuple[Command, asyncio.StreamWriter]] = field(default_factory=asyncio.Queue)
    _talks: dict[asyncio.Task[None], asyncio.StreamWriter] = field(default_factory=dict)
    _listening: asyncio.Server | None = None
    _working: asyncio.Task[None] | None = None
    _address: tuple[str, int] = ("127.0.0.1", 0)

    @property
    def port(self) -> int:
        return self._address[1]

    @property
    def is_mid_ticket(self) -> bool:
        return bool(self._rows)

    @property
    def _is_stuck(self) -> bool:
        return self.mood is Mood.DEAD or (self.mood is Mood.JAM and self.is_mid_ticket)

    async def listen(self, host: str, port: int) -> None:
        """Raises `OSError`. Port 0: any that is free, and the same from then on."""
        self._listening = await asyncio.start_server(self._meet, host, port, start_serving=False)
        await self._listening.start_serving()
        self._address = (host, self._listening.sockets[0].getsockname()[1])
        self._working = asyncio.create_task(self._work())
        await self.become(self.mood)

    async def become(self, mood: Mood) -> None:
        async with self._changed:
            if self.mood is Mood.JAM:
                self._rows.clear()
            self.mood = mood
            self._changed.notify_all()
        if mood is Mood.OFFLINE:
            await self.close()
        elif self._listening is None:
            await self.listen(*self._address)

    async def close(self) -> None:
        """As if unplugged: what it had in its memory is gone."""
        listening, working = self._listening, self._working
        self._listening = self._working = None
        if listening is None or working is None:
            return
        await _accepted(listening)
        listening.close()
        working.cancel()
        for writer in self._talks.values():
            writer.transport.abort()
        await asyncio.gather(working, *self._talks, return_exceptions=True)
        self._memory, self._rows = asyncio.Queue(), []

    def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Known from the first moment on: whoever comes just when it is unplugged is hung up on, too."""
        if self._listening is None:
            writer.transport.abort()
            return
        talk = asyncio.create_task(self._talk(reader, writer))
        self._talks[talk] = writer
        talk.add_done_callback(self._talks.pop)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Questions in real time are answered here; what has to wait its turn goes into the memory."""
        stream = Stream()
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(_CHUNK_BYTES):
                self._hear(data, stream, writer)
        writer.transport.abort()

    def _hear(self, data: bytes, stream: Stream, writer: asyncio.StreamWriter) -> None:
        if self.mood is Mood.DEAD:
            return
        for ask in stream.asked_at_once(data):
            self._say(writer, _FIXED | _REAL_TIME.get(self.mood, {}).get(ask, 0))
        for command in stream.commands(data):
            if isinstance(command, Raster) and self._has_been_cut:
                self.began()
            self._has_been_cut = isinstance(command, Cut) or (self._has_been_cut and not isinstance(command, Raster))
            self._memory.put_nowait((command, writer))

    async def _work(self) -> None:
        """Carries out what was sent, in order, whoever sent it; stands still where a printer would."""
        while True:
            command, writer = await self._memory.get()
            if self.mood in _MID_TICKET and self._rows and isinstance(command, Raster | Cut):
                await self._fall_ill(writer)
            async with self._changed:
                await self._changed.wait_for(lambda: self.mood not in _STOPPED)
            if self._is_stuck or (self.mood is Mood.VANISH and writer.is_closing()):
                continue
            if self.mood is Mood.SLOW and isinstance(command, Raster):
                await asyncio.sleep(command.rows / _SLOW_DOTS_PER_S)
            self._do(command, writer)

    async def _fall_ill(self, writer: asyncio.StreamWriter) -> None:
        if self.mood is Mood.RUNS_OUT:
            await self.become(Mood.OUT)
        elif self.mood is Mood.VANISH:
            self._rows.clear()
            writer.transport.abort()

    def _do(self, command: Command, writer: asyncio.StreamWriter) -> None:
        if isinstance(command, Raster):
            size = (8 * command.width_bytes, command.rows)
            self._rows.append(frombytes("1", size, bytes(255 - dots for dots in command.dots)))
        elif isinstance(command, Feed) and self._rows:
            self._rows.append(_white(self._rows[0].width, _FEED_DOTS * command.lines))
        elif isinstance(command, Cut):
            self._cut()
        elif isinstance(command, Question) and self.mood is not Mood.PLAIN:
            self._say(writer, _IN_TURN.get(self.mood, 0))
        elif isinstance(command, Stray):
            self.strays.append(command.byte)

    def _cut(self) -> None:
        ticket = _joined(self._rows)
        self._rows.clear()
        if ticket is None:
            return
        self.tickets.append(ticket)
        name = f"ticket-{len(self.tickets):03d}.png"
        if self.save:
            ticket.save(self.save / name)
        self.told(f"{name}: {ticket.width} x {ticket.height} dots")

    def _say(self, writer: asyncio.StreamWriter, answer: int) -> None:
        """Who has hung up is not told."""
        if not self._is_stuck and not writer.is_closing():
            writer.write(bytes((answer,)))


async def _accepted(listening: asyncio.Server) -> None:
    """Takes nobody any more, and lets those in who are on the threshold: asyncio never closes a connection whose
    server closes between accepting it and making its transport."""
    for each in listening.sockets:
        asyncio.get_running_loop().remove_reader(each.fileno())
    for _ in range(_ACCEPTING_TURNS):
        await asyncio.sleep(0)


def _white(width: int, height: int) -> Image:
    return frombytes("1", (width, height), b"\xff" * (-(-width // 8) * height))


def _joined(parts: list[Image]) -> Image | None:
    if not parts:
        return None
    whole = _white(parts[0].width, sum(part.height for part in parts))
    top = 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height
    return whole


@contextlib.asynccontextmanager
async def fake_printer(
    host: str = "127.0.0.1", port: int = 0, mood: Mood = Mood.OK, save: Path | None = None
) -> AsyncIterator[FakePrinter]:
    printer = FakePrinter(mood, save)
    await printer.listen(host, port)
    try:
        yield printer
    finally:
        await printer.close()

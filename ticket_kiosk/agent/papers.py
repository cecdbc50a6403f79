"""Tickets on paper: one job for one ticket, journaled before the printer hears of it, and the printer's own word after.

What was under way when the agent died is unknown, and stays so: nobody prints it again by himself.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from queue_core.domain.devices import PrinterPlace
from queue_core.real_clock import real_ms
from ticket_kiosk.agent.ledger import Kind, Ledger, Paper, PaperState
from ticket_kiosk.printers.port import Paper as Roll
from ticket_kiosk.printers.port import Printed, Printer, PrinterState
from ticket_kiosk.receipt import Line, line_of

if TYPE_CHECKING:
    from ticket_kiosk.paper import Style

log = logging.getLogger(__name__)

Value = TypeVar("Value")

_JOB_BYTES = 9
#: Older than two looks a word is none: whoever wants a paper then asks the printer himself.
_FRESH_S = 10.0
#: A paper whose fate nobody knows is staff's business for so long; later nobody stands there any more.
UNKNOWN_FOR_MS = 15 * 60_000
_KILLED = "killed"
_FAULT = "fault"
_COPIED = "copied"


@dataclass(frozen=True, slots=True)
class Press:
    """A printer that was opened, and how its tickets look."""

    place: PrinterPlace
    printer: Printer
    style: "Style"


def _opened(address: str) -> Printer:
    from ticket_kiosk.printers import opened

    return opened(address)


class Papers:
    def __init__(
        self, ledger: Ledger, changed: Callable[[], None] = lambda: None, opens: Callable[[str], Printer] = _opened
    ) -> None:
        self._ledger, self._changed, self._opens = ledger, changed, opens
        self._press: Press | None = None
        self._said, self._said_s = PrinterState(), float("-inf")
        self._looking: asyncio.Future[PrinterState] | None = None
        self._turn = asyncio.Lock()
        self._turned = asyncio.Condition()
        self._thread = ThreadPoolExecutor(1, "printer")
        self._under_way: set[asyncio.Task[None]] = set()
        self._hangs_half = False
        for paper in list(ledger.papers.values()):
            if paper.state is PaperState.PRINTING:
                self._conclude(paper, PaperState.UNKNOWN, _KILLED)
                self._hangs_half = True

    def use(self, place: PrinterPlace | None, folder: Path) -> None:
        """The printer from now on; the same one is not opened twice, for what it has shown of itself goes with it.
        Raises `WartezoneError` for one that cannot be."""
        if place == self.place:
            return
        before = self._press
        if before and place and place.address == before.place.address:
            self._press = Press(place, before.printer, _style(place, folder))
            return
        self._press = Press(place, self._opens(place.address), _style(place, folder)) if place else None
        self._said_s = float("-inf")

    @property
    def place(self) -> PrinterPlace | None:
        return self._press.place if self._press else None

    @property
    def said(self) -> PrinterState:
        """What the printer said last."""
        return self._said

    @property
    def word(self) -> str:
        """The same in one word, as the page has it."""
        return word_of(self._said) if self._press else "none"

    def facts(self, now_ms: int) -> dict[str, int]:
        papers = self._ledger.papers.values()
        fresh = [p for p in papers if p.state is PaperState.UNKNOWN and p.at_ms > now_ms - UNKNOWN_FOR_MS]
        return {"printing": sum(p.state is PaperState.PRINTING for p in papers), "unknown": len(fresh)}

    def begin(self, key: str, lines: list[dict[str, Any]]) -> Paper | None:
        """The ticket's one paper: begun now, or whatever became of it; None without a printer."""
        known = self._ledger.paper_of(key)
        if known or self._press is None:
            return known
        job = secrets.token_urlsafe(_JOB_BYTES)
        self._note(job, key, PaperState.PRINTING, lines=lines)
        self._print(job)
        return self._ledger.papers[job]

    def again(self, job: str) -> Paper | None:
        """Another try of what was refused, and of nothing else; None for a job that nobody knows."""
        paper = self._ledger.papers.get(job)
        if paper and paper.state is PaperState.REFUSED and self._press:
            self._note(job, paper.key, PaperState.PRINTING)
            self._print(job, by_hand=True)
        return paper

    async def other_than(self, job: str, known: str, within_s: float) -> Paper | None:
        """The job once its state is another one, or as it is after a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s), self._turned:
                await self._turned.wait_for(
                    lambda: (p := self._ledger.papers.get(job)) is None or p.state.value != known
                )
        return self._ledger.papers.get(job)

    async def print_once(self, lines: Sequence[Line]) -> Printed:
        """A paper that is nobody's first: a copy or a test. Not journaled as a ticket's."""
        if self._press is None:
            return Printed.REFUSED
        return await self._pressed(self._press, lines, by_hand=True)

    def replaced(self, ticket: str) -> None:
        """Staff have decided: a copy of this ticket is in somebody's hand, so nobody asks about its paper any more."""
        for paper in list(self._ledger.papers.values()):
            answer = self._ledger.draws[paper.key].answer if paper.key in self._ledger.draws else None
            if paper.state is PaperState.UNKNOWN and ticket and f".{ticket}." in ((answer or {}).get("url") or ""):
                self._note(paper.job, paper.key, PaperState.PRINTED, _COPIED)

    async def look(self) -> None:
        """Asks the printer how it is; one that has a ticket tells by that."""
        press = self._press
        if press is None or self._turn.locked() or self._is_looking:
            return
        self._looking = self._in_thread(press.printer.state)
        said = await self._looking
        self._take(press, said)

    async def close(self) -> None:
        """What is under way ends: a printer is not left in the middle of a ticket."""
        await asyncio.gather(*self._under_way, return_exceptions=True)
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _take(self, press: Press, said: PrinterState) -> None:
        if self._press is None or press.printer is not self._press.printer:
            return
        before, self._said, self._said_s = self.word, said, time.monotonic()
        if self.word != before:
            self._changed()

    def _print(self, job: str, by_hand: bool = False) -> None:
        assert self._press is not None
        task = asyncio.create_task(self._followed(job, self._press, by_hand))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _followed(self, job: str, press: Press, by_hand: bool) -> None:
        paper = self._ledger.papers[job]
        lines = [line_of(record) for record in paper.lines]
        try:
            printed = await self._pressed(press, lines, by_hand)
        except Exception:  # the printer's own faults are answers: this one is ours
            log.exception("a ticket could not be printed")
            printed = Printed.UNKNOWN
        self._conclude(paper, PaperState(printed.value), self._reason(printed))
        self._changed()
        async with self._turned:
            self._turned.notify_all()
        if printed is Printed.UNKNOWN:
            await self.look()

    async def _pressed(self, press: Press, lines: Sequence[Line], by_hand: bool) -> Printed:
        """After a paper of which nobody knows how much came out, the next one begins with a cut: nobody shall hold two
        numbers. Who draws does not wait for a printer that was silent just now; who asks for a paper `by_hand` may have
        mended it."""
        async with self._turn:
            if not by_hand and await self._is_silent():
                return Printed.REFUSED
            printed, said = await self._in_thread(_printed, press, lines, self._hangs_half)
            self._take(press, said)
            if printed is not Printed.REFUSED:
                self._hangs_half = printed is Printed.UNKNOWN
            return printed

    def _reason(self, printed: Printed) -> str:
        word = self.word
        if printed is Printed.PRINTED:
            return ""
        return word if word not in ("ready", "low") else _FAULT if printed is Printed.REFUSED else ""

    async def _is_silent(self) -> bool:
        """By its last word, or by the one that it is being asked for."""
        if not self._was_silent and self._looking and self._is_looking:
            await asyncio.wait([self._looking])
        return self._was_silent

    @property
    def _is_looking(self) -> bool:
        return self._looking is not None and not self._looking.done()

    @property
    def _was_silent(self) -> bool:
        return not self._said.online and time.monotonic() - self._said_s < _FRESH_S

    def _in_thread(self, call: Callable[..., Value], *arguments: Any) -> asyncio.Future[Value]:
        return asyncio.get_running_loop().run_in_executor(self._thread, call, *arguments)

    def _conclude(self, paper: Paper, state: PaperState, reason: str) -> None:
        """Holds for as long as we live also where the disk takes no more; the next start then finds it unknown."""
        try:
            self._note(paper.job, paper.key, state, reason)
        except OSError:
            log.exception("what became of a paper cannot be noted")
            paper.state, paper.reason = state, reason

    def _note(self, job: str, key: str, state: PaperState, reason: str = "", lines: Any = None) -> None:
        told = {"kind": Kind.PAPER, "of": key, "job": job, "state": state.value, "reason": reason}
        self._ledger.note(told if lines is None else {**told, "lines": lines}, now_ms=real_ms())


def word_of(said: PrinterState) -> str:
    if not said.online:
        return "offline"
    if said.cover_open:
        return "cover"
    if said.paper is Roll.OUT:
        return "out"
    if said.fault:
        return _FAULT
    return "low" if said.paper is Roll.LOW else "ready"


def records_of(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [asdict(line) for line in lines]


def _style(place: PrinterPlace, folder: Path) -> "Style":
    """A logo that cannot be used keeps nobody from a ticket."""
    from ticket_kiosk.paper import LogoUnusable, Style, style_of

    try:
        return style_of(place, folder)
    except LogoUnusable as e:
        log.warning("%s", e)
        return Style(place.width_dots)


def _printed(press: Press, lines: Sequence[Line], after_half: bool) -> tuple[Printed, PrinterState]:
    from ticket_kiosk.paper import picture

    return press.printer.print(picture(lines, press.style), after_half), press.printer.said

"""Nobody who draws waits for a printer that is known to be silent, nor behind a look at it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest_asyncio
from PIL.Image import Image

from queue_core.domain.devices import PrinterPlace
from tests.support.eventually import eventually
from ticket_kiosk.agent.journal import Journal
from ticket_kiosk.agent.ledger import Ledger
from ticket_kiosk.agent.papers import Papers
from ticket_kiosk.printers.port import Paper, Printed, PrinterState

WELL, SILENT = PrinterState(True, Paper.OK), PrinterState()
COVER = PrinterState(True, Paper.OK, cover_open=True)


@dataclass
class Slow:
    """A printer that takes as long for its word as the test wants."""

    will_say: PrinterState = WELL
    said: PrinterState = SILENT
    looks: int = 0
    prints: int = 0
    answers: Event = field(default_factory=Event)

    def state(self) -> PrinterState:
        self.looks += 1
        self.answers.wait(20)
        self.said = self.will_say
        return self.said

    def print(self, picture: Image, after_half: bool = False) -> Printed:
        assert (picture.mode, after_half) == ("1", False)
        self.prints += 1
        self.said = self.will_say
        return Printed.PRINTED if self.said.ready else Printed.REFUSED


@dataclass
class Desk:
    """`looking` is a look that has begun; the printer answers once `printer.answers` is set."""

    papers: Papers
    printer: Slow

    async def looking(self) -> "asyncio.Task[None]":
        before = self.printer.looks
        look = asyncio.create_task(self.papers.look())
        await eventually(lambda: self.printer.looks > before)
        return look

    async def has_said(self, word: PrinterState) -> None:
        self.printer.will_say = word
        self.printer.answers.set()
        await self.papers.look()
        self.printer.answers.clear()

    async def verdict(self, job: str) -> tuple[str, str]:
        paper = await self.papers.other_than(job, "printing", 20)
        assert paper is not None
        return paper.state.value, paper.reason

    def drawn(self) -> str:
        paper = self.papers.begin("k1", [])
        assert paper is not None
        return paper.job


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    printer, journal = Slow(), Journal(tmp_path / "journal.jsonl")
    papers = Papers(Ledger(journal), opens=lambda _: printer)
    papers.use(PrinterPlace("tcp://printer"), tmp_path)
    yield Desk(papers, printer)
    printer.answers.set()
    await papers.close()
    journal.close()


async def test_a_printer_that_was_silent_is_not_waited_for_again(desk: Desk) -> None:
    await desk.has_said(SILENT)
    look = await desk.looking()
    assert await desk.verdict(desk.drawn()) == ("refused", "offline")
    assert (look.done(), desk.printer.prints) == (False, 0)
    desk.printer.answers.set()
    await look


async def test_a_look_under_way_that_finds_it_silent_is_word_enough(desk: Desk) -> None:
    await desk.has_said(WELL)
    desk.printer.will_say = SILENT
    look = await desk.looking()
    job = desk.drawn()
    desk.printer.answers.set()
    assert await desk.verdict(job) == ("refused", "offline")
    assert desk.printer.prints == 0
    await look


async def test_a_look_under_way_that_finds_it_well_is_followed_by_the_ticket(desk: Desk) -> None:
    look = await desk.looking()
    job = desk.drawn()
    desk.printer.answers.set()
    assert await desk.verdict(job) == ("printed", "")
    await look


async def test_a_refusal_says_why_without_another_look(desk: Desk) -> None:
    await desk.has_said(WELL)
    desk.printer.will_say = COVER
    assert await desk.verdict(desk.drawn()) == ("refused", "cover")
    assert (desk.printer.looks, desk.papers.word) == (1, "cover")


async def test_who_asks_by_hand_is_not_told_an_old_word(desk: Desk) -> None:
    await desk.has_said(SILENT)
    job = desk.drawn()
    assert await desk.verdict(job) == ("refused", "offline")
    desk.printer.will_say = WELL
    desk.papers.again(job)
    assert await desk.verdict(job) == ("printed", "")


async def test_a_printer_that_nobody_has_looked_at_is_asked_itself(desk: Desk) -> None:
    assert await desk.verdict(desk.drawn()) == ("printed", "")


async def test_new_texts_on_paper_make_no_new_printer_of_it(desk: Desk, tmp_path: Path) -> None:
    await desk.has_said(SILENT)
    desk.papers.use(PrinterPlace("tcp://printer", width_dots=384), tmp_path)
    assert await desk.verdict(desk.drawn()) == ("refused", "offline")
    desk.printer.will_say = WELL
    desk.papers.use(PrinterPlace("tcp://another"), tmp_path)
    paper = desk.papers.begin("k2", [])
    assert paper is not None
    assert await desk.verdict(paper.job) == ("printed", "")

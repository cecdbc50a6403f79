"""A printer's word over real TCP, in every mood: printed, refused or unknown, and never two papers."""

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.support.eventually import eventually
from tests.ticket_kiosk.printers.pictures import SentOnly, ticket
from ticket_kiosk.printers.address import TcpAddress
from ticket_kiosk.printers.escpos import EscposPrinter
from ticket_kiosk.printers.fake import FakePrinter, Mood, fake_printer
from ticket_kiosk.printers.language import Language, harmless
from ticket_kiosk.printers.line import Patience
from ticket_kiosk.printers.port import Paper, Printed, PrinterState

pytestmark = pytest.mark.slow

#: For printers that will never answer.
SHORT = Patience(answer_s=0.4, idle_s=0.3, dots_per_s=4800, overdue_s=0.3)


async def printed(fake: FakePrinter, patience: Patience | None = None, height: int = 300) -> Printed:
    printer = EscposPrinter(TcpAddress("127.0.0.1", fake.port), patience)
    return await asyncio.to_thread(printer.print, ticket(height))


async def state(fake: FakePrinter, patience: Patience | None = None) -> PrinterState:
    return await asyncio.to_thread(EscposPrinter(TcpAddress("127.0.0.1", fake.port), patience).state)


def is_whole(paper: Image.Image, height: int = 300) -> bool:
    return paper.crop((0, 0, paper.width, height)).tobytes() == harmless(ticket(height)).tobytes()


class TestState:
    @pytest.mark.parametrize(
        ("mood", "said"),
        [
            (Mood.OK, PrinterState(True, Paper.OK)),
            (Mood.LOW, PrinterState(True, Paper.LOW)),
            (Mood.OUT, PrinterState(True, Paper.OUT)),
            (Mood.COVER, PrinterState(True, Paper.OK, True)),
        ],
    )
    async def test_it_is_what_the_printer_says(self, mood: Mood, said: PrinterState) -> None:
        async with fake_printer(mood=mood) as fake:
            assert await state(fake) == said

    @pytest.mark.parametrize("mood", [Mood.OFFLINE, Mood.DEAD])
    async def test_a_dead_printer_has_no_paper_to_speak_of(self, mood: Mood) -> None:
        async with fake_printer(mood=mood) as fake:
            assert await state(fake, SHORT) == PrinterState(online=False, paper=Paper.UNKNOWN)


class TestPrinted:
    @pytest.mark.parametrize("mood", [Mood.OK, Mood.LOW, Mood.SLOW])
    async def test_a_cut_that_the_printer_confirms_is_printed_once_and_whole(self, mood: Mood) -> None:
        async with fake_printer(mood=mood) as fake:
            assert await printed(fake) is Printed.PRINTED
            assert [is_whole(paper) for paper in fake.tickets] == [True]
            assert fake.strays == []

    async def test_a_printer_that_knows_no_question_in_turn_is_believed_when_it_is_well_afterwards(self) -> None:
        async with fake_printer(mood=Mood.PLAIN) as fake:
            assert await printed(fake, Patience(idle_s=0.2, dots_per_s=4800)) is Printed.PRINTED
            await eventually(lambda: len(fake.tickets) == 1)

    async def test_a_real_ticket_of_some_length_arrives_as_it_was_drawn(self) -> None:
        async with fake_printer() as fake:
            assert await printed(fake, height=1500) is Printed.PRINTED
            assert is_whole(fake.tickets[0], 1500)

    async def test_two_at_once_come_one_after_the_other(self) -> None:
        async with fake_printer() as fake:
            printer = EscposPrinter(TcpAddress("127.0.0.1", fake.port))
            both = [asyncio.to_thread(printer.print, ticket()) for _ in range(2)]
            assert await asyncio.gather(*both) == [Printed.PRINTED] * 2
            assert [is_whole(paper) for paper in fake.tickets] == [True, True]


class TestRefused:
    @pytest.mark.parametrize("mood", [Mood.OUT, Mood.COVER, Mood.OFFLINE, Mood.DEAD])
    async def test_what_cannot_print_is_sent_nothing(self, mood: Mood) -> None:
        async with fake_printer(mood=mood) as fake:
            assert await printed(fake, SHORT) is Printed.REFUSED
            await fake.become(Mood.OK)
            assert await printed(fake) is Printed.PRINTED
            assert len(fake.tickets) == 1

    async def test_one_that_still_prints_another_ticket_takes_none(self) -> None:
        async with fake_printer() as fake:
            printer = EscposPrinter(TcpAddress("127.0.0.1", fake.port), SHORT)
            assert await asyncio.to_thread(printer.print, ticket()) is Printed.PRINTED
            await fake.become(Mood.SLOW)
            said = [await asyncio.to_thread(printer.print, ticket(600)) for _ in range(2)]
            assert said == [Printed.UNKNOWN, Printed.REFUSED]
            await eventually(lambda: len(fake.tickets) == 2)

    async def test_nobody_there_is_refused(self) -> None:
        async with fake_printer() as fake:
            await fake.close()
            assert await printed(fake, SHORT) is Printed.REFUSED


class TestUnknown:
    @pytest.mark.parametrize("mood", [Mood.JAM, Mood.VANISH, Mood.RUNS_OUT])
    async def test_what_falls_ill_within_a_ticket_leaves_it_unknown(self, mood: Mood) -> None:
        async with fake_printer(mood=mood) as fake:
            assert await printed(fake, SHORT) is Printed.UNKNOWN
            assert fake.tickets == []

    async def test_paper_that_ran_out_says_so_afterwards_and_its_rest_comes_with_the_new_roll(self) -> None:
        async with fake_printer(mood=Mood.RUNS_OUT) as fake:
            assert await printed(fake, SHORT) is Printed.UNKNOWN
            assert (await state(fake)).paper is Paper.OUT
            await fake.become(Mood.OK)
            await eventually(lambda: len(fake.tickets) == 1)
            assert is_whole(fake.tickets[0])

    @pytest.mark.parametrize(
        ("mood", "said"),
        [
            (Mood.JAM, PrinterState()),
            (Mood.RUNS_OUT, PrinterState(True, Paper.OUT)),
            (Mood.SLOW, PrinterState(True, Paper.OK, fault="busy")),
        ],
    )
    async def test_its_last_word_says_why(self, mood: Mood, said: PrinterState) -> None:
        async with fake_printer(mood=mood) as fake:
            printer = EscposPrinter(TcpAddress("127.0.0.1", fake.port), SHORT)
            assert await asyncio.to_thread(printer.print, ticket(600)) is Printed.UNKNOWN
            assert printer.said == said

    async def test_a_printer_that_is_slower_than_anybody_waits_is_unknown_and_prints_once(self) -> None:
        async with fake_printer(mood=Mood.SLOW) as fake:
            assert await printed(fake, SHORT, height=600) is Printed.UNKNOWN
            await eventually(lambda: len(fake.tickets) == 1)


class TestNoLongerInTurn:
    """Of a printer that has answered in turn before."""

    @pytest.mark.parametrize("mood", [Mood.HANGS, Mood.PLAIN])
    async def test_it_says_busy_and_is_given_nothing(self, mood: Mood) -> None:
        async with fake_printer() as fake:
            printer = await met(fake)
            await fake.become(mood)
            assert await asyncio.to_thread(printer.state) == PrinterState(True, Paper.OK, fault="busy")
            assert await asyncio.to_thread(printer.print, ticket()) is Printed.REFUSED
            assert printer.said.fault == "busy"
            await fake.become(Mood.OK)
            assert (await asyncio.to_thread(printer.state)).ready
            assert await asyncio.to_thread(printer.print, ticket()) is Printed.PRINTED
            assert len(fake.tickets) == 2

    async def test_another_one_in_its_place_is_met_anew(self) -> None:
        async with fake_printer() as fake:
            printer = await met(fake)
            await unplugged(printer, fake, Mood.PLAIN)
            assert (await asyncio.to_thread(printer.state)).ready
            assert await asyncio.to_thread(printer.print, ticket()) is Printed.PRINTED
            await eventually(lambda: len(fake.tickets) == 2)

    async def test_one_that_hung_before_it_was_unplugged_is_never_believed(self) -> None:
        async with fake_printer() as fake:
            printer = await met(fake)
            await fake.become(Mood.HANGS)
            await asyncio.to_thread(printer.state)
            await unplugged(printer, fake, Mood.HANGS)
            assert (await asyncio.to_thread(printer.state)).fault == "busy"
            assert await asyncio.to_thread(printer.print, ticket()) is Printed.REFUSED
            assert len(fake.tickets) == 1

    async def test_one_that_was_unplugged_within_a_ticket_is_never_believed(self) -> None:
        async with fake_printer() as fake:
            printer = await met(fake)
            await fake.become(Mood.JAM)
            assert await asyncio.to_thread(printer.print, ticket()) is Printed.UNKNOWN
            await unplugged(printer, fake, Mood.PLAIN)
            assert await asyncio.to_thread(printer.print, ticket()) is Printed.REFUSED


async def met(fake: FakePrinter) -> EscposPrinter:
    """Whoever is away at all was unplugged."""
    printer = EscposPrinter(TcpAddress("127.0.0.1", fake.port), replace(SHORT, gone_s=0.0))
    assert await asyncio.to_thread(printer.print, ticket()) is Printed.PRINTED
    return printer


async def unplugged(printer: EscposPrinter, fake: FakePrinter, comes_back: Mood) -> None:
    await fake.become(Mood.OFFLINE)
    assert not (await asyncio.to_thread(printer.state)).online
    await fake.become(comes_back)


class TestTheFakeItself:
    async def test_its_tickets_are_kept_as_files(self, tmp_path: Path) -> None:
        async with fake_printer(save=tmp_path) as fake:
            await printed(fake)
        with Image.open(tmp_path / "ticket-001.png") as kept:
            assert is_whole(kept)

    async def test_it_comes_back_where_it_was(self) -> None:
        async with fake_printer() as fake:
            port = fake.port
            await fake.become(Mood.OFFLINE)
            await fake.become(Mood.OK)
            assert fake.port == port
            assert (await state(fake)).ready

    async def test_after_a_jam_the_next_ticket_is_whole(self) -> None:
        async with fake_printer(mood=Mood.JAM) as fake:
            await printed(fake, SHORT)
            await fake.become(Mood.OK)
            assert await printed(fake) is Printed.PRINTED
            assert [is_whole(paper) for paper in fake.tickets] == [True]


async def test_what_hangs_out_is_cut_off_before_the_next_ticket() -> None:
    """Whoever sent it died in between; without anything hanging out the cut leaves no paper."""
    async with fake_printer() as fake:
        fake_line = socket.create_connection(("127.0.0.1", fake.port))
        with fake_line:
            Language(SentOnly(fake_line)).image(ticket(128))
            await eventually(lambda: fake.is_mid_ticket)
        printer = EscposPrinter(TcpAddress("127.0.0.1", fake.port))
        for _ in range(2):
            assert await asyncio.to_thread(printer.print, ticket(), True) is Printed.PRINTED
        half, *whole = fake.tickets
        assert is_whole(half, 128)
        assert [is_whole(paper) for paper in whole] == [True, True]

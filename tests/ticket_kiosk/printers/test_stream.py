"""The bytes of a ticket, cut into commands, however they arrive."""

import pytest

from ticket_kiosk.printers.status import Ask
from ticket_kiosk.printers.stream import Command, Cut, Feed, Plain, Question, Raster, Stray, Stream

TICKET = b"\x1b@" + b"\x1dv0\x00\x02\x00\x03\x00abcdef" + b"\x1bd\x06" + b"\x1dV\x00" + b"\x1dr\x01"
COMMANDS = [Plain(), Raster(2, 3, b"abcdef"), Feed(6), Cut(), Question()]


def read(stream: Stream, *chunks: bytes) -> list[Command]:
    return [command for chunk in chunks for command in stream.commands(chunk)]


def test_a_ticket_is_read() -> None:
    assert read(Stream(), TICKET) == COMMANDS


@pytest.mark.parametrize("at", range(1, len(TICKET)))
def test_it_may_arrive_in_two_parts(at: int) -> None:
    assert read(Stream(), TICKET[:at], TICKET[at:]) == COMMANDS


def test_a_cut_with_a_feed_is_one_command() -> None:
    assert read(Stream(), b"\x1dVB\x00\n") == [Cut(), Feed(1)]


def test_what_belongs_to_no_ticket_is_seen() -> None:
    assert read(Stream(), b"A\x1bZx") == [Stray(ord("A")), Stray(0x1B), Stray(ord("Z")), Stray(ord("x"))]


def test_a_question_in_real_time_is_heard_within_a_picture_too() -> None:
    stream, data = Stream(), b"\x1dv0\x00\x02\x00\x03\x00ab\x10\x04\x02f"
    assert stream.asked_at_once(data) == [Ask.OFFLINE_CAUSE]
    assert read(stream, data) == [Raster(2, 3, b"ab\x10\x04\x02f")]


def test_a_question_in_real_time_is_heard_once_however_it_is_cut() -> None:
    for at in range(7):
        stream, data = Stream(), b"\x10\x04\x01\x10\x04\x04"
        assert stream.asked_at_once(data[:at]) + stream.asked_at_once(data[at:]) == [Ask.PRINTER, Ask.PAPER]

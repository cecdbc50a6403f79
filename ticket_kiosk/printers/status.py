"""What ESC/POS printers answer, byte by byte. Pure.

DLE EOT n is answered at once, out of turn, by whatever still lives in the printer. GS r 1 waits in the same line as the
data: its answer says that all before it has been carried out.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import IntEnum

from ticket_kiosk.printers.port import Paper, PrinterState


class Ask(IntEnum):
    """The n of DLE EOT n."""

    PRINTER = 1
    OFFLINE_CAUSE = 2
    ERROR_CAUSE = 3
    PAPER = 4


IN_TURN = b"\x1dr\x01"
#: From here on it speaks only when it is asked.
NOTHING_UNASKED = b"\x1da\x00"
#: The fault of one that is well and does not get to what it was asked in turn.
BUSY = "busy"

_REAL_TIME_FIXED, _REAL_TIME_VALUE = 0b1001_0011, 0b0001_0010
_IN_TURN_FIXED = 0b1001_0000

_OFFLINE = 0b0000_1000
_COVER_OPEN = 0b0000_0100
_STOPPED_FOR_PAPER = 0b0010_0000
_ERROR = 0b0100_0000
_CUTTER = 0b0000_1000
_UNRECOVERABLE = 0b0010_0000
_RECOVERS_ALONE = 0b0100_0000
_NEAR_END = 0b0000_1100
_END = 0b0110_0000
_IN_TURN_NEAR_END = 0b0000_0011
_IN_TURN_END = 0b0000_1100


def real_time(ask: Ask) -> bytes:
    return bytes((0x10, 0x04, ask))


def is_real_time(answer: int) -> bool:
    """An answer to DLE EOT has bits 1 and 4 set, 0 and 7 not."""
    return answer & _REAL_TIME_FIXED == _REAL_TIME_VALUE


def is_in_turn(answer: int) -> bool:
    """An answer to GS r has bits 4 and 7 unset."""
    return answer & _IN_TURN_FIXED == 0


def is_offline(answer: int) -> bool:
    """Of an answer to DLE EOT 1: it has stopped, whatever for."""
    return bool(answer & _OFFLINE)


def state_of(answers: Mapping[Ask, int]) -> PrinterState:
    """Of a printer that answered these; whoever answered nothing is not online, and nothing else is known of it."""
    if Ask.PRINTER not in answers:
        return PrinterState()
    cause, error = answers.get(Ask.OFFLINE_CAUSE, 0), answers.get(Ask.ERROR_CAUSE, 0)
    cover, paper = bool(cause & _COVER_OPEN), _paper(answers.get(Ask.PAPER), bool(cause & _STOPPED_FOR_PAPER))
    fault = _fault(error) or ("error" if cause & _ERROR else "")
    if is_offline(answers[Ask.PRINTER]) and not cover and not fault and paper is not Paper.OUT:
        fault = "offline"
    return PrinterState(True, paper, cover, fault)


def after(state: PrinterState, answer: int) -> PrinterState:
    """The state with what the answer in turn adds: paper may have run out since."""
    return replace(state, paper=Paper.OUT) if answer & _IN_TURN_END == _IN_TURN_END else state


def _paper(answer: int | None, stopped: bool) -> Paper:
    if answer is None:
        return Paper.OUT if stopped else Paper.UNKNOWN
    if stopped or answer & _END == _END:
        return Paper.OUT
    return Paper.LOW if answer & _NEAR_END == _NEAR_END else Paper.OK


def _fault(error: int) -> str:
    if error & _CUTTER:
        return "cutter"
    if error & _UNRECOVERABLE:
        return "unrecoverable"
    return "too hot" if error & _RECOVERS_ALONE else ""

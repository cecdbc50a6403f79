"""A printer that speaks ESC/POS: looks, prints, and believes only what it is told afterwards.

docs/decisions/0024-what-a-printers-word-proves.md says what each answer proves.
"""

from collections.abc import Callable
from contextlib import closing
from threading import Lock
from time import monotonic

from PIL.Image import Image

from ticket_kiosk.printers.address import TcpAddress, UsbAddress
from ticket_kiosk.printers.language import Language
from ticket_kiosk.printers.line import Line, Patience, PrinterSilent, line_to
from ticket_kiosk.printers.port import Printed, PrinterState
from ticket_kiosk.printers.status import IN_TURN, Ask, after, is_in_turn, is_real_time, real_time, state_of


class EscposPrinter:
    """Threads take turns: two tickets never mix."""

    def __init__(self, address: TcpAddress | UsbAddress, patience: Patience | None = None) -> None:
        self._address = address
        self._patience = patience or Patience()
        self._turn = Lock()
        self._knows_turns = False

    def state(self) -> PrinterState:
        with self._turn:
            try:
                with closing(line_to(self._address, self._patience.answer_s)) as line:
                    return _look(line, self._patience)
            except PrinterSilent:
                return PrinterState()

    def print(self, picture: Image, after_half: bool = False) -> Printed:
        with self._turn:
            try:
                line = line_to(self._address, self._patience.answer_s)
            except PrinterSilent:
                return Printed.REFUSED
            with closing(line):
                language = Language(line)
                if not self._takes_a_ticket(line, language):
                    return Printed.REFUSED
                return self._sent(line, language, picture, after_half)

    def _takes_a_ticket(self, line: Line, language: Language) -> bool:
        """Nothing of the ticket is sent yet. One that knows turns and does not answer has something else to print."""
        try:
            if not _look(line, self._patience).ready:
                return False
            language.ready_to_answer()
            answered = _in_turn(line, self._patience.idle_s) is not None
        except PrinterSilent:
            return False
        busy = self._knows_turns and not answered
        self._knows_turns |= answered
        return not busy

    def _sent(self, line: Line, language: Language, picture: Image, after_half: bool) -> Printed:
        """From the first byte on nobody can say that nothing was printed."""
        paper_s = picture.height / self._patience.dots_per_s
        try:
            language.ticket(picture, after_half)
            if self._knows_turns:
                said = _in_turn(line, paper_s + self._patience.answer_s)
            else:
                said = _settled(line, paper_s + self._patience.idle_s)
            is_well = said is not None and after(_look(line, self._patience), said).ready
        except PrinterSilent:
            return Printed.UNKNOWN
        return Printed.PRINTED if is_well else Printed.UNKNOWN


def _in_turn(line: Line, within_s: float) -> int | None:
    """The answer to a question that waits behind everything sent before; None: not answered."""
    line.send(IN_TURN)
    return _answer(line, is_in_turn, within_s)


def _settled(line: Line, after_s: float) -> int:
    """For a printer that does not know that question: as long as a slow one takes, in which it must not go away."""
    until_s = monotonic() + after_s
    while monotonic() < until_s:
        line.heard(until_s)
    return 0


def _look(line: Line, patience: Patience) -> PrinterState:
    """First whether it is there at all: one that is not has no paper to speak of."""
    answers: dict[Ask, int] = {}
    for ask in Ask:
        _forget(line)
        line.send(real_time(ask))
        answer = _answer(line, is_real_time, patience.answer_s if ask is Ask.PRINTER else patience.idle_s)
        if answer is not None:
            answers[ask] = answer
        elif ask is Ask.PRINTER:
            break
    return state_of(answers)


def _forget(line: Line) -> None:
    """What was said before the question is no answer to it."""
    while line.heard(monotonic()):
        continue


def _answer(line: Line, fits: Callable[[int], bool], within_s: float) -> int | None:
    until_s = monotonic() + within_s
    while heard := line.heard(until_s):
        for answer in heard:
            if fits(answer):
                return answer
    return None

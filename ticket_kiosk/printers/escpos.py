"""A printer that speaks ESC/POS: looks, prints, and believes only what it is told afterwards.

docs/decisions/0024-what-a-printers-word-proves.md says what each answer proves.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from threading import Lock
from time import monotonic

from PIL.Image import Image

from ticket_kiosk.printers.address import TcpAddress, UsbAddress
from ticket_kiosk.printers.language import Language
from ticket_kiosk.printers.line import Line, Patience, PrinterSilent, line_to
from ticket_kiosk.printers.port import Printed, PrinterState
from ticket_kiosk.printers.status import (
    BUSY,
    IN_TURN,
    NOTHING_UNASKED,
    Ask,
    after,
    is_in_turn,
    is_offline,
    is_real_time,
    real_time,
    state_of,
)
from ticket_kiosk.printers.turns import Turns

#: Before a ticket that it may still be printing, and after it.
_LETS_OUT = 2


class EscposPrinter:
    """Threads take turns: two tickets never mix."""

    def __init__(self, address: TcpAddress | UsbAddress, patience: Patience | None = None) -> None:
        self._address = address
        self._patience = patience or Patience()
        self._turn = Lock()
        self._turns = Turns(self._patience.gone_s)
        self._said = PrinterState()

    @property
    def said(self) -> PrinterState:
        return self._said

    def state(self) -> PrinterState:
        with self._turn:
            try:
                with closing(line_to(self._address, self._patience.answer_s)) as line:
                    return self._seen(line, self._turns.known)
            except PrinterSilent:
                return self._away()

    def print(self, picture: Image, after_half: bool = False) -> Printed:
        with self._turn:
            try:
                line = line_to(self._address, self._patience.answer_s)
            except PrinterSilent:
                self._away()
                return Printed.REFUSED
            with closing(line):
                if not self._takes_a_ticket(line):
                    return Printed.REFUSED
                return self._sent(line, picture, after_half)

    def _takes_a_ticket(self, line: Line) -> bool:
        """Nothing of the ticket is sent yet."""
        try:
            return self._seen(line, in_turn=True).ready
        except PrinterSilent:
            return self._away().ready

    def _away(self) -> PrinterState:
        self._turns.away(monotonic())
        self._said = PrinterState()
        return self._said

    def _seen(self, line: Line, in_turn: bool) -> PrinterState:
        """One that knows turns and does not answer has something else to print, or hangs."""
        state = _look(line, self._patience)
        if not state.online:
            return self._away()
        self._turns.there()
        if state.ready and in_turn and not self._answers_in_turn(line) and self._turns.known:
            state = replace(state, fault=BUSY)
        self._said = state
        return state

    def _answers_in_turn(self, line: Line) -> bool:
        line.send(NOTHING_UNASKED)
        asked = _asked_anew if self._turns.may_answer_late else _asked
        answered = asked(line, self._patience.idle_s)
        if answered:
            self._turns.answered()
        else:
            self._turns.silent(monotonic())
        return answered

    def _sent(self, line: Line, picture: Image, after_half: bool) -> Printed:
        """From the first byte on nobody can say that nothing was printed."""
        self._turns.owes()
        paper_s = picture.height / self._patience.dots_per_s
        try:
            Language(line).ticket(picture, after_half)
            said = self._confirmed(line, paper_s) if self._turns.known else _settled(line, paper_s, self._patience)
        except PrinterSilent:
            said = None
        self._said = said or PrinterState()
        return Printed.PRINTED if said and said.ready else Printed.UNKNOWN

    def _confirmed(self, line: Line, paper_s: float) -> PrinterState:
        """How it is after the ticket; busy: well, but not at the ticket's end."""
        line.send(IN_TURN)
        answer = _answer(line, is_in_turn, paper_s)
        if answer is None:
            answer = _overdue(line, self._patience)
        if answer is not None:
            self._turns.answered()
            return after(_look(line, self._patience), answer)
        now = _look(line, self._patience)
        return replace(now, fault=BUSY) if now.ready else now


def _asked(line: Line, within_s: float) -> bool:
    """Whether it answers in turn."""
    line.send(IN_TURN)
    return _answer(line, is_in_turn, within_s) is not None


def _asked_anew(line: Line, within_s: float) -> bool:
    """The same of one that may still have answers to give to earlier questions: none of them shall be taken for the
    word on a ticket, so all are let out first."""
    for _ in range(_LETS_OUT):
        if not _asked(line, within_s):
            return False
        _listen(line, monotonic() + within_s)
    return True


def _listen(line: Line, until_s: float) -> None:
    while monotonic() < until_s:
        line.heard(until_s)


def _overdue(line: Line, patience: Patience) -> int | None:
    """The answer in turn of one that should have come to it by now; who is ill is not waited for. Raises
    `PrinterSilent` where nothing at all is answered any more."""
    line.send(real_time(Ask.PRINTER))
    end_s = monotonic() + patience.answer_s
    until_s, lives = monotonic() + patience.overdue_s, False
    while heard := line.heard(until_s):
        for answer in heard:
            if is_in_turn(answer):
                return answer
            if is_real_time(answer) and is_offline(answer):
                return None
            until_s, lives = end_s, True
    if not lives:
        raise PrinterSilent("it fell silent within a ticket")
    return None


def _settled(line: Line, paper_s: float, patience: Patience) -> PrinterState:
    """For a printer that does not know that question: as long as a slow one takes, in which it must not go away."""
    _listen(line, monotonic() + paper_s + patience.idle_s)
    return _look(line, patience)


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

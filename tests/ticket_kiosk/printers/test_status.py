"""What printers answer, bit by bit."""

import pytest

from ticket_kiosk.printers.port import Paper, PrinterState
from ticket_kiosk.printers.status import Ask, after, is_in_turn, is_real_time, real_time, state_of

WELL = dict.fromkeys(Ask, 0x12)


def test_a_question_in_real_time_is_three_bytes() -> None:
    assert real_time(Ask.PAPER) == b"\x10\x04\x04"


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        pytest.param(WELL, PrinterState(True, Paper.OK), id="well"),
        pytest.param({}, PrinterState(), id="silent: nothing is known, least of all paper"),
        pytest.param({Ask.PAPER: 0x12}, PrinterState(), id="paper alone is no printer"),
        pytest.param({Ask.PRINTER: 0x12}, PrinterState(True, Paper.UNKNOWN), id="says nothing of paper"),
        pytest.param(WELL | {Ask.PAPER: 0x1E}, PrinterState(True, Paper.LOW), id="paper low"),
        pytest.param(WELL | {Ask.PRINTER: 0x1A, Ask.PAPER: 0x7E}, PrinterState(True, Paper.OUT), id="paper out"),
        pytest.param(WELL | {Ask.OFFLINE_CAUSE: 0x32}, PrinterState(True, Paper.OUT), id="stopped for paper"),
        pytest.param(
            WELL | {Ask.PRINTER: 0x1A, Ask.OFFLINE_CAUSE: 0x16}, PrinterState(True, Paper.OK, True), id="cover open"
        ),
        pytest.param(WELL | {Ask.ERROR_CAUSE: 0x1A}, PrinterState(True, Paper.OK, False, "cutter"), id="cutter"),
        pytest.param(WELL | {Ask.ERROR_CAUSE: 0x32}, PrinterState(True, Paper.OK, False, "unrecoverable"), id="broken"),
        pytest.param(WELL | {Ask.ERROR_CAUSE: 0x52}, PrinterState(True, Paper.OK, False, "too hot"), id="hot"),
        pytest.param(WELL | {Ask.OFFLINE_CAUSE: 0x52}, PrinterState(True, Paper.OK, False, "error"), id="some error"),
        pytest.param(WELL | {Ask.PRINTER: 0x1A}, PrinterState(True, Paper.OK, False, "offline"), id="does not say why"),
    ],
)
def test_answers_are_read(answers: dict[Ask, int], state: PrinterState) -> None:
    assert state_of(answers) == state


def test_only_a_printer_that_is_there_with_paper_and_without_fault_is_ready() -> None:
    assert state_of(WELL).ready
    assert state_of(WELL | {Ask.PAPER: 0x1E}).ready
    assert not state_of({Ask.PRINTER: 0x12}).ready
    assert not state_of(WELL | {Ask.PRINTER: 0x1A}).ready


def test_the_two_kinds_of_answers_are_told_apart() -> None:
    assert [value for value in range(256) if is_real_time(value) and is_in_turn(value)] == []
    assert is_real_time(0x7E)
    assert is_in_turn(0x0F)
    assert not is_real_time(0x13), "XOFF"


def test_paper_that_ran_out_since_is_out() -> None:
    assert after(state_of(WELL), 0x0C).paper is Paper.OUT
    assert after(state_of(WELL), 0x03).paper is Paper.OK

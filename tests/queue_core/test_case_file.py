"""A case system's file becomes news, or faults with their lines that tell neither number nor PIN."""

from zoneinfo import ZoneInfo

import pytest

from queue_core.case_file import case_news
from queue_core.casework.casework import Pushed
from queue_core.domain.cases import News
from queue_core.table_file import FileInvalid
from tests.support.cases import DAY_MS, MONDAY_MS, NUMBER, PIN, RULES

HEADER = "case,stage,updated_at,pin,kind,next_step,documents_missing\n"
BERLIN = ZoneInfo("Europe/Berlin")
AT = "2026-11-23T08:00:00+01:00"


def read(*lines: str) -> list[Pushed]:
    content = (HEADER + "".join(f"{line}\n" for line in lines)).encode()
    return case_news(content, "list.csv", RULES, BERLIN, MONDAY_MS + 30 * DAY_MS)


def faults(*lines: str) -> list[str]:
    with pytest.raises(FileInvalid) as found:
        read(*lines)
    return [str(fault) for fault in found.value.faults]


def test_a_line_becomes_news_of_a_case() -> None:
    [pushed] = read(f"12345-BG-0067890,checking,{AT},{PIN},renewal,send,lease payslip")
    assert pushed.number == NUMBER
    assert pushed.pin == PIN
    assert (pushed.news.stage, pushed.news.kind, pushed.news.next_step) == ("checking", "renewal", "send")
    assert pushed.news.documents == ("lease", "payslip")


def test_a_time_without_an_offset_is_the_sites() -> None:
    plain, offset = read(f"{NUMBER},checking,2026-11-23T08:00,,,,", f"OTHER,checking,{AT},,,,")
    assert plain.news == offset.news
    assert isinstance(plain.news, News)


FAULTS = {
    "number": (f"=1,checking,{AT},,,,", "case is no number"),
    "pin": (f"{NUMBER},checking,{AT},123,,,", "pin is none"),
    "stage": (f"{NUMBER},chekcing,{AT},,,,", "stage 'chekcing' is unknown (did you mean checking?)"),
    "kind": (f"{NUMBER},checking,{AT},,none,,", "kind 'none' is unknown"),
    "document": (f"{NUMBER},checking,{AT},,,,lease pasport", "documents_missing 'pasport' is unknown"),
    "formula": (f'{NUMBER},"=cmd()",{AT},,,,', "stage '=cmd()' begins like a formula"),
    "time": (f"{NUMBER},checking,yesterday,,,,", "updated_at 'yesterday' is no time"),
    "no such day": (f"{NUMBER},checking,2026-02-30T08:00,,,,", "is no time"),
    "future": (f"{NUMBER},checking,2090-01-01T08:00,,,,", "is in the future"),
}


@pytest.mark.parametrize(("line", "told"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_told_with_its_line_and_names_no_case(line: str, told: str) -> None:
    [fault] = faults(line)
    assert fault.startswith("list.csv:2: ")
    assert told in fault
    assert NUMBER not in fault
    assert PIN not in fault


def test_a_case_that_stands_there_twice_is_a_fault_however_it_is_written() -> None:
    told = faults(f"{NUMBER},checking,{AT},,,,", f"12345 bg 0067890,deciding,{AT},,,,")
    assert told == ["list.csv:3: this case stands in line 2 already"]


def test_every_fault_is_told_at_once() -> None:
    assert [fault.split(": ")[0] for fault in faults("x,a,b,,,,", f"{NUMBER},checking,{AT},,,,", "y,a,b,,,,")] == [
        "list.csv:2",
        "list.csv:4",
    ]

"""Records of another system's file, CSV or JSONL: read whole, or every fault with its line."""

import pytest

from queue_core.table_file import Columns, FileInvalid, RowFault, require_plain, rows

COLUMNS = Columns(("id", "at"), ("note",))
FULL = {"id": "1", "at": "now", "note": ""}


def read(text: str | bytes, name: str = "list.csv", most: int = 10) -> list[tuple[int, dict[str, str]]]:
    content = text.encode() if isinstance(text, str) else text
    return [(line, dict(row)) for line, row in rows(content, name, COLUMNS, most)]


def fault(text: str | bytes, name: str = "list.csv", most: int = 10) -> str:
    with pytest.raises(FileInvalid) as found:
        read(text, name, most)
    return "; ".join(map(str, found.value.faults))


@pytest.mark.parametrize(
    "text",
    ["id,at\n1,now\n", "id;at\n1;now\n", "\ufeffid,at\r\n1,now\r\n", "AT, ID\nnow, 1\n", 'id,at\n"1",now'],
    ids=["comma", "semicolon", "windows", "other order", "quoted"],
)
def test_csv_is_read_as_spreadsheets_write_it(text: str) -> None:
    assert read(text) == [(2, FULL)]


def test_empty_lines_are_passed_over_and_lines_keep_their_numbers() -> None:
    assert [line for line, _ in read("id,at\n\n1,now\n,\n2,now\n")] == [3, 5]


def test_jsonl_is_read_with_lists_as_words() -> None:
    text = '{"id": "1", "at": "now", "note": ["a", "b"]}\n\n{"id": "2", "at": "then", "note": null}\n'
    assert read(text, "list.jsonl") == [
        (1, {"id": "1", "at": "now", "note": "a b"}),
        (3, {"id": "2", "at": "then", "note": ""}),
    ]


FAULTS = {
    "encoding": ("id,at\nM\u00fcller,now\n".encode("latin-1"), "list.csv:2: this is not UTF-8"),
    "header": ("id,when\n", "list.csv:1: the first line must be id,at,note"),
    "repeated column": ("id,at,at\n", "list.csv:1: the first line must be id,at,note"),
    "no header": ("", "list.csv:1: the first line must be id,at,note"),
    "too few cells": ("id,at\n1\n", "list.csv:2: 2 fields are wanted, not 1"),
    "open quote": ('id,at\n"1,now\n', "list.csv:2: "),
    "too many": ("id,at\n" + "1,now\n" * 11, "list.csv:12: at most 10"),
}


@pytest.mark.parametrize(("text", "told"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_with_csv_is_told_with_its_line(text: str | bytes, told: str) -> None:
    assert fault(text).startswith(told)


JSON_FAULTS = {
    "no json": ("{}\nnonsense\n", "list.jsonl:1: id is missing; list.jsonl:1: at is missing"),
    "broken": ('{"id": "1", "at": "x"}\n{"id"\n', "list.jsonl:2: this is no JSON"),
    "a list": ("[1]\n", "list.jsonl:1: an object is wanted"),
    "unknown field": ('{"id": "1", "at": "x", "name": "y"}\n', "list.jsonl:1: there is no field 'name'"),
    "a number": ('{"id": 1, "at": "x"}\n', "list.jsonl:1: id must be a text"),
}


@pytest.mark.parametrize(("text", "told"), JSON_FAULTS.values(), ids=JSON_FAULTS)
def test_what_is_wrong_with_jsonl_is_told_with_its_line(text: str, told: str) -> None:
    assert fault(text, "list.jsonl").startswith(told)


def test_a_fault_has_a_code_and_details_for_whoever_translates_it() -> None:
    with pytest.raises(FileInvalid) as found:
        read("id,at\n1\n")
    [told] = found.value.faults
    assert (told.line, told.wrong.code, told.details) == (2, "fields", {"wanted": 2, "found": 1})


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x"])
def test_a_formula_is_refused(cell: str) -> None:
    with pytest.raises(RowFault, match="formula"):
        require_plain({"id": cell})

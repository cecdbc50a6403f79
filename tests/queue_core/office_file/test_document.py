from pathlib import Path

import pytest

from queue_core.office_file.document import Document, read_document
from queue_core.office_file.fault import Fault
from tests.queue_core.office_file.files import ZONE, changed, line_of, zone_faults


def read(folder: Path, content: bytes) -> Document | Fault:
    (folder / "zone.toml").write_bytes(content)
    return read_document(folder / "zone.toml", "zone.toml")


@pytest.mark.parametrize(
    ("content", "line", "column", "message"),
    [
        (b"a = 1\nb = \n", 2, 5, "not TOML: invalid value (column 5)"),
        (b"a = 1\na = 2\n", 2, 6, "not TOML: cannot overwrite a value (column 6)"),
        (b"[zone\nid = 1\n", 1, 6, "not TOML: expected ']' at the end of a table declaration (column 6)"),
        (b'x = 1\na = "open', 2, 10, "not TOML: unterminated string at the end"),
        (b"a = 1\nb = '\xe4'\n", 2, None, "is not UTF-8: save it in that encoding"),
        (b"a = " + b"[" * 20_000, 1, None, "is nested too deeply"),
    ],
)
def test_what_is_no_toml_is_told_with_its_place(
    tmp_path: Path, content: bytes, line: int, column: int | None, message: str
) -> None:
    assert read(tmp_path, content) == Fault("zone.toml", line, column, (), message)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    fault = read_document(tmp_path, "folder.toml")
    assert fault == Fault("folder.toml", 1, None, (), "cannot be read: Is a directory")


def test_a_mark_that_windows_editors_put_first_is_no_fault(tmp_path: Path) -> None:
    document = read(tmp_path, b"\xef\xbb\xbfa = 1\r\n")
    assert isinstance(document, Document)
    assert document.data == {"a": 1}


def test_an_empty_file_has_no_entries(tmp_path: Path) -> None:
    document = read(tmp_path, b"")
    assert isinstance(document, Document)
    assert document.ids("service") == ()


@pytest.mark.parametrize(
    ("old", "new", "message", "suggestion"),
    [
        ('series = "a"', 'series = "a"\nvisit_minuts = 5', "unknown key 'visit_minuts'", "visit_minutes"),
        ("[hours]", "[ours]", "unknown key 'ours'", "hours"),
        ("mon = ", "monday = ", "unknown key 'monday'", "mon"),
        ('series = "a"', 'series = "a"\nhours.we = []', "unknown key 'we'", "wed"),
        ('series = "a"', 'series = "a"\nzzzzzz = 5', "unknown key 'zzzzzz'", None),
    ],
)
def test_an_unknown_key_is_told_with_the_one_that_was_meant(
    tmp_path: Path, old: str, new: str, message: str, suggestion: str | None
) -> None:
    zone = changed(ZONE, old, new)
    found = {(f.message, f.suggestion): f.line for f in zone_faults(tmp_path, zone)}
    assert found[message, suggestion] == line_of(zone, message.split("'")[1])


def test_a_missing_key_is_told_where_its_table_begins(tmp_path: Path) -> None:
    zone = changed(ZONE, 'series = "c"\n', "")
    (fault,) = zone_faults(tmp_path, zone)
    assert fault.message == "'series' is missing"
    assert fault.line == line_of(zone, 'id = "permit"') - 1


def test_a_table_in_one_bracket_that_needs_two_is_explained(tmp_path: Path) -> None:
    (fault,) = zone_faults(tmp_path, changed(ZONE, "[[counter]]", "[counter]"))
    assert fault.message == "write [[counter]], in two brackets: there may be several"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('quota = "many"', "quota: must be a valid integer, not 'many'"),
        ("quota = 1.5", "quota: must be a valid integer, not 1.5"),
        ("quota = true", "quota: must be a valid integer, not True"),
        ("quota = -1", "quota: must be greater than or equal to 0, not -1"),
        ("visit_minutes = 0", "visit_minutes: must be greater than 0, not 0"),
        ("visit_minutes = 1000", "visit_minutes: must be less than or equal to 480, not 1000"),
        ("visit_minutes = nan", "visit_minutes: must be a finite number, not nan"),
        ("head_start_minutes = { normal = -5 }", "normal: must be greater than or equal to 0, not -5"),
        ("info = 'words'", "info: must be a table: [name] or { key = value }, not 'words'"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_right(tmp_path: Path, line: str, message: str) -> None:
    zone = changed(ZONE, 'series = "a"', f'series = "a"\n{line}')
    (fault,) = zone_faults(tmp_path, zone)
    assert fault.message == message
    assert fault.line == line_of(zone, line)

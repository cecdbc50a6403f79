"""A file of another system with one record a line: CSV with a header, or JSONL. Every fault of it with its line.

UTF-8; the columns of CSV are separated by commas or semicolons. A fault tells itself in English; who translates it has
its code and details.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from queue_core.domain.errors import WartezoneError
from queue_core.spelling import did_you_mean

#: A spreadsheet would run what begins so.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_JSONL = (".jsonl", ".ndjson")


class Wrong(StrEnum):
    """What can be wrong with a file, as a sentence that the fault's details fill in. Each kind of file has its own."""

    @property
    def code(self) -> str:
        return self.name.lower()


class TableWrong(Wrong):
    NO_UTF8 = "this is not UTF-8; save the file in that encoding"
    HEADER = "the first line must be {columns}"
    FIELDS = "{wanted} fields are wanted, not {found}"
    TOO_MANY = "at most {most} {of} at once"
    NO_CSV = "{error}"
    NO_JSON = "this is no JSON: {error}"
    NO_OBJECT = "an object is wanted in each line"
    NO_FIELD = "{field} is missing"
    UNKNOWN_FIELD = "there is no field {field!r}"
    NO_TEXT = "{column} must be a text in quotes"
    FORMULA = "{column} {cell!r} begins like a formula"


@dataclass(frozen=True, slots=True)
class Fault:
    """`nearest` among the details is what was probably meant."""

    file: str
    line: int
    wrong: Wrong
    details: Mapping[str, Any]

    def __str__(self) -> str:
        told = self.wrong.format(**self.details)
        return f"{self.file}:{self.line}: {told}{did_you_mean(self.details.get('nearest'))}"


class FileInvalid(WartezoneError):
    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class RowFault(Exception):
    """What is wrong with a row."""

    def __init__(self, wrong: Wrong, **details: Any) -> None:
        super().__init__(wrong, details)
        self._wrong, self._details = wrong, details

    def at(self, file: str, line: int) -> Fault:
        return Fault(file, line, self._wrong, self._details)


@dataclass(frozen=True, slots=True)
class Columns:
    """The fields of a record, and what the records are. A list is one cell in CSV, its words separated by spaces."""

    wanted: Sequence[str]
    optional: Sequence[str] = ()
    of: str = "records"

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.wanted, *self.optional)


Row = Mapping[str, str]


def rows(content: bytes, name: str, columns: Columns, most: int) -> Iterator[tuple[int, Row]]:
    """Line number and cells by column, an optional one that is missing as an empty one. Raises `FileInvalid`."""
    text = _text(content, name)
    found = _json_rows(text, name, columns) if name.lower().endswith(_JSONL) else _csv_rows(text, name, columns)
    for n, (line, row) in enumerate(found, start=1):
        if n > most:
            raise _invalid(name, line, TableWrong.TOO_MANY, most=most, of=columns.of)
        yield line, {column: row.get(column, "").strip() for column in columns.all}


def require_plain(row: Row) -> None:
    """Raises `RowFault` for a cell that a spreadsheet would run."""
    for column, cell in row.items():
        if cell.startswith(FORMULA):
            raise RowFault(TableWrong.FORMULA, column=column, cell=cell)


def _invalid(name: str, line: int, wrong: Wrong, **details: Any) -> FileInvalid:
    return FileInvalid([Fault(name, line, wrong, details)])


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise _invalid(name, content[: e.start].count(b"\n") + 1, TableWrong.NO_UTF8) from e


def _csv_rows(text: str, name: str, columns: Columns) -> Iterator[tuple[int, Row]]:
    lines = text.splitlines(keepends=True)
    separator = ";" if lines and ";" in lines[0] else ","
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        header = _header(next(reader, []), name, columns)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise _invalid(name, reader.line_num, TableWrong.FIELDS, wanted=len(header), found=len(cells))
            yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as e:
        raise _invalid(name, reader.line_num, TableWrong.NO_CSV, error=str(e)) from e


def _header(cells: list[str], name: str, columns: Columns) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    missing = [column for column in columns.wanted if column not in header]
    if missing or set(header) - set(columns.all) or len(set(header)) < len(header):
        raise _invalid(name, 1, TableWrong.HEADER, columns=",".join(columns.all))
    return header


def _json_rows(text: str, name: str, columns: Columns) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as e:  # a number of thousands of digits is a ValueError
            raise _invalid(name, number, TableWrong.NO_JSON, error=str(e)) from e
        if not isinstance(record, dict):
            raise _invalid(name, number, TableWrong.NO_OBJECT)
        missing = [RowFault(TableWrong.NO_FIELD, field=field) for field in columns.wanted if field not in record]
        unknown = [RowFault(TableWrong.UNKNOWN_FIELD, field=field) for field in sorted(set(record) - set(columns.all))]
        if missing or unknown:
            raise FileInvalid([fault.at(name, number) for fault in (*missing, *unknown)])
        yield number, {column: _cell(value, name, number, column) for column, value in record.items()}


def _cell(value: object, name: str, line: int, column: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return " ".join(value)
    raise _invalid(name, line, TableWrong.NO_TEXT, column=column)

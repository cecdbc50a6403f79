"""A file of another system with one record a line: CSV with a header, or JSONL. Every fault of it with its line.

UTF-8; the columns of CSV are separated by commas or semicolons.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from queue_core.domain.errors import WartezoneError

#: A spreadsheet would run what begins so.
_FORMULA = ("=", "+", "-", "@")
_JSONL = (".jsonl", ".ndjson")


class FileInvalid(WartezoneError):
    """`faults` are lines for people: where, and what would be right."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class RowFault(Exception):
    """What is wrong with a row."""


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
            raise FileInvalid([f"{name}:{line}: at most {most} {columns.of} at once"])
        yield line, {column: row.get(column, "").strip() for column in columns.all}


def require_plain(row: Row) -> None:
    """Raises `RowFault` for a cell that a spreadsheet would run."""
    for column, cell in row.items():
        if cell.startswith(_FORMULA):
            raise RowFault(f"{column} {cell!r} begins like a formula")


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = content[: e.start].count(b"\n") + 1
        raise FileInvalid([f"{name}:{line}: this is not UTF-8; save the file in that encoding"]) from e


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
                raise FileInvalid([f"{name}:{reader.line_num}: {len(header)} fields are wanted, not {len(cells)}"])
            yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as e:
        raise FileInvalid([f"{name}:{reader.line_num}: {e}"]) from e


def _header(cells: list[str], name: str, columns: Columns) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    missing = [column for column in columns.wanted if column not in header]
    if missing or set(header) - set(columns.all) or len(set(header)) < len(header):
        raise FileInvalid([f"{name}:1: the first line must be {','.join(columns.all)}"])
    return header


def _json_rows(text: str, name: str, columns: Columns) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as e:
            raise FileInvalid([f"{name}:{number}: this is no JSON: {e}"]) from e
        if not isinstance(record, dict):
            raise FileInvalid([f"{name}:{number}: an object is wanted in each line"])
        missing = [column for column in columns.wanted if column not in record]
        unknown = sorted(set(record) - set(columns.all))
        if missing or unknown:
            raise FileInvalid([f"{name}:{number}: {_told(missing, unknown)}"])
        yield number, {column: _cell(value, name, number, column) for column, value in record.items()}


def _told(missing: list[str], unknown: list[str]) -> str:
    told = [f"{', '.join(missing)} is missing"] if missing else []
    return "; ".join([*told, *(f"there is no field {field!r}" for field in unknown)])


def _cell(value: object, name: str, line: int, column: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return " ".join(value)
    raise FileInvalid([f"{name}:{line}: {column} must be a text in quotes"])

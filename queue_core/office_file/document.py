"""One TOML file: its data, and faults that know where in it they lie."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from queue_core.office_file.fault import Fault, KeyPath
from queue_core.office_file.positions import Position, nearest_position, positions
from queue_core.office_file.values import TABLE_FAULT, VALUE_FAULT, Frame
from queue_core.spelling import nearest

Model = TypeVar("Model", bound=BaseModel)
SYNTAX_PLACE = re.compile(r" \((?:at line (\d+), column (\d+)|at end of document)\)$")
SUBJECT = re.compile(r"^\w+ should")
TABLE_WANTED = "must be a table: [name] or { key = value }"
DICT_KEY = "[key]"
SHOWN_CHARACTERS_MOST = 40


@dataclass(frozen=True, slots=True)
class Document:
    file: str
    data: Mapping[str, Any]
    positions: Mapping[KeyPath, Position]

    def fault(self, key: KeyPath, message: str, suggestion: str | None = None) -> Fault:
        at = nearest_position(self.positions, key)
        return Fault(self.file, at.line, at.column, key, message, suggestion)

    def validated(self, model: type[Model], data: object, frame: Frame, at: KeyPath = ()) -> Model | list[Fault]:
        """`data`, which stands at the path `at`, as a model, or everything that is wrong with it."""
        try:
            return model.model_validate(data, context=frame)
        except ValidationError as error:
            return [self._told(model, at, e) for e in error.errors(include_url=False)]

    def entries(self, table: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """The well-formed elements of `[[table]]` with their indices."""
        found = self.data.get(table)
        for index, entry in enumerate(found if isinstance(found, list) else ()):
            if isinstance(entry, dict):
                yield index, entry

    def ids(self, table: str) -> tuple[str, ...]:
        return tuple(e["id"] for _, e in self.entries(table) if isinstance(e.get("id"), str))

    def _told(self, model: type[BaseModel], at: KeyPath, error: ErrorDetails) -> Fault:
        within: KeyPath = tuple(part for part in error["loc"] if part != DICT_KEY)
        if error["type"] == "extra_forbidden":
            meant = nearest(str(within[-1]), _keys(model, within))
            return self.fault(at + within, f"unknown key {within[-1]!r}", meant)
        if error["type"] == "missing":
            return self.fault(at + within, f"{within[-1]!r} is missing")
        if error["type"] == "list_type" and len(within) == 1:
            return self.fault(at + within, f"write [[{within[0]}]], in two brackets: there may be several")
        if error["type"] in (VALUE_FAULT, TABLE_FAULT):
            context, name = error["ctx"], _name(within) if error["type"] == VALUE_FAULT else ""
            return self.fault(at + within, f"{name}{context['text']}", context["suggestion"])
        message = TABLE_WANTED if error["type"] in ("dict_type", "model_type") else SUBJECT.sub("must", error["msg"])
        message = message.replace(" after validation", "")
        return self.fault(at + within, f"{_name(within)}{message}{_but_is(error['input'])}")


def read_document(path: Path, file: str) -> Document | Fault:
    """The file at `path`, which is called `file` when it is talked about."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return Document(file, tomllib.loads(text), positions(text))
    except OSError as error:
        return Fault(file, 1, None, (), f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = 1 + error.object[: error.start].count(b"\n")
        return Fault(file, line, None, (), "is not UTF-8: save it in that encoding")
    except RecursionError:
        return Fault(file, 1, None, (), "is nested too deeply")
    except tomllib.TOMLDecodeError as error:
        return _syntax_fault(file, text, str(error))


def _syntax_fault(file: str, text: str, message: str) -> Fault:
    place = SYNTAX_PLACE.search(message)
    told = SYNTAX_PLACE.sub("", message)
    told = told[:1].lower() + told[1:]
    if place is None or place[1] is None:
        last = text.rstrip().rpartition("\n")
        return Fault(file, 1 + text.rstrip().count("\n"), len(last[2]) + 1, (), f"not TOML: {told} at the end")
    return Fault(file, int(place[1]), int(place[2]), (), f"not TOML: {told} (column {place[2]})")


def _name(within: KeyPath) -> str:
    names = [part for part in within if isinstance(part, str)]
    return f"{names[-1]}: " if names else ""


def _but_is(value: object) -> str:
    if isinstance(value, dict | list):
        return ""
    shown = repr(value)
    return f", not {shown}" if len(shown) <= SHOWN_CHARACTERS_MOST else ""


def _keys(model: type[BaseModel], within: KeyPath) -> frozenset[str]:
    """The keys that are known where `within` ends."""
    for part in within[:-1]:
        if isinstance(part, str):
            model = next(
                m for n, f in model.model_fields.items() if (f.alias or n) == part for m in _tables(f.annotation)
            )
    return frozenset(field.alias or name for name, field in model.model_fields.items())


def _tables(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models within a type such as `list[Model] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _tables(inner)

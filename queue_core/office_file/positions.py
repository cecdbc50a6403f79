"""Where each key of a TOML text stands.

The parsers at hand give positions for syntax errors only, so this walks a text that has already been parsed without
one: it need not judge, only find. It knows every form of a key: bare, quoted, dotted, in headers, in inline tables,
in arrays and in arrays of tables.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from queue_core.office_file.fault import KeyPath

TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|\#[^\n]*)
      | (?P<newline>\n)
      | (?P<string>\"{3}(?:[^\\]|\\.)*?\"{3,5} | '{3}.*?'{3,5} | "(?:[^"\\]|\\.)*" | '[^']*')
      | (?P<mark>[\[\]{}=,.])
      | (?P<bare>[^\s\#"'\[\]{}=,.]+)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Position:
    """Both count from 1; a column counts characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    offset: int


def positions(text: str) -> dict[KeyPath, Position]:
    """The position of every key and array element, by its path. `text` must be valid TOML."""
    scan = _Scan(text)
    scan.document()
    starts = [0, *(m.end() for m in re.finditer("\n", text))]
    return {path: _position(starts, offset) for path, offset in scan.offsets.items()}


def _position(starts: Sequence[int], offset: int) -> Position:
    line = bisect_right(starts, offset)
    return Position(line, offset - starts[line - 1] + 1)


def nearest_position(known: Mapping[KeyPath, Position], path: KeyPath) -> Position:
    """Of `path`, or of the innermost known key around it; the text's beginning when there is none."""
    while path and path not in known:
        path = path[:-1]
    return known.get(path, Position(1, 1))


class _Scan:
    def __init__(self, text: str) -> None:
        matches = TOKEN.finditer(text)
        tokens = [_Token(m.lastgroup or "", m.group(), m.start()) for m in matches if m.lastgroup != "space"]
        self._tokens = [*tokens, _Token("end", "", len(text))]
        self._at = 0
        self._elements: dict[KeyPath, int] = {}
        self.offsets: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        while self._skip_newlines().kind != "end":
            if self._peek().text == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> KeyPath:
        self._next()
        of_array = self._peek().text == "["
        if of_array:
            self._next()
        *parents, last = self._key()
        self._expect("]]" if of_array else "]")
        path: KeyPath = ()
        for part in parents:
            path = self._into((*path, part.text), part.offset)
        path = (*path, last.text)
        if not of_array:
            return self._into(path, last.offset)
        self._elements[path] = self._elements.get(path, -1) + 1
        return self._into(path, last.offset)

    def _into(self, path: KeyPath, offset: int) -> KeyPath:
        """Notes the key, and steps into the newest element where it is an array of tables."""
        self._note(path, offset)
        if path not in self._elements:
            return path
        element = (*path, self._elements[path])
        self._note(element, offset)
        return element

    def _pair(self, table: KeyPath) -> None:
        path = table
        for part in self._key():
            path = (*path, part.text)
            self._note(path, part.offset)
        self._expect("=")
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        if self._peek().text == "[":
            self._array(path)
        elif self._peek().text == "{":
            self._inline_table(path)
        else:
            while self._peek().kind not in ("newline", "end") and self._peek().text not in (",", "]", "}"):
                self._next()

    def _array(self, path: KeyPath) -> None:
        self._next()
        index = 0
        while self._skip_newlines().text != "]":
            if self._peek().text == ",":
                self._next()
                continue
            self._note((*path, index), self._peek().offset)
            self._value((*path, index))
            index += 1
        self._next()

    def _inline_table(self, path: KeyPath) -> None:
        self._next()
        while self._skip_newlines().text != "}":
            if self._peek().text == ",":
                self._next()
                continue
            self._pair(path)
        self._next()

    def _key(self) -> list[_Token]:
        """The parts of a key, each with its plain text."""
        parts = [self._plain(self._next())]
        while self._peek().text == ".":
            self._next()
            parts.append(self._plain(self._next()))
        return parts

    @staticmethod
    def _plain(token: _Token) -> _Token:
        if token.kind != "string":
            return token
        return _Token("bare", str(tomllib.loads(f"key = {token.text}")["key"]), token.offset)

    def _note(self, path: KeyPath, offset: int) -> None:
        self.offsets.setdefault(path, offset)

    def _peek(self) -> _Token:
        return self._tokens[self._at]

    def _next(self) -> _Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _skip_newlines(self) -> _Token:
        while self._peek().kind == "newline":
            self._next()
        return self._peek()

    def _expect(self, marks: str) -> None:
        for mark in marks:
            if self._next().text != mark:
                raise AssertionError(f"no {mark!r} where valid TOML has one")

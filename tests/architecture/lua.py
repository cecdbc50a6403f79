"""Lua moves as text: their headers and what their bodies carry.

A move's file begins with its contract:

    --[[ issue: draws a ticket in a service.
    ARGS
      service: id
      arrival_ms: UTC ms
    EVENTS issued
    ERRORS unknown_service, service_closed
    ]]
"""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source import ROOT

LUA = ROOT / "queue_core" / "store" / "lua"

_OPENING = re.compile(r"--\[\[ (?P<move>\w+): (?P<purpose>\S.*)")
_ARGUMENT = re.compile(r"  (?P<name>\w+): \S.*")
_COMMENT_OR_STRING = re.compile(r"--\[\[.*?\]\]|--[^\n]*|\"[^\"\n]*\"|'[^'\n]*'", re.DOTALL)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")


class BadHeader(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Header:
    move: str
    purpose: str
    arguments: tuple[str, ...]
    events: tuple[str, ...]
    errors: tuple[str, ...]


def move_files() -> list[Path]:
    return sorted(LUA.glob("*.lua"))


def shared_files() -> list[Path]:
    return sorted((LUA / "shared").glob("*.lua"))


def header_of(text: str) -> Header:
    """The contract at the top of a move; `BadHeader` says what is wrong with it."""
    lines = text.partition("]]")[0].splitlines()
    opening = _OPENING.fullmatch(lines[0].rstrip()) if lines else None
    if opening is None:
        raise BadHeader("begins with `--[[ <move>: <purpose>`")
    arguments: list[str] = []
    words: dict[str, tuple[str, ...]] = {}
    section = "purpose"
    for line in lines[1:]:
        section = _read_line(line.rstrip(), section, arguments, words)
    if missing := {"ARGS", "EVENTS", "ERRORS"} - words.keys():
        raise BadHeader(f"lacks {', '.join(sorted(missing))}")
    return Header(opening["move"], opening["purpose"], tuple(arguments), words["EVENTS"], words["ERRORS"])


def _read_line(line: str, section: str, arguments: list[str], words: dict[str, tuple[str, ...]]) -> str:
    keyword, _, rest = line.partition(" ")
    if keyword in {"ARGS", "EVENTS", "ERRORS"}:
        words[keyword] = _words(rest)
        return keyword
    if section == "ARGS" and (argument := _ARGUMENT.fullmatch(line)):
        arguments.append(argument["name"])
    elif section in {"EVENTS", "ERRORS"}:
        words[section] += _words(line)
    elif section == "ARGS" and not line.startswith("    "):
        raise BadHeader(f"an argument is `  name: meaning, unit`, not {line!r}")
    return section


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", text) if word not in {"", "-", "none"})


def code_of(text: str) -> str:
    """The text without comments and strings."""
    return _COMMENT_OR_STRING.sub(" ", text)


def numbers_in(text: str) -> list[float]:
    return [float(number) for number in _NUMBER.findall(code_of(text))]


def refusals_in(text: str) -> set[str]:
    """The words of `Refusal` that the code speaks: the loader hands them to Lua as the table R."""
    return set(re.findall(r"\bR\.(\w+)", code_of(text)))

"""The truth that docs/ must name, and what docs/ names.

The application is imported only when it is asked for: a broken one must fail its own tests, not the collection.
"""

import re
from collections.abc import Iterator
from functools import cache

import typer.main
from typer.core import TyperGroup

from tests.architecture.source import ROOT

_CODE = re.compile(r"`([^`\n]+)`")
_FENCE = re.compile(r"```.*?```", re.DOTALL)
_PARAMETER = re.compile(r"\{[^}]*\}|<[^>]*>")
_ROUTE = re.compile(r"(?<![\w.])/[\w{}<>./-]*")


@cache
def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


@cache
def code(name: str) -> str:
    """Only what a page sets as code: `like this`, and its fenced blocks."""
    text = page(name)
    return "\n".join([*_FENCE.findall(text), *_CODE.findall(_FENCE.sub("", text))])


def names(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def commands() -> Iterator[str]:
    """Every command that can be typed, in full."""
    from queue_core.cli import app

    yield from _commands(typer.main.get_command(app), "wartezone")


def _commands(command: object, path: str) -> Iterator[str]:
    if not isinstance(command, TyperGroup):
        yield path
        return
    for name, child in command.commands.items():
        if not child.hidden:
            yield from _commands(child, f"{path} {name}")


def shape(path: str) -> str:
    """A route without the names of its parameters."""
    return _PARAMETER.sub("{}", path.rstrip("/")) or "/"


def documented_routes(name: str) -> set[str]:
    return {shape(found) for found in _ROUTE.findall(code(name))}


def served_routes() -> set[str]:
    """Every path of the OpenAPI document, without the names of its parameters."""
    from queue_core.web.openapi import openapi_document

    return {shape(path) for path in openapi_document()["paths"]}

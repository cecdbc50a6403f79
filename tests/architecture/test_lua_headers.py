"""A Lua move's header is its contract; the command class in Python, the events and the refusals must say the same."""

import dataclasses
import inspect
import re
from pathlib import Path

import pytest

from queue_core.domain import booking_commands, commands
from queue_core.domain.errors import Refusal
from queue_core.domain.events import EventType
from tests.architecture.lua import (
    BadHeader,
    Header,
    code_of,
    header_of,
    move_files,
    numbers_in,
    refusals_in,
    shared_files,
)
from tests.architecture.source import modules

HEADER = """--[[ issue: draws a ticket in a service.
More about it.
ARGS
  service: id
  arrival_ms: UTC ms; may
    go on
EVENTS issued, checked_in
ERRORS unknown_service,
  service_closed
]]
local x = 1
"""


def commands_by_move() -> dict[str, type[commands.Command]]:
    """move -> its command class."""
    classes = (cls for room in (commands, booking_commands) for _, cls in inspect.getmembers(room, inspect.isclass))
    return {cls.move: cls for cls in classes if issubclass(cls, commands.Command) and cls is not commands.Command}


def test_there_are_moves() -> None:
    assert move_files()


def test_every_move_has_a_command_and_every_command_a_move() -> None:
    assert sorted(header_of(path.read_text()).move for path in move_files()) == sorted(commands_by_move())


@pytest.mark.parametrize("path", move_files(), ids=lambda path: path.stem)
class TestMove:
    def test_its_command_has_the_arguments_of_the_header(self, path: Path) -> None:
        header = header_of(path.read_text())
        fields = dataclasses.fields(commands_by_move()[header.move])
        assert tuple(field.name for field in fields) == header.arguments

    def test_it_is_named_as_its_file(self, path: Path) -> None:
        assert header_of(path.read_text()).move == path.stem

    def test_it_names_only_real_events(self, path: Path) -> None:
        assert set(header_of(path.read_text()).events) <= set(EventType)

    def test_it_names_only_real_refusals(self, path: Path) -> None:
        assert set(header_of(path.read_text()).errors) <= set(Refusal)

    def test_it_names_every_refusal_that_it_speaks(self, path: Path) -> None:
        text = path.read_text()
        assert refusals_in(text) <= set(header_of(text).errors)


def test_every_event_is_written_by_a_move() -> None:
    written = {event for path in move_files() for event in header_of(path.read_text()).events}
    assert set(EventType) - written == set()


def test_every_refusal_is_spoken() -> None:
    by_moves = {error for path in move_files() for error in header_of(path.read_text()).errors}
    by_frame = {error for path in shared_files() for error in refusals_in(path.read_text())}
    by_python = {Refusal[name] for m in modules() for name in re.findall(r"\bRefusal\.([A-Z_]+)\b", m.path.read_text())}
    assert set(Refusal) - by_moves - by_frame - by_python == set()


@pytest.mark.parametrize("path", [*move_files(), *shared_files()], ids=lambda path: path.stem)
def test_lua_speaks_only_refusals_that_exist(path: Path) -> None:
    assert refusals_in(path.read_text()) <= set(Refusal)


def test_a_header_is_read() -> None:
    assert header_of(HEADER) == Header(
        "issue",
        "draws a ticket in a service.",
        ("service", "arrival_ms"),
        ("issued", "checked_in"),
        ("unknown_service", "service_closed"),
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("local x = 1", "begins with"),
        (HEADER.replace("EVENTS issued, checked_in\n", ""), "lacks EVENTS"),
        (HEADER.replace("  service: id", "service is an id"), "an argument is"),
    ],
)
def test_a_bad_header_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(BadHeader, match=complaint):
        header_of(text)


def test_comments_and_strings_are_no_code() -> None:
    assert code_of("local a = 'x' -- 30000\n--[[ 5\n5 ]] return 7").split() == ["local", "a", "=", "return", "7"]
    assert numbers_in("a1 = 30000 + t2.x -- 7") == [30000.0]

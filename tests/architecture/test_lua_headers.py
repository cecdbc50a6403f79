"""A Lua move's header is its contract; its Python wrapper, the events and the refusals must say the same."""

import dataclasses
import inspect
from pathlib import Path
from typing import Any

import pytest

from queue_core.domain.errors import Refusal
from queue_core.domain.events import EventType
from queue_core.store import moves
from tests.architecture.lua import BadHeader, Header, code_of, header_of, move_files, numbers_in

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


def wrappers() -> dict[str, type[Any]]:
    """move -> its frozen dataclass."""
    classes = (cls for _, cls in inspect.getmembers(moves, inspect.isclass) if cls.__module__ == moves.__name__)
    return {cls.function: cls for cls in classes if dataclasses.is_dataclass(cls) and hasattr(cls, "function")}


def test_there_are_moves() -> None:
    assert move_files()


def test_every_move_has_a_wrapper_and_every_wrapper_a_move() -> None:
    assert sorted(header_of(path.read_text()).move for path in move_files()) == sorted(wrappers())


@pytest.mark.parametrize("path", move_files(), ids=lambda path: path.stem)
class TestMove:
    def test_its_wrapper_has_the_arguments_of_the_header(self, path: Path) -> None:
        header = header_of(path.read_text())
        fields = tuple(field.name.rstrip("_") for field in dataclasses.fields(wrappers()[header.move]))
        assert fields == header.arguments

    def test_its_wrapper_is_frozen(self, path: Path) -> None:
        assert wrappers()[header_of(path.read_text()).move].__dataclass_params__.frozen

    def test_it_names_only_real_events(self, path: Path) -> None:
        assert set(header_of(path.read_text()).events) <= set(EventType)

    def test_it_names_only_real_refusals(self, path: Path) -> None:
        assert set(header_of(path.read_text()).errors) <= set(Refusal)


def test_every_event_is_written_by_a_move() -> None:
    written = {event for path in move_files() for event in header_of(path.read_text()).events}
    assert set(EventType) - written == set()


def test_every_refusal_is_spoken_by_a_move() -> None:
    spoken = {error for path in move_files() for error in header_of(path.read_text()).errors}
    assert set(Refusal) - spoken == set()


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

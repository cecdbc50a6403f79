"""Each constant has one home, in Python or in Lua, never in two places."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.constants import Constant, constants, is_number, is_telling, twins
from tests.architecture.lua import code_of, move_files, numbers_in, shared_files
from tests.architecture.source import Module, modules, named

#: numbers of arithmetic (bases, seconds of an hour in ms), not of a decision.
ARITHMETIC = frozenset({1000.0, 3_600_000.0, 86_400_000.0})
_LUA_CONSTANT = re.compile(r"\blocal\s+([A-Z][A-Z0-9_]+)\s*=\s*(\d+(?:\.\d+)?)")


def module_of(name: str, text: str) -> Module:
    return Module(name, Path("x.py"), ast.parse(text), 1)


def test_no_constant_is_written_in_two_modules() -> None:
    assert [f"{one}  and  {other}" for one, other in twins(constants(modules()))] == []


@pytest.mark.parametrize("path", [*move_files(), *shared_files()], ids=lambda path: path.stem)
def test_no_number_of_a_lua_file_has_a_twin_in_python(path: Path) -> None:
    text = path.read_text()
    python = [constant for constant in constants(modules()) if is_number(constant.value)]
    literals = {number for number in numbers_in(text) if is_telling(number)} - ARITHMETIC
    same_value = {str(constant) for constant in python if constant.value in literals}
    lua_names = {name for name, _ in _LUA_CONSTANT.findall(code_of(text))}
    same_name = {str(constant) for constant in python if constant.name in lua_names}
    assert (same_value | same_name) == set(), f"also in {named(path)}"


def test_the_same_value_under_a_like_name_is_a_twin() -> None:
    found = constants([module_of("a", "HEARTBEAT_S = 5"), module_of("b", "HEARTBEAT_S: Final = 10 / 2")])
    assert len(twins(found)) == 1


def test_a_telling_value_is_a_twin_under_any_name() -> None:
    assert len(twins([Constant("a", "LOGIN_S", 43_205), Constant("b", "COOKIE_S", 43_205)])) == 1
    assert len(twins([Constant("a", "NAME", "wartezone.v1"), Constant("b", "OTHER", "wartezone.v1")])) == 1


def test_small_round_numbers_meet_by_chance() -> None:
    assert twins([Constant("a", "LOGIN_S", 30), Constant("b", "RETRIES", 30), Constant("a", "POLL_S", 30)]) == []

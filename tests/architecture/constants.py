"""Constants of our modules, and which of them live in more than one place."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TypeGuard

from tests.architecture.source import Module

Value = int | float | str

_NAME = re.compile(r"_?[A-Z][A-Z0-9_]*")
_OPERATIONS = {ast.Add: float.__add__, ast.Sub: float.__sub__, ast.Mult: float.__mul__, ast.Div: float.__truediv__}
#: words of a name that say its unit or kind, not what it is about.
_UNITS = frozenset(
    {"MS", "S", "US", "BYTES", "KIB", "MIB", "MIN", "MAX", "COUNT", "DEFAULT", "LIMIT", "SIZE", "LENGTH", "PER"}
)
_PARTS_OF_TIME = frozenset({60.0, 3600.0, 86_400.0, 1000.0, 60_000.0, 3_600_000.0, 86_400_000.0})
_TELLING_TEXT = 4
_TELLING_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Constant:
    module: str
    name: str
    value: Value

    def __str__(self) -> str:
        return f"{self.module}.{self.name} = {self.value!r}"


def constants(modules: Iterable[Module]) -> Iterator[Constant]:
    """UPPER_CASE names of modules that are set to a literal, or to arithmetic of literals."""
    for module in modules:
        for node in module.tree.body:
            for name, expression in _assigned(node):
                value = _folded(expression)
                if _NAME.fullmatch(name) and value is not None:
                    yield Constant(module.name, name, value)


def _assigned(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
        yield node.target.id, node.value
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                yield from (
                    (t.id, v) for t, v in zip(target.elts, node.value.elts, strict=False) if isinstance(t, ast.Name)
                )


def _folded(node: ast.expr) -> Value | None:
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float | str)
        and not isinstance(node.value, bool)
    ):
        return node.value
    if isinstance(node, ast.BinOp) and (operation := _OPERATIONS.get(type(node.op))):
        left, right = _folded(node.left), _folded(node.right)
        if is_number(left) and is_number(right):
            return operation(float(left), float(right))
    return None


def is_arithmetic(value: float) -> bool:
    """Numbers that everybody knows: parts of time, powers of two. Two of a kind say nothing."""
    return value in _PARTS_OF_TIME or (value == int(value) and int(value).bit_count() == 1)


def is_number(value: Value | None) -> TypeGuard[int | float]:
    return isinstance(value, int | float)


def is_telling(value: Value) -> bool:
    """Nobody writes this value twice by chance: a longer text, or a number with three significant digits."""
    if isinstance(value, str):
        return len(value) >= _TELLING_TEXT
    if is_arithmetic(value):
        return False
    return len(f"{value:.10g}".replace(".", "").strip("-0")) >= _TELLING_DIGITS


def twins(found: Iterable[Constant]) -> list[tuple[Constant, Constant]]:
    """Pairs in different modules that look like one thing written twice."""
    return [
        (one, other)
        for one, other in combinations(found, 2)
        if one.module != other.module
        and one.value == other.value
        and not (is_number(one.value) and one.value in _PARTS_OF_TIME)
        and _look_alike(one, other)
    ]


def _look_alike(one: Constant, other: Constant) -> bool:
    if one.name.lstrip("_") == other.name.lstrip("_"):
        return True
    if isinstance(one.value, str) or is_telling(one.value):
        return is_telling(one.value)
    return bool(_subject(one.name)) and _subject(one.name) == _subject(other.name)


def _subject(name: str) -> frozenset[str]:
    return frozenset(name.strip("_").split("_")) - _UNITS

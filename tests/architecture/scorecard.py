"""The house's figures, taken from the text of the project; most are told, a few must be zero."""

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.arrows import circles, faults, graph
from tests.architecture.lua import move_files, shared_files
from tests.architecture.markup import forbidden
from tests.architecture.source import Module, files, modules, named, nodes

MODULE_LINES = 300
FUNCTION_LINES = 40
LUA_LINES = 60
TEMPLATE_LINES = 120

_SLEEPS = frozenset({"time.sleep", "asyncio.sleep", "sleep", "anyio.sleep"})
_MOCKS = frozenset({"unittest.mock", "mock", "pytest_mock"})


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: str
    goal: str


def figures() -> list[Figure]:
    ours, tests = modules(), modules("tests")
    known = frozenset(module.name for module in ours)
    functions = [length for module in ours for _, length in function_lengths(module)]
    lua = [lines(path) for path in [*move_files(), *shared_files()]]
    ratio = sum(module.lines for module in tests) / max(1, sum(module.lines for module in ours))
    return [
        Figure("module lines median/p90/max", spread([m.lines for m in ours if m.lines]), "120/220/300"),
        Figure("function lines median/p90/max", spread(functions), "6/25/40"),
        Figure("Lua file lines median/p90/max", spread(lua), "max 60"),
        Figure("template lines median/p90/max", spread([lines(path) for path in files("*.html")]), "max 120"),
        Figure("tests/code", f"{ratio:.2f}", "1.2-1.5"),
        Figure("functions fully typed", f"{typed_share(ours):.0%}", "100%"),
        Figure("import circles", str(len(circles(graph(ours)))), "0"),
        Figure("upward arrows", str(sum(len(faults(module, known)) for module in ours)), "0"),
        Figure("inline scripts and styles", str(sum(len(forbidden(p.read_text())) for p in files("*.html"))), "0"),
        Figure("true sleeps in tests", str(len(sleeps(tests))), "0"),
        Figure("mocks in tests", str(len(mocks(tests))), "0"),
    ]


def oversized() -> list[str]:
    """What is longer than we want; each wants a reason."""
    ours = modules()
    return [
        *(f"{named(m.path)}: {m.lines} lines" for m in ours if m.lines > MODULE_LINES),
        *(f"{m.name}.{f}: {n} lines" for m in ours for f, n in function_lengths(m) if n > FUNCTION_LINES),
        *_long([*move_files(), *shared_files()], LUA_LINES),
        *_long(files("*.html"), TEMPLATE_LINES),
    ]


def _long(paths: Iterable[Path], most: int) -> Iterator[str]:
    return (f"{named(path)}: {lines(path)} lines" for path in paths if lines(path) > most)


def lines(path: Path) -> int:
    return path.read_text().count("\n")


def spread(values: Iterable[int]) -> str:
    ordered = sorted(values)
    return "/".join(str(ordered[int(share * (len(ordered) - 1))]) for share in (0.5, 0.9, 1.0)) if ordered else "-"


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions_of(module: Module) -> Iterator[Function]:
    return (node for node in nodes(module) if isinstance(node, Function))


def function_lengths(module: Module) -> Iterator[tuple[str, int]]:
    """name -> lines of its body, without docstring."""
    for node in functions_of(module):
        body = node.body[1:] if ast.get_docstring(node) else node.body
        yield node.name, (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def typed_share(chosen: Sequence[Module]) -> float:
    every = [node for module in chosen for node in functions_of(module)]
    return sum(map(_is_typed, every)) / max(1, len(every))


def _is_typed(node: Function) -> bool:
    taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    arguments = [a for a in taken if a and a.arg not in {"self", "cls"}]
    return node.returns is not None and all(a.annotation for a in arguments)


def sleeps(tests: Iterable[Module]) -> list[str]:
    """Sleeps for a guessed time. Polling with a deadline is the business of tests/support."""
    return _calls(tests, lambda call: _dotted(call.func) in _SLEEPS and not _is_zero(call))


def _dotted(func: ast.expr) -> str:
    """`name` or `module.name`; "" for what is longer, which would take long to spell out."""
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
        return f"{func.value.id}.{func.attr}"
    return func.id if isinstance(func, ast.Name) else ""


def _is_zero(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0


def _calls(tests: Iterable[Module], wanted: Callable[[ast.Call], bool]) -> list[str]:
    return [
        f"{named(module.path)}:{node.lineno}"
        for module in tests
        if "support" not in module.path.parts
        for node in nodes(module)
        if isinstance(node, ast.Call) and wanted(node)
    ]


def mocks(tests: Iterable[Module]) -> list[str]:
    return [
        f"{named(module.path)}:{node.lineno}"
        for module in tests
        for node in nodes(module)
        if (isinstance(node, ast.ImportFrom) and (node.module in _MOCKS or _imports_mock(node)))
        or (isinstance(node, ast.Import) and any(alias.name in _MOCKS for alias in node.names))
    ]


def _imports_mock(node: ast.ImportFrom) -> bool:
    return node.module == "unittest" and any(alias.name == "mock" for alias in node.names)

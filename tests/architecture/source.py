"""Our own source text, read as syntax trees: modules, and every import in them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.architecture.rules import PACKAGES

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Module:
    name: str
    path: Path
    tree: ast.Module
    lines: int

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"


@dataclass(frozen=True, slots=True)
class Import:
    target: str
    line: int


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """All modules of our packages, or of the named folders of the checkout."""
    return tuple(_read(path) for folder in folders or PACKAGES for path in sorted((ROOT / folder).rglob("*.py")))


@cache
def nodes(module: Module) -> tuple[ast.AST, ...]:
    """Of its syntax tree; walked once, for all who look."""
    return tuple(ast.walk(module.tree))


def _read(path: Path) -> Module:
    text = path.read_text()
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, ast.parse(text, str(path)), text.count("\n"))


def files(pattern: str) -> list[Path]:
    """Files of our packages, without what others wrote."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob(pattern))
    return sorted(path for path in found if "vendor" not in path.parts and path.is_file())


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(module: Module, known: frozenset[str]) -> Iterator[Import]:
    """Every module that this one imports: at the top, in functions, under TYPE_CHECKING, by a literal name."""
    for node in nodes(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            for alias in node.names:
                submodule = f"{base}.{alias.name}"
                yield Import(submodule if submodule in known else base, node.lineno)
        elif isinstance(node, ast.Call) and (name := _imported_by_call(node)):
            yield Import(name, node.lineno)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    here = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*here, node.module] if node.module else here)


def _imported_by_call(node: ast.Call) -> str | None:
    function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
    if function not in {"import_module", "__import__"} or not node.args:
        return None
    argument = node.args[0]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None

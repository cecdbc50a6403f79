"""Arrows run one way: faces -> web -> engine -> store -> domain; nobody imports upwards or in a circle."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.arrows import circles, faults, graph, room_of
from tests.architecture.rules import DRAWERS, ENVIRONMENT_READERS, HOMES, ROOMS
from tests.architecture.source import ROOT, Module, imports, modules


@cache
def known() -> frozenset[str]:
    return frozenset(module.name for module in modules())


def module_of(name: str, text: str, file: str = "x.py") -> Module:
    return Module(name, Path(file), ast.parse(text), text.count("\n"))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_the_table_allows(room: str) -> None:
    members = [module for module in modules() if room_of(module.name) == room]
    assert [fault for module in members for fault in faults(module, known())] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_of_the_table_exists(room: str) -> None:
    path = ROOT / room.replace(".", "/")
    assert path.is_dir() or path.with_suffix(".py").is_file()


def test_every_module_lies_in_a_room() -> None:
    assert [module.name for module in modules() if room_of(module.name) is None] == []


def test_no_module_imports_itself_around_corners() -> None:
    assert circles(graph(modules())) == []


@pytest.mark.parametrize("package", HOMES)
def test_a_package_with_a_home_is_used_there(package: str) -> None:
    users = {m.name for m in modules() for found in imports(m, known()) if found.target.partition(".")[0] == package}
    assert users, f"{package} has a home in the table but nobody imports it"


def test_the_environment_is_read_in_one_place() -> None:
    readers = {module.name for module in modules() if _reads_environment(module.tree)}
    assert readers - ENVIRONMENT_READERS == set()


def _reads_environment(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"getenv", "getenvb"}:
            return True
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            return isinstance(node.ctx, ast.Load)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "os.environ.get":
            return True
    return False


def test_every_module_is_named_by_what_it_owns() -> None:
    assert [module.name for module in modules() if DRAWERS & set(module.name.split("."))] == []


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("queue_core.domain.model", "import redis", "imports redis"),
        ("queue_core.domain.model", "def f():\n    import numpy", "imports numpy"),
        ("queue_core.domain.model", "from queue_core import engine", "imports queue_core"),
        (
            "queue_core.domain.model",
            "if TYPE_CHECKING:\n    import queue_core.store.moves",
            "imports queue_core.store.moves",
        ),
        ("queue_core.domain.model", "from ..store import moves", "imports queue_core.store"),
        ("queue_core.web.app", "import_module('queue_core.store.moves')", "imports queue_core.store.moves"),
        ("queue_core.engine", "import rq", "imports rq"),
        ("ticket_kiosk.page", "import public_feed.page", "imports public_feed.page"),
        ("display_server.desk.page", "import display_server.lobby.page", "imports display_server.lobby.page"),
        ("ticket_kiosk.page", "import ticket_kiosk.printers.port", "imports ticket_kiosk.printers.port"),
        ("ticket_kiosk.paper.picture", "import ticket_kiosk.page", "imports ticket_kiosk.page"),
        ("queue_core.somewhere", "", "in no room"),
    ],
)
def test_the_rule_bites(name: str, text: str, fault: str) -> None:
    found = faults(module_of(name, text), known())
    assert len(found) == 1
    assert fault in found[0]


def test_a_circle_is_found_around_corners() -> None:
    a, b, c = (module_of(*pair) for pair in (("a", "import b"), ("b", "def f():\n    import c"), ("c", "import a")))
    assert circles(graph([a, b, c])) == [["a", "b", "c"]]
    assert circles(graph([a, b])) == []

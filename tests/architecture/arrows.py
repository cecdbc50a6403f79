"""The arrows between our modules, held against the table of rules."""

import sys
from collections.abc import Iterable, Mapping

from tests.architecture.rules import ANY, HOMES, NO_FILES, PACKAGES, ROOMS, ROOT_PACKAGE, Room
from tests.architecture.source import Module, imports


def below(name: str, above: str) -> bool:
    return name == above or name.startswith(above + ".")


def room_of(name: str) -> str | None:
    """The room of a module: the longest name in the table that it lies in, unless that one is no room for files."""
    room = max((room for room in ROOMS if below(name, room)), key=len, default=None)
    return None if room in NO_FILES and name != room else room


def faults(module: Module, known: frozenset[str]) -> list[str]:
    """What this module imports against the rules, a line each."""
    name = room_of(module.name)
    if name is None:
        return [f"{module.name}: in no room of the table"]
    room = ROOMS[name]
    return [
        f"{module.name}:{found.line} imports {found.target}"
        for found in imports(module, known)
        if not _allowed(module.name, name, room, found.target)
    ]


def _allowed(module: str, name: str, room: Room, target: str) -> bool:
    package = target.partition(".")[0]
    if target == ROOT_PACKAGE:
        return True
    if package in PACKAGES:
        return room_of(target) == name or any(below(target, other) for other in room.ours)
    if package in sys.stdlib_module_names:
        return True
    if package in HOMES:
        return any(below(module, home) for home in HOMES[package])
    return room.third_party == ANY or package in room.third_party


def graph(modules: Iterable[Module]) -> dict[str, set[str]]:
    """module -> modules of ours that it imports."""
    chosen = list(modules)
    known = frozenset(module.name for module in chosen)
    return {
        module.name: {found.target for found in imports(module, known) if found.target in known} - {module.name}
        for module in chosen
    }


def circles(arrows: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import each other, directly or around corners."""
    reach = {name: _reachable(name, arrows) for name in arrows}
    in_circle = [name for name in arrows if name in reach[name]]
    groups = {frozenset(other for other in reach[name] if name in reach.get(other, ())) for name in in_circle}
    return sorted(sorted(group) for group in groups)


def _reachable(start: str, arrows: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(arrows[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(arrows.get(name, ()))
    return seen

"""The frame of the project: what is declared is locked, and make hands on what it is told."""

import os
import re
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ("requirements.lock", "requirements-dev.lock")
_PIN = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>.*?))? \\\n(?P<hashes>(?:    --hash.*\n)+)", re.M
)


def pins(lock: str) -> dict[str, set[str]]:
    """package -> its locked versions (one a marker)."""
    found: dict[str, set[str]] = {}
    for pin in _PIN.finditer((ROOT / lock).read_text()):
        found.setdefault(canonicalize_name(pin["name"]), set()).add(pin["version"])
    return found


def declared(*groups: str) -> list[Requirement]:
    chosen = [*PROJECT["project"]["dependencies"], *(line for g in groups for line in PROJECT["dependency-groups"][g])]
    return [Requirement(line) for line in chosen if isinstance(line, str)]


@pytest.mark.parametrize(("lock", "groups"), [(LOCKS[0], ("build",)), (LOCKS[1], ("build", "dev"))])
def test_everything_declared_is_locked_as_declared(lock: str, groups: tuple[str, ...]) -> None:
    locked = pins(lock)
    unmet = [
        str(wanted)
        for wanted in declared(*groups)
        if not any(Version(v) in wanted.specifier for v in locked.get(canonicalize_name(wanted.name), ()))
    ]
    assert unmet == [], "run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_pinned_with_hashes(lock: str) -> None:
    lines = [line for line in (ROOT / lock).read_text().splitlines() if not line.startswith("    --hash=sha256:")]
    assert [line for line in lines if not re.match(r"[\w.-]+==\S+ (?:; .* )?\\$", line)] == []
    assert sum(map(len, pins(lock).values())) == len(lines)


def test_tools_are_tested_against_what_is_shipped() -> None:
    shipped, tools = (pins(lock) for lock in LOCKS)
    assert {name: versions for name, versions in shipped.items() if tools.get(name) != versions} == {}


@pytest.mark.parametrize(
    ("told", "handed_on"),
    [
        ((), ("PORT='8080'", "HOST='127.0.0.1'", "DATA='data'")),
        (("PORT=9", "DATA=/tmp/a b", "CONFIG=x.toml"), ("PORT='9'", "DATA='/tmp/a b'", "CONFIG='x.toml'")),
        (("HOST=0.0.0.0",), ("HOST='0.0.0.0'",)),
    ],
)
def test_make_hands_its_variables_to_the_server(told: tuple[str, ...], handed_on: tuple[str, ...]) -> None:
    shown = dry_run("run", *told)
    assert all(f"WARTEZONE_{word}" in shown for word in handed_on)
    assert ("WARTEZONE_CONFIG" in shown) == any("CONFIG" in word for word in told)


def test_the_demo_keeps_its_data_apart_unless_told_where() -> None:
    assert "WARTEZONE_DATA='data/demo'" in dry_run("demo")
    assert "WARTEZONE_DATA='/tmp/mine'" in dry_run("demo", "DATA=/tmp/mine")


def dry_run(*words: str) -> str:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("WARTEZONE_", "MAKE"))}
    shown = subprocess.run(
        ["make", "--dry-run", *words], cwd=ROOT, env=plain, capture_output=True, text=True, check=True
    )
    return shown.stdout

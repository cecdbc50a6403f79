"""The C programs: built when they are needed, where a compiler is."""

import shutil
import subprocess
from pathlib import Path

_SOURCES = Path(__file__).with_name("c")
NAMES = ("load_client", "floor_server", "http_load")
_FLAGS = ("-O2", "-Wall", "-Wextra", "-Werror")


class NoCompiler(Exception):
    pass


def build(into: Path) -> None:
    """Raises `NoCompiler`."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise NoCompiler("no C compiler here (Debian: apt-get install gcc libc6-dev)")
    for name in NAMES:
        subprocess.run([compiler, *_FLAGS, "-o", into / name, _SOURCES / f"{name}.c"], check=True)

"""A stranger's first minute: clone, `make run`, the first page."""

import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row, alone
from tests.support.office_process import LOOPBACK, free_port

CHECKOUT = Path(__file__).resolve().parents[1]
FIRST_PAGE_MOST_S = 120.0
GIVE_UP_S = 300.0
POLL_S = 0.1


def first_page(*, cold: bool) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="wz-clone-") as folder:
        root, port = Path(folder) / "wartezone", free_port()
        begun = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", str(CHECKOUT), str(root)], check=True)
        with (Path(folder) / "log").open("wb") as log:
            make = subprocess.Popen(
                ["make", "run", f"PORT={port}"],
                cwd=root,
                env={**os.environ, **({"PIP_NO_CACHE_DIR": "1"} if cold else {})},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            took_s = _served(make, f"http://{LOOPBACK}:{port}/", begun)
        except BaseException as e:
            e.add_note((Path(folder) / "log").read_text(errors="replace")[-2000:])
            raise
        finally:
            _end(make)
    cache = "cold" if cold else "warm"
    how = f"git clone, make run, {cache} pip cache"
    yield alone("clean clone to first page", "s", [took_s], how, most=FIRST_PAGE_MOST_S)


def _served(make: subprocess.Popen[bytes], address: str, begun: float) -> float:
    while time.monotonic() - begun < GIVE_UP_S and make.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=POLL_S * 10) as page:
                page.read()
                return time.monotonic() - begun
        except (urllib.error.URLError, OSError):
            time.sleep(POLL_S)
    raise RuntimeError(f"no page at {address}; make: {make.poll()}")


def _end(make: subprocess.Popen[bytes]) -> None:
    """The server takes make's place; its store stops with it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(make.pid, number)
            make.wait(15)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    make.wait()

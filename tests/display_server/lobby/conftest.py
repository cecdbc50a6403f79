"""Walls of offices that a test configures."""

from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.display_server.lobby.walls import WallsOf, open_walls


@pytest.fixture
def walls_of(sounding_browser: Browser, valkey_url: str, tmp_path: Path) -> WallsOf:
    return partial(open_walls, sounding_browser, valkey_url, tmp_path)

"""An office with stages of cases, one case in it, and a browser outside."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from queue_core.casework.casework import Pushed
from queue_core.domain.cases import News, Stay
from queue_core.domain.site import Site, plain_site
from queue_core.store.cases import CaseStore, Change
from queue_core.web.face import load_faces
from tests.public_feed.street import Street
from tests.support.browser import left_empty
from tests.support.cases import DAY_MS, NUMBER, PIN, RULES
from tests.support.web_office import WebOffice, open_web_office
from tests.support.web_server import free_listener, serving
from tests.support.zones import zone

FACES = load_faces(["cases"])


@pytest.fixture
def site() -> Site:
    return replace(plain_site({zone().id: zone()}), cases=RULES)


async def push(office: WebOffice, stage: str, days_ago: int = 0, documents: tuple[str, ...] = ()) -> None:
    at_ms = office.frame.cases.work.now_ms() - days_ago * DAY_MS
    await office.frame.cases.work.push([Pushed(NUMBER, News(stage, at_ms, documents=documents), PIN)], "test")


async def learn(office: WebOffice, stage: str, *days: int) -> None:
    """As if so many cases had left the stage after so many days."""
    stays = [Stay("first", stage, n, office.frame.cases.work.now_ms()) for n in days]
    await CaseStore(office.store.client).change([], lambda _there: Change(stays=stays))


async def _filled(office: WebOffice) -> None:
    await push(office, "received", 20)
    await push(office, "checking", 12, ("lease", "payslip"))


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path, site: Site) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, faces=FACES, site=site) as opened:
        await _filled(opened)
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def street(browser: Browser, valkey_url: str, tmp_path: Path, site: Site) -> AsyncIterator[Street]:
    listener = free_listener()
    port = listener.getsockname()[1]
    async with AsyncExitStack() as stack:
        opened = open_web_office(valkey_url, tmp_path, faces=FACES, site=site, port=port)
        office = await stack.enter_async_context(opened)
        await _filled(office)
        await stack.enter_async_context(serving(office.app, listener))
        yield Street(office, f"http://127.0.0.1:{port}", await stack.enter_async_context(left_empty(browser)))

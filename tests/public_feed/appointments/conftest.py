"""An office that gives appointments, and a browser outside."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser

from queue_core.domain.office import Appointments
from queue_core.domain.place import Address
from queue_core.web.face import load_faces
from tests.public_feed.street import Street, open_street
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import APPOINTMENT, NEW, zone

#: A Wednesday in winter; a store's zone time never goes back behind real time, so it lies ahead.
MORNING_MS = int(datetime.fromisoformat("2030-01-16T10:00:00+01:00").timestamp() * 1000)
FACES = load_faces(["appointments", "public", "ticket"])
RULES = Appointments((NEW,), APPOINTMENT, share=1.0, days_ahead=14)
GIVEN = zone(appointments=RULES, address=Address("Graf-Adolf-Platz 6", "40213", "Düsseldorf"))
MAIL: dict[str, Any] = {
    "smtp_host": "127.0.0.1",
    "smtp_port": 1,
    "smtp_security": "none",
    "smtp_from": "termine@example.de",
    "public_url": "http://127.0.0.1:8080",
}


async def wound(office: WebOffice, at_ms: int = MORNING_MS) -> None:
    """The zone's clock, as everybody sees it."""
    await office.engine.set_clock(office.zone.id, at_ms, 0)
    await office.engine.roll(office.zone.id)


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, GIVEN, faces=FACES) as opened:
        await wound(opened)
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def street(browser: Browser, valkey_url: str, tmp_path: Path) -> AsyncIterator[Street]:
    async with open_street(browser, valkey_url, tmp_path, GIVEN, faces=FACES) as opened:
        await wound(opened.office)
        yield opened

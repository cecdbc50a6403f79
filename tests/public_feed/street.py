"""The pages for everybody, served whole, and a browser outside."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page

from public_feed.app.face import face as app
from public_feed.legal.face import face as legal
from public_feed.videos.face import face as videos
from queue_core.domain.model import TicketId
from queue_core.domain.office import Zone
from queue_core.domain.principal import Role
from queue_core.estimate.forecast import Forecast, Later, Range
from queue_core.store.estimates import Estimates
from queue_core.web.face import load_faces
from tests.support.browser import left_empty
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice, open_web_office
from tests.support.web_server import free_listener, serving

#: The faces of `public_feed`.
FACES = [*load_faces(["public", "ticket", "feed"]), legal, videos, app]
PHONE = {"width": 390, "height": 844}


@dataclass(slots=True)
class Street:
    """An office, and a browser outside."""

    office: WebOffice
    address: str
    browser: Browser
    _drawn: list[str] = field(default_factory=list)

    async def page(self, path: str, **options: Any) -> Page:
        return await (await self.context(**options)).new_page() if not path else await self._opened(path, options)

    async def context(self, **options: Any) -> BrowserContext:
        return await self.browser.new_context(**{"locale": "de-DE", "viewport": PHONE, **options})

    async def _opened(self, path: str, options: dict[str, Any]) -> Page:
        page = await (await self.context(**options)).new_page()
        await page.goto(f"{self.address}{path}")
        return page

    async def draw(self, **more: Any) -> str:
        """The path of the ticket's own page, once the hub knows it."""
        ticket = await self.office.draw(**more)
        known = self.office.hub.snapshot(self.office.zone.id).tickets
        await eventually(lambda: TicketId(ticket["id"]) in known)
        return self.office.frame.links.path(self.office.zone.id, TicketId(ticket["id"]))

    async def estimate(self, p10_s: int, p90_s: int, later: Later | None = None) -> None:
        """As if an estimator said so of everybody who waits."""
        zone = self.office.zone.id
        snapshot = self.office.hub.snapshot(zone)
        said = Range(p10_s, (p10_s + p90_s) // 2, p90_s, "simulation")
        waiting = [ticket.id for ticket in snapshot.waiting()]
        forecast = Forecast(
            self.office.hub.now_ms(zone),
            snapshot.seq,
            tickets=dict.fromkeys(waiting, said),
            services=dict.fromkeys(self.office.zone.services, said),
            later=dict.fromkeys(waiting, later) if later else {},
            method=said.method,
        )
        await Estimates(self.office.store.client, zone, lease_s=5).publish(forecast.to_json())

    async def counter(self, *moves: str) -> None:
        for move in moves:
            answer = await self.office.command(f"counters/1/{move}", role=Role.COUNTER)
            assert answer.is_success, answer.text


@asynccontextmanager
async def open_street(browser: Browser, url: str, data: Path, *zones: Zone, **more: Any) -> AsyncIterator[Street]:
    """`more`: as for `open_web_office`."""
    listener = free_listener()
    port = listener.getsockname()[1]
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(
            open_web_office(url, data, *zones, port=port, **{"faces": FACES, **more})
        )
        await stack.enter_async_context(serving(office.app, listener))
        yield Street(office, f"http://127.0.0.1:{port}", await stack.enter_async_context(left_empty(browser)))

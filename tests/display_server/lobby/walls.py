"""A small office in this process whose displays a test configures, and the browser that shows its walls."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, ViewportSize

from display_server.lobby.face import face
from queue_core.domain.devices import Devices, DisplayPlace
from queue_core.domain.model import CounterId, SeriesId, ServiceId, ZoneId
from queue_core.domain.office import Arrow, CounterPlace, Series, Service, Zone
from queue_core.domain.principal import Role
from queue_core.live.websocket import StreamEndpoint
from queue_core.serve.listener import http_server
from queue_core.web.stream_access import StreamAccess
from tests.display_server.hall import UPRIGHT, WIDE
from tests.support.browser import left_empty
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice, open_web_office
from tests.support.web_server import free_listener
from tests.support.zones import text, zone

HALL, ANNEX = ZoneId("hall"), ZoneId("annex")
ONE, TWO = CounterId("1"), CounterId("2")
NEW, SHORT = ServiceId("new"), ServiceId("short")
LONG = "Zimmer 2.013 der Abteilung für Leistungen und Wohnungsfürsorge"
MANY = 20
SIZES = [WIDE, UPRIGHT, (3840, 2160), (1366, 768)]
NAMES = ["full-hd", "upright", "4k", "small"]
#: Whether an element's text is cut: by itself, or by whatever hides what leaves it.
CUT = """() => {
  const cut = [];
  const seen = document.querySelectorAll(
    "[data-part=now] p, .lobby__line, .lobby__line-counter, .lobby__label, .lobby__notices, .lobby__place");
  for (const element of seen) {
    if (!element.getClientRects().length) continue;
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, (node) =>
      node.textContent.trim() && !node.parentElement.closest(".wz-visually-hidden, [hidden]") ? 1 : 3);
    const range = document.createRange();
    const boxes = [];
    while (texts.nextNode()) {
      range.selectNodeContents(texts.currentNode);
      boxes.push(range.getBoundingClientRect());
    }
    if (!boxes.length) continue;
    const text = { left: Math.min(...boxes.map((b) => b.left)), right: Math.max(...boxes.map((b) => b.right)),
      bottom: Math.max(...boxes.map((b) => b.bottom)) };
    // A line's box is higher than its ink; numbers have nothing below their line.
    const slack = (element.matches(".lobby__number") ? 0.4 : 0.16) * parseFloat(getComputedStyle(element).fontSize);
    for (let frame = element; frame && frame !== document.body; frame = frame.parentElement) {
      if (getComputedStyle(frame).overflowX === "visible") continue;
      const box = frame.getBoundingClientRect();
      if (text.right > box.right + 1.5 || text.left < box.left - 1.5 || text.bottom > box.bottom + slack) {
        cut.push(`${element.className}: ${element.textContent.trim().slice(0, 40)}`);
        break;
      }
    }
  }
  return cut;
}"""


def hall(**changes: Any) -> Zone:
    counters = {
        ONE: CounterPlace(ONE, text("Counter 1"), (NEW, SHORT), arrow=Arrow.LEFT, floor=text("1. Stock")),
        TWO: CounterPlace(TWO, text("Counter 2"), (NEW, SHORT)),
    }
    return zone(HALL, **{"counters": counters, "displays": ("wall",), **changes})


def annex() -> Zone:
    """Another zone, with numbers of its own."""
    series = {SeriesId("a"): Series(SeriesId("a"), "N"), SeriesId("c"): Series(SeriesId("c"), "P")}
    return zone(ANNEX, series=series, displays=(), kiosks=(), name=text("Annex"))


def crowded() -> Zone:
    """Many services, and long names everywhere."""
    services = {
        ServiceId(f"s{n}"): Service(
            ServiceId(f"s{n}"), text(f"Anliegen {n}" + n % 3 * " mit einem langen Namen"), SeriesId("a")
        )
        for n in range(MANY)
    }
    way = text("Treppe oder Aufzug nehmen, dann den langen Gang bis zum Ende gehen, zweite Tür links")
    counter = CounterPlace(ONE, text(LONG), tuple(services), way=way, arrow=Arrow.UP, floor=text("1. Obergeschoss"))
    return hall(services=services, counters={ONE: counter, TWO: CounterPlace(TWO, text(LONG), tuple(services))})


@dataclass(slots=True)
class Walls:
    """`asked` is every address that the pages have asked for; what went wrong in any of them is in `faults`."""

    office: WebOffice
    browser: Browser
    address: str
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _open: set[tuple[str, str]] = field(default_factory=set)
    _keys: Iterator[int] = field(default_factory=itertools.count)

    async def wall(
        self, display: str = "wall", size: tuple[int, int] = WIDE, query: str = "", clock: bool = False, **more: Any
    ) -> Page:
        """Loaded, and told by every stream how things are. With `clock` its time stands still until a test runs it."""
        viewport = ViewportSize(width=size[0], height=size[1])
        context = await self.browser.new_context(base_url=self.address, viewport=viewport, locale="de-DE", **more)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        if clock:
            await page.clock.install()
        await page.goto(f"/lobby/{display}{query}")
        await page.locator("[data-wall][data-health=live]").wait_for(state="attached")
        return page

    async def command(self, path: str, body: Mapping[str, Any] | None = None, zone_id: str = HALL) -> dict[str, Any]:
        token = await self.office.token(Role.ADMIN, None)
        headers = {"Idempotency-Key": f"walls-{next(self._keys)}", "Authorization": f"Bearer {token}"}
        answer = await self.office.http.post(f"/api/v1/zones/{zone_id}/{path}", json=body or {}, headers=headers)
        assert answer.is_success, answer.text
        return dict(answer.json()) if answer.content else {}

    async def call(self, counter: str = "1", service: str = "new", zone_id: str = HALL) -> str:
        """A visitor comes and is called at once; the number."""
        if (zone_id, counter) not in self._open:
            self._open.add((zone_id, counter))
            await self.command(f"counters/{counter}/open", zone_id=zone_id)
        ticket = (await self.command("tickets", {"service": service}, zone_id))["ticket"]
        body = {"current": "finish"}
        called = (await self.command(f"counters/{counter}/call-next", body, zone_id))["ticket"]
        assert called["number"] == ticket["number"]
        return str(called["number"])

    async def later(self, by: timedelta) -> None:
        """The zone's clock goes on by so much, and its day with it."""
        engine = self.office.engine
        await engine.set_clock(HALL, self.office.hub.now_ms(HALL) + int(by.total_seconds() * 1000), 1.0)
        await engine.roll(HALL)

    def foreign(self) -> list[str]:
        return [
            url for url in self.asked if not url.startswith((self.address, self.address.replace("http", "ws"), "data:"))
        ]


#: `open_walls`, told already where.
WallsOf = Callable[..., contextlib.AbstractAsyncContextManager[Walls]]


@contextlib.asynccontextmanager
async def open_walls(
    browser: Browser,
    url: str,
    data: Path,
    *places: DisplayPlace,
    zones: tuple[Zone, ...] = (),
    folder: str = "",
    **settings: Any,
) -> AsyncIterator[Walls]:
    devices = Devices(displays={place.id: place for place in places}, folder=folder)
    async with contextlib.AsyncExitStack() as stack:
        opened = open_web_office(url, data, *(zones or (hall(), annex())), faces=[face], devices=devices, **settings)
        office = await stack.enter_async_context(opened)
        address = await _served(stack, office)
        walls = Walls(office, await stack.enter_async_context(left_empty(browser)), address)
        yield walls
        assert walls.faults == []


async def _served(stack: contextlib.AsyncExitStack, office: WebOffice) -> str:
    authorise = StreamAccess(office.frame.identity).authorise
    streams = StreamEndpoint(office.hub, authorise, (), lambda _, peer: peer, lambda _: True)
    server, listener = http_server(office.app, streams, None), free_listener()
    serving = asyncio.create_task(server.serve(sockets=[listener]))

    async def ended() -> None:
        server.should_exit = server.force_exit = True
        await serving

    stack.push_async_callback(ended)
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def place(*zones: ZoneId, **changes: Any) -> DisplayPlace:
    return DisplayPlace("wall", zones or (HALL,), **changes)


async def announced(wall: Page) -> list[str]:
    """The numbers that the wall has announced since it was loaded, in order."""
    return (await wall.locator("[data-wall]").get_attribute("data-announced") or "").split()


async def shows(wall: Page, *numbers: str, within_s: float = 20) -> bool:
    async def there() -> bool:
        return await announced(wall) == list(numbers)

    return await eventually(there, within_s)


async def nothing_is_cut(wall: Page) -> bool:
    """Its sizes are found anew when a font or a row has come, in the page's own time."""
    await wall.clock.run_for(200)
    assert await wall.evaluate(CUT) == []
    return True

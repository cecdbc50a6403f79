"""A real office with many small zones, one for each test, and the people and screens in it."""

import itertools
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from playwright.async_api import Browser, BrowserContext, Page

from tests.support.browser import left_empty
from tests.support.eventually import eventually_sync
from tests.support.office_process import OfficeProcess, office_process

LOGIN, PASSWORD = "chefin", "ein langer Satz, den niemand errät"
WIDE, UPRIGHT = (1920, 1080), (1080, 1920)
_WELCOME = re.compile(r"/welcome\?code=(\S+)")
_CSRF = re.compile(r'name="csrf-token" content="([^"]+)"')
_SITE = '[site]\nname = { de = "Amt" }\nlanguages = ["de"]\n[site.imprint]\nde = "x"\n[site.privacy]\nde = "x"\n'
_ZONE = """
[zone]
id = "{zone}"
name = {{ de = "Halle {zone}" }}
kiosks = ["kiosk-{zone}"]
displays = ["wall-{zone}"]
day_starts = "{day_starts}"
[hours]
always = true
[[class]]
id = "normal"
name = {{ de = "Ohne Termin" }}
[[class]]
id = "priority"
name = {{ de = "Vorrang" }}
head_start_minutes = 20
[[series]]
id = "a"
prefix = "A"
[[service]]
id = "short"
name = {{ de = "Kurzes Anliegen" }}
series = "a"
[[service]]
id = "long"
name = {{ de = "Langes Anliegen" }}
series = "a"
[[counter]]
id = "1"
name = {{ de = "Schalter 1" }}
way = {{ de = "Gleich links" }}
services = ["*"]
[[counter]]
id = "2"
name = {{ de = "Schalter 2" }}
services = ["*"]
"""


#: What a desk offers to choose from; numbers can be drawn from home.
_WORDS = """
[[outcome]]
id = "done"
name = { de = "Erledigt" }
[[outcome]]
id = "again"
name = { de = "Kommt wieder" }
[[park_reason]]
id = "form"
name = { de = "Füllt ein Formular aus" }
[[park_reason]]
id = "copies"
name = { de = "Holt Unterlagen" }
[[pause_reason]]
id = "lunch"
name = { de = "Mittag" }
[remote]
"""

#: Appointments: half an hour each, two at a time.
_GIVEN = """
[appointments]
services = ["short"]
share_percent = 100
slot_minutes = { short = 30 }
"""


@dataclass(slots=True)
class Building:
    """The running office. `cookie` and `csrf` are a logged-in administrator's."""

    office: OfficeProcess
    cookie: str
    csrf: str
    _free: Iterator[int] = field(default_factory=itertools.count)
    _worded: Iterator[int] = field(default_factory=itertools.count)
    _booked: Iterator[int] = field(default_factory=itertools.count)

    def hall(self) -> "Hall":
        return Hall(self, f"z{next(self._free)}")

    def worded_hall(self) -> "Hall":
        """One whose desk asks for reasons and outcomes."""
        return Hall(self, f"w{next(self._worded)}")

    def booked_hall(self) -> "Hall":
        """One that gives appointments."""
        return Hall(self, f"b{next(self._booked)}")


@contextmanager
def open_building(zones: int, worded: int = 0, booked: int = 0) -> Iterator[Building]:
    """With so many halls, `worded` ones whose desk asks for reasons, `booked` ones that give appointments: each slows
    its start and its overview."""
    with office_process(draws_per_minute="0", draws_per_minute_of_address="0", log_level="warning") as office:
        config = office.home / "config"
        _write_office(config, {"z": (zones, ""), "w": (worded, _WORDS), "b": (booked, _GIVEN)})
        office.settings = {**office.settings, "config": str(config)}
        office.start()
        yield Building(office, *_admin(office))


def _write_office(folder: Path, halls: Mapping[str, tuple[int, str]]) -> None:
    """`halls`: how many of each kind, and what stands in their files beside the rest."""
    folder.mkdir()
    (folder / "site.toml").write_text(_SITE)
    for kind, (count, words) in halls.items():
        for zone in (f"{kind}{n}" for n in range(count)):
            (folder / f"{zone}.toml").write_text(_ZONE.format(zone=zone, day_starts=_far_from_now()) + words)


def _far_from_now() -> str:
    """A business day that does not end while tests look at it, or at appointments within an hour or two."""
    return f"{(datetime.now(ZoneInfo('Europe/Berlin')).hour + 12) % 24:02}:00"


def _admin(office: OfficeProcess) -> tuple[str, str]:
    """Makes the first account by the link that the server printed; its session's cookie and CSRF token."""
    eventually_sync(lambda: _WELCOME.search(office.log()))
    found = _WELCOME.search(office.log())
    assert found, office.log_tail()
    form = {"code": found[1], "login": LOGIN, "password": PASSWORD, "again": PASSWORD}
    with httpx.Client(base_url=office.address, headers={"Origin": office.address}) as client:
        answer = client.post("/welcome", data=form)
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
        token = _CSRF.search(client.get("/desk").text)
        assert token
        return client.cookies["wartezone"], token[1]


@dataclass(slots=True)
class Hall:
    """One zone of the building."""

    building: Building
    zone: str
    _keys: Iterator[int] = field(default_factory=itertools.count)

    async def command(self, path: str, body: Any = None) -> dict[str, Any]:
        """What another program or clerk does."""
        headers = {"Idempotency-Key": f"{self.zone}-{next(self._keys)}", "X-CSRF-Token": self.building.csrf}
        cookies = {"wartezone": self.building.cookie}
        async with httpx.AsyncClient(base_url=self.building.office.address, cookies=cookies) as client:
            answer = await client.post(f"/api/v1/zones/{self.zone}/{path}", json=body or {}, headers=headers)
        assert answer.is_success, answer.text
        return dict(answer.json()) if answer.content else {}

    async def draw(self, service: str = "short", visitor_class: str = "normal") -> dict[str, Any]:
        done = await self.command("tickets", {"service": service, "visitor_class": visitor_class})
        return dict(done["ticket"])

    async def numbers(self, count: int) -> list[str]:
        return [str((await self.draw())["number"]) for _ in range(count)]

    async def public(self) -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=self.building.office.address) as client:
            return dict((await client.get(f"/api/v1/zones/{self.zone}")).json())


@dataclass(slots=True)
class Screens:
    """Pages of one browser, in German. What went wrong in any of them is in `faults`."""

    hall: Hall
    browser: Browser
    faults: list[str] = field(default_factory=list)
    loads: dict[Page, int] = field(default_factory=dict)

    async def wall(self, size: tuple[int, int] = WIDE, query: str = "") -> Page:
        return await self._page(await self._context(size), f"/lobby/wall-{self.hall.zone}{query}")

    async def desk(self, counter: str = "1", size: tuple[int, int] = (1280, 800), **more: Any) -> Page:
        page = await self._page(await self._staff(size, **more), f"/desk/{self.hall.zone}/{counter}")
        await page.locator('[data-part="counter-state"]').wait_for()
        return page

    async def board(self) -> Page:
        return await self._page(await self._staff((1280, 800)), "/board")

    async def staff(self, path: str, size: tuple[int, int] = (1280, 800), **more: Any) -> Page:
        return await self._page(await self._staff(size, **more), path)

    async def _staff(self, size: tuple[int, int], **more: Any) -> BrowserContext:
        context = await self._context(size, **more)
        address = self.hall.building.office.address
        await context.add_cookies([{"name": "wartezone", "value": self.hall.building.cookie, "url": address}])
        return context

    async def _context(self, size: tuple[int, int], **more: Any) -> BrowserContext:
        return await self.browser.new_context(
            base_url=self.hall.building.office.address,
            locale="de-DE",
            viewport={"width": size[0], "height": size[1]},
            **more,
        )

    async def _page(self, context: BrowserContext, path: str) -> Page:
        page = await context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{path}: {error}"))
        page.on("load", lambda loaded: self.loads.__setitem__(loaded, self.loads.get(loaded, 0) + 1))
        answer = await page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        return page


@asynccontextmanager
async def screens_in(browser: Browser, hall: Hall) -> AsyncIterator[Screens]:
    """Those of one test."""
    screens = Screens(hall, browser)
    async with left_empty(browser):
        yield screens
    assert screens.faults == []

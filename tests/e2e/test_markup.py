"""Every page of every face is valid HTML, for everybody and for staff, in an empty house and in a full one."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from queue_core.domain.model import ServiceId, TicketId
from queue_core.domain.office import Appointments, Remote, Survey
from queue_core.domain.principal import Role
from queue_core.domain.site import Site, Video
from queue_core.web.face import load_faces
from tests.public_feed.now.weeks import rhythm
from tests.support.cases import NUMBER, PIN, RULES
from tests.support.eventually import eventually
from tests.support.markup import faults
from tests.support.web_office import ORIGIN, WebOffice, open_web_office
from tests.support.zones import APPOINTMENT, NEW, SHORT, zone

HALL = zone(appointments=Appointments((NEW,), APPOINTMENT, share=1.0), remote=Remote(), survey=Survey())
VIDEOS = (Video("tour", {"de": "Rundgang"}, file="tour.webm"), Video("money", {"de": "Geld"}, youtube="dQw4w9WgXcQ"))
SITE = Site(
    {"de": "Amt & Söhne"},
    ("de",),
    imprint={"de": '# "Wer" <b>\n- <p>\n\nhttps://a.example/?a=1&b=2'},
    videos=VIDEOS,
    cases=RULES,
)
EVERYBODY = (
    *("/", "/?q=xyz", "/z/hall", "/z/hall/week", "/z/hall/draw", "/z/hall/here", "/z/none", "/t/none", "/a/none"),
    *("/imprint", "/privacy", "/accessibility", "/easy", "/videos", "/offline", "/status", "/status/none"),
    *("/appointments", "/appointments/hall", "/appointments/hall/new", "/widget", "/widget/hall", "/survey/none"),
    *("/login", "/welcome", "/kiosk/hall", "/lobby/hall", "/kiosk/none", "/lobby/none"),
)
STAFF = (
    *("/desk", "/desk/hall/1", "/desk/hall/2", "/desk/hall/9", "/board", "/devices", "/cases", "/cases/none"),
    *("/bookings/hall", "/bookings/hall/new", "/bookings/hall/new?service=new", "/bookings/none"),
    *("/z/hall/entrance", "/z/hall/survey", "/kiosk/hall", "/lobby/hall"),
)


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, HALL, zone("other"), faces=load_faces(), site=SITE) as opened:
        await opened.remember(rhythm=rhythm("new", "short", opens=0, closes=96))
        yield opened


@pytest.mark.parametrize("language", ["de", "ar"])
async def test_every_page_is_valid(office: WebOffice, language: str, tmp_path: Path) -> None:
    """The pages stay in the test's folder: docs/benchmarks.md has the W3C's checker read them."""
    staff = await office.bearer(Role.ADMIN)
    pages = await _pages(office, language, EVERYBODY) | await _pages(office, language, STAFF, staff)
    links = await _fill(office)
    pages |= await _pages(office, language, (*EVERYBODY, *links))
    pages |= await _pages(office, language, (*STAFF, *await _staff_links(office, staff)), staff)
    for n, text in enumerate(pages):
        (tmp_path / f"{n}.html").write_text(text)
    assert {path: found for text, path in pages.items() if (found := faults(text))} == {}


async def _pages(
    office: WebOffice, language: str, paths: tuple[str, ...], credential: dict[str, str] | None = None
) -> dict[str, str]:
    """Text -> path of it."""
    found = {}
    for path in paths:
        query = f"{'&' if '?' in path else '?'}lang={language}"
        page = await office.http.get(f"{path}{query}", headers={"Accept": "text/html", **(credential or {})})
        assert page.headers["content-type"].startswith("text/html"), (path, page.status_code)
        assert page.status_code < httpx.codes.INTERNAL_SERVER_ERROR, path
        found[page.text] = path
    return found


async def _fill(office: WebOffice) -> tuple[str, ...]:
    """Somebody in every state, a stop, an alarm, a case, appointments that are held, booked and cancelled. The pages of
    visitors."""
    drawn = [await office.draw(service) for _ in range(4) for service in (NEW, SHORT)]
    for move in (
        "open",
        "call-next",
        "start",
        "park",
        "call-next",
        "miss",
        "call-next",
        "start",
        "finish",
        "call-next",
    ):
        await _done(office, f"counters/1/{move}")
    await _done(office, "counters/2/open")
    await _done(office, "counters/2/pause", reason="<b>")
    await _done(office, "services/short/close")
    await _done(office, "alarms", kind="emergency", counter="1")
    own = [office.frame.links.path(office.zone.id, TicketId(ticket["id"])) for ticket in drawn]
    held = [await _held(office, n) for n in range(3)]
    await _done(office, f"appointments/{held[1].rpartition('/')[2]}/confirm")
    await _done(office, f"appointments/{held[2].rpartition('/')[2]}/cancel")
    case = {"case": NUMBER, "pin": PIN, "stage": "checking", "updated_at": "2026-01-05T09:00:00+01:00"}
    headers = await office.bearer(Role.ADMIN)
    assert (await office.http.put("/api/v1/cases", json={"cases": [case]}, headers=headers)).is_success
    last = TicketId(drawn[-1]["id"])
    await eventually(lambda: last in office.hub.snapshot(office.zone.id).tickets)
    return (*own, *held, await _look(office, "/status", {"case": NUMBER, "pin": PIN}))


async def _staff_links(office: WebOffice, credential: dict[str, str]) -> tuple[str, ...]:
    booked = await office.command("bookings", {"service": NEW, "slot_at": "2030-03-04T09:30:00+01:00"})
    one = f"/bookings/hall/at/{booked.json()['booking']['id']}"
    return (one, await _look(office, "/cases", {"case": NUMBER}, credential))


async def _look(office: WebOffice, path: str, form: dict[str, str], credential: dict[str, str] | None = None) -> str:
    headers = {"Origin": ORIGIN, "Accept": "text/html", **(credential or {})}
    answer = await office.http.post(path, data=form, headers=headers)
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
    return answer.headers["location"]


async def _held(office: WebOffice, n: int) -> str:
    days = (await office.get(f"/api/v1/zones/hall/slots?service={ServiceId(NEW)}")).json()["days"]
    slot = [slot["slot_at"] for day in days for slot in day["slots"] if slot["free"]][n]
    own: str = (await _done(office, "appointments", service=NEW, slot_at=slot))["links"]["own"]
    return own


async def _done(office: WebOffice, path: str, **body: str) -> dict[str, Any]:
    answer = await office.command(path, body)
    assert answer.is_success, (path, answer.text)
    return dict(answer.json())

"""The preview of tickets: the printer's very picture, for those who may see it."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from queue_core.domain.devices import MEDIA, Devices, KioskPlace, PrinterPlace
from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Role
from tests.support.web_office import WebOffice, open_web_office
from ticket_kiosk.face import face

PAPER = "/kiosk/entrance/paper"


def devices(**printer: Any) -> Devices:
    place = PrinterPlace("tcp://127.0.0.1", **printer)
    return Devices({"entrance": KioskPlace("entrance", (ZoneId("hall"),), printer=place)}, folder=str(Path("/nowhere")))


def stranger(office: WebOffice) -> httpx.AsyncClient:
    """Somebody on another machine."""
    transport = httpx.ASGITransport(office.app, client=("10.0.0.9", 40_000))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080")


async def drawn(office: WebOffice, query: str = "") -> Image.Image:
    answer = await office.http.get(f"{PAPER}.png?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    return Image.open(BytesIO(answer.content))


async def test_it_is_a_picture_as_the_printer_gets_it(office: WebOffice) -> None:
    paper = await drawn(office, "lang=de&service=short")
    assert (paper.mode, paper.width) == ("1", 576)


async def test_every_kind_is_another_picture_and_an_emergency_ticket_the_shortest(office: WebOffice) -> None:
    papers = {kind: await drawn(office, f"kind={kind}") for kind in ("ticket", "appointment", "copy", "emergency")}
    assert len({paper.tobytes() for paper in papers.values()}) == 4
    assert min(papers, key=lambda kind: papers[kind].height) == "emergency"


async def test_it_is_as_wide_as_the_kiosks_own_paper(valkey_url: str, tmp_path: Path) -> None:
    narrow = devices(width_dots=384, head={"de": "Stadt"})
    async with open_web_office(valkey_url, tmp_path, faces=[face], devices=narrow) as office:
        assert (await drawn(office)).width == 384


async def test_the_page_shows_every_language(office: WebOffice) -> None:
    page = await office.http.get(PAPER)
    assert page.status_code == 200
    for language in office.zone.languages:
        assert f"/kiosk/entrance/paper.png?lang={language}&amp;service=new" in page.text
    assert "Nobody has this number" in (await office.http.get(f"{PAPER}?lang=en")).text


@pytest.mark.parametrize("path", [PAPER, f"{PAPER}.png"])
async def test_from_another_machine_only_staff_of_the_zone_sees_it(office: WebOffice, path: str) -> None:
    async with stranger(office) as http:
        assert (await http.get(path)).status_code == 401
        for role, status in [(Role.DEVICE, 401), (Role.VIEWER, 401), (Role.COUNTER, 200)]:
            assert (await http.get(path, headers=await office.bearer(role))).status_code == status
        elsewhere = {"Authorization": f"Bearer {await office.token(Role.ADMIN, ['elsewhere'])}"}
        assert (await http.get(path, headers=elsewhere)).status_code == 401


@pytest.mark.parametrize("query", ["lang=xx", "service=none", "kind=none"])
async def test_what_there_is_not_is_not_found(office: WebOffice, query: str) -> None:
    assert (await office.http.get(f"{PAPER}.png?{query}")).status_code == 404


async def test_the_logo_lies_among_the_offices_media(valkey_url: str, tmp_path: Path) -> None:
    (tmp_path / MEDIA).mkdir()
    Image.new("L", (100, 100), 0).save(tmp_path / MEDIA / "logo.png")
    place = replace(devices(logo="logo.png"), folder=str(tmp_path))
    async with open_web_office(valkey_url, tmp_path, faces=[face], devices=place) as office:
        paper = await drawn(office)
        assert paper.crop((238, 0, 338, 100)).convert("L").getextrema() == (0, 0)


async def test_an_unusable_logo_is_said_and_not_left_out(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=[face], devices=devices(logo="none.png")) as office:
        answer = await office.http.get(f"{PAPER}.png")
        assert (answer.status_code, answer.json()["code"]) == (409, "logo_unusable")

"""What the wall's page is told, and who may see a wall of several zones."""

import json
from collections.abc import AsyncIterator
from datetime import date, time
from pathlib import Path

import pytest

from display_server.lobby.display import Display
from display_server.lobby.face import face
from display_server.lobby.wall import facts, languages_of, theme_of
from queue_core.domain.devices import Devices, DisplayPlace, Notice, Theme
from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Role
from queue_core.web.device import COOKIE
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import zone

FOREIGN = {"X-Forwarded-For": "192.0.2.7"}
SPOKEN = ("de", "en")
BOTH = DisplayPlace("both", (ZoneId("hall"), ZoneId("annex")))


def display(**changes: object) -> Display:
    return Display(DisplayPlace("wall", (ZoneId("hall"),), **changes), (zone(),))  # type: ignore[arg-type]


def test_a_wall_is_written_in_its_own_languages_then_in_its_zones_first() -> None:
    assert languages_of(display(languages=("en", "tr", "de")), SPOKEN) == ("en", "de")
    assert languages_of(display(), SPOKEN) == ("de",)
    assert languages_of(display(languages=("tr",)), SPOKEN) == ("de",)
    assert languages_of(display(), SPOKEN, asked="en") == ("en",)
    assert languages_of(display(), SPOKEN, asked="xx") == ("de",)


def test_whoever_looks_may_ask_for_another_theme() -> None:
    assert theme_of(display(theme=Theme.DARK)) is Theme.DARK
    assert theme_of(display(), "contrast") is Theme.CONTRAST
    assert theme_of(display(), "pink") is Theme.LIGHT


def test_the_page_is_told_dates_and_times_as_they_are_written() -> None:
    night = display(blank_from=time(19), blank_to=time(6, 30), notices=(Notice({"de": "x"}, begins=date(2026, 5, 4)),))
    told = json.loads(facts(night))
    assert told["blank"] == ["19:00", "06:30"]
    assert told["notices"] == [{"text": {"de": "x"}, "begins": "2026-05-04", "ends": None}]
    assert json.loads(facts(display(blank_from=time(19), blank_to=time(19))))["blank"] is None


def test_an_accent_becomes_a_pair_that_can_be_read() -> None:
    assert json.loads(facts(display(accent="#808080")))["accent"]["text"] == "#000000"
    assert json.loads(facts(display()))["accent"] is None


@pytest.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    zones = (zone(), zone("annex"))
    async with open_web_office(
        valkey_url, tmp_path, *zones, faces=[face], devices=Devices(displays={"both": BOTH})
    ) as opened:
        yield opened


@pytest.mark.parametrize(
    ("zones", "status"),
    [(["hall"], 303), (["annex"], 303), (["hall", "annex"], 200), (None, 200)],
    ids=["the-first", "the-second", "both", "every"],
)
async def test_a_device_shows_a_wall_only_if_it_may_see_all_of_its_zones(
    office: WebOffice, zones: list[str] | None, status: int
) -> None:
    token = await office.token(Role.DEVICE, zones)
    answer = await office.http.get("/lobby/both", headers={**FOREIGN, "Cookie": f"{COOKIE}={token}"})
    assert answer.status_code == status


async def test_staff_of_one_zone_do_not_see_a_wall_of_two(office: WebOffice) -> None:
    for zones, status in ((["hall"], 303), (["hall", "annex"], 200)):
        headers = {"Authorization": f"Bearer {await office.token(Role.VIEWER, zones)}"}
        assert (await office.http.get("/lobby/both", headers={**FOREIGN, **headers})).status_code == status

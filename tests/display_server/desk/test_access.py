"""Who may work at a desk."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from display_server.board.face import face as board
from display_server.desk.face import face as desk
from display_server.devices.face import face as devices
from queue_core.domain.principal import Role
from tests.support.web_office import WebOffice, open_web_office

PAGE = {"Accept": "text/html"}
DESK = "/desk/hall/1"


@pytest.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, faces=[desk, board, devices]) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/desk", DESK, "/board"])
async def test_whoever_is_not_logged_in_is_led_to_the_login_and_back(office: WebOffice, path: str) -> None:
    answer = await office.http.get(path, headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/login?next={path.replace('/', '%2F')}"


@pytest.mark.parametrize("role", [Role.DEVICE, Role.VIEWER])
@pytest.mark.parametrize("path", ["/desk", DESK, "/board"])
async def test_devices_and_onlookers_may_not(office: WebOffice, path: str, role: Role) -> None:
    assert (await office.get(path, role)).status_code == 403


async def test_a_clerk_may_work_but_not_oversee(office: WebOffice) -> None:
    assert (await office.get("/desk", Role.COUNTER)).status_code == 200
    assert (await office.get(DESK, Role.COUNTER)).status_code == 200
    assert (await office.get("/board", Role.COUNTER)).status_code == 403
    assert (await office.get("/board", Role.SUPERVISOR)).status_code == 200


@pytest.mark.parametrize("role", [Role.COUNTER, Role.SUPERVISOR])
async def test_the_menu_leads_only_where_one_may_go(office: WebOffice, role: Role) -> None:
    menu = (await office.get(DESK, role)).text
    for path in ("/board", "/devices"):
        is_allowed = (await office.get(path, role)).status_code == 200
        assert (f'href="{path}"' in menu) == is_allowed
    assert 'href="/devices"' in menu


async def test_a_clerk_of_another_zone_sees_no_counter(office: WebOffice) -> None:
    elsewhere = {"Authorization": f"Bearer {await office.token(Role.COUNTER, ['elsewhere'])}"}
    assert (await office.http.get(DESK, headers=elsewhere)).status_code == 403
    assert DESK not in (await office.http.get("/desk", headers=elsewhere)).text


async def test_there_is_no_desk_at_an_unknown_counter(office: WebOffice) -> None:
    assert (await office.get("/desk/hall/9", Role.COUNTER)).status_code == 404
    assert (await office.get("/desk/nowhere/1", Role.ADMIN)).status_code in (403, 404)


async def test_the_list_names_counters_and_their_states(office: WebOffice) -> None:
    await office.command("counters/1/open")
    listed = (await office.get("/desk?lang=en", Role.COUNTER)).text
    assert "Counter 1" in listed
    assert "closed" in listed

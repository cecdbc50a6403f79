"""Deny by default: every route of the whole application declares who may, and holds everybody else off."""

from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from queue_core.domain.principal import Role
from queue_core.web.access import Guarded, UndeclaredAccess, policies, public, requires
from queue_core.web.app import create_app
from queue_core.web.face import Face, load_faces
from tests.support.web_office import WebOffice, open_web_office

_VALUES = {"zone": "hall", "counter": "1", "service": "new", "ticket": "none", "booking": "none", "alarm": "none"}


def filled(guarded: Guarded) -> str:
    path = guarded.path.replace(":path}", "}")
    for name in {part.strip("{}") for part in path.split("/") if part.startswith("{")}:
        path = path.replace(f"{{{name}}}", _VALUES.get(name, "x"))
    return path


async def test_every_route_of_frame_and_faces_holds_off_who_may_not(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=load_faces()) as office:
        closed = [guarded for guarded in policies(office.app.routes) if guarded.roles is not None]
        assert len(closed) > 20
        for guarded in closed:
            path = filled(guarded)
            nobody = await office.http.request(guarded.method, path)
            assert nobody.status_code == 401, guarded
            assert nobody.headers["WWW-Authenticate"].startswith("Bearer")
            for role in sorted(set(Role) - (guarded.roles or set())):
                wrong = await office.http.request(guarded.method, path, headers=await office.bearer(role))
                assert wrong.status_code == 403, (guarded, role)


async def test_a_token_ends_at_its_zone(office: WebOffice) -> None:
    elsewhere = {"Authorization": f"Bearer {await office.token(Role.ADMIN, ['other'])}", "Idempotency-Key": "k"}
    for guarded in policies(office.app.routes):
        if guarded.roles and "{zone}" in guarded.path:
            answer = await office.http.request(guarded.method, filled(guarded), headers=elsewhere)
            assert answer.status_code == 403, guarded


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic YTpi", "nonsense", "Bearer " + "x" * 5000])
async def test_a_wrong_token_is_401(office: WebOffice, header: str) -> None:
    answer = await office.http.get("/api/v1/zones/hall/next?counter=1", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_a_page_for_staff_sends_strangers_to_the_login(valkey_url: str, tmp_path: Path) -> None:
    face = Face("staff", "queue_core.web", lambda _frame: [Route("/staff", requires(Role.ADMIN)(_hello))])
    async with open_web_office(valkey_url, tmp_path, faces=[face]) as office:
        answer = await office.http.get("/staff?a=b", headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=%2Fstaff%3Fa%3Db")


async def test_an_application_with_an_undeclared_route_does_not_start(office: WebOffice) -> None:
    forgetful = Face("forgetful", "queue_core.web", lambda _frame: [Route("/open", _hello)])
    with pytest.raises(UndeclaredAccess, match="/open"):
        create_app(office.frame, [forgetful], office.store.check)


async def test_one_declaration_is_not_another_methods() -> None:
    assert [g.roles for g in policies([Route("/a", public(_hello), methods=["GET", "POST"])])] == [None, None]


async def _hello(_request: Request) -> Response:
    return PlainTextResponse("hello")

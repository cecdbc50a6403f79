"""The switch asks fewer routes than Starlette's own router, and comes to the same end."""

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Match, Mount, Route, Router

from queue_core.web.switch import Switch
from tests.support.web_office import WebOffice


async def named(request: Request) -> Response:
    return PlainTextResponse(f"{request.scope['route'].path} {request.path_params}")


PATHS = (
    "/",
    "/a",
    "/{one}",
    "/a/{one}",
    "/{one}/b",
    "/a/b",
    "/files/{path:path}",
    "/a/{one}/c.txt",
    "/a/{one}/{two}.txt",
)
ASKED = ("/", "/a", "/b", "/a/", "/a/b", "/a/c", "/c/b", "/c/d", "/files/x/y/z", "/files/b", "/a/x/c.txt", "/a/x/d.txt")


def found(router: Router, path: str) -> str | None:
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    asked = router._asked(path) if isinstance(router, Switch) else router.routes
    return next((str(r) for r in asked if r.matches(scope)[0] is Match.FULL), None)


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("order", [1, -1])
def test_the_same_route_is_found(path: str, order: int) -> None:
    routes = [Route(p, named) for p in PATHS[::order]]
    assert found(Switch(routes), path) == found(Router(routes), path)


def test_a_mount_is_asked_wherever_it_lies() -> None:
    routes = [Mount("/m", routes=[Route("/a/b", named)]), Route("/m/{one}", named)]
    assert found(Switch(routes), "/m/a/b") == found(Router(routes), "/m/a/b") is not None


async def test_hardly_any_of_the_applications_routes_is_asked(office: WebOffice) -> None:
    router = office.app.router
    assert isinstance(router, Switch)
    for path in ("/api/v1/zones/hall/tickets", "/api/v1/zones/hall/counters/1/call-next"):
        assert len(router._asked(path)) <= 3 < len(router.routes)

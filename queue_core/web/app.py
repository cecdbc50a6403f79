"""The application: the frame's own routes, the faces' routes, and what every request passes through."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queue_core.appointments import Appointments
from queue_core.casework.casework import CaseOffice
from queue_core.domain.devices import Devices
from queue_core.domain.site import Site
from queue_core.engine import Engine
from queue_core.live.hub import Hub
from queue_core.mail.post import Post
from queue_core.settings import DAY_S, HOLDS_WITHIN_S, KIB, Settings
from queue_core.speech.chosen import speech_of
from queue_core.watch.watch import Watch
from queue_core.web import login, speech
from queue_core.web.access import policies, public
from queue_core.web.api.operations import OPERATIONS
from queue_core.web.api.routes import api_routes
from queue_core.web.assets import STATIC, Assets
from queue_core.web.devices import routes as devices
from queue_core.web.face import Face
from queue_core.web.frame import Frame
from queue_core.web.gate import Gate
from queue_core.web.guards import BodyLimit, Hosts
from queue_core.web.headers import SecurityHeaders
from queue_core.web.identity import Identity
from queue_core.web.links import BookingLinks, Links
from queue_core.web.newsstand import Newsstand
from queue_core.web.openapi import openapi_document
from queue_core.web.request_log import Metrics
from queue_core.web.seat import Seats
from queue_core.web.secret import load_secret
from queue_core.web.shelf import Shelf
from queue_core.web.switch import Switch
from queue_core.web.throttle import Throttle, Throttles
from queue_core.web.turns import Turns
from queue_core.web.words import lineage

CheckStore = Callable[[], Awaitable[None]]


def make_frame(
    engine: Engine,
    hub: Hub,
    settings: Settings,
    identity: Identity,
    assets: Assets,
    site: Site,
    devices: Devices,
    seats: Seats,
    watch: Watch,
    cases: CaseOffice,
    post: Post,
) -> Frame:
    secret = load_secret(settings)
    return Frame(
        engine,
        hub,
        settings,
        Links(secret),
        assets,
        identity,
        Throttle(settings.draws_per_minute),
        Throttle(settings.draws_per_minute_of_address),
        site,
        devices,
        seats,
        watch,
        speech_of(settings),
        cases,
        Appointments(engine, hub.snapshot, hub.now_ms),
        BookingLinks(secret),
        Throttles(
            Throttle(settings.holds_of_address, within_s=HOLDS_WITHIN_S),
            Throttle(settings.holds_of_address_a_day, within_s=DAY_S),
        ),
        Throttle(settings.appointment_asks_per_minute_of_address),
        post,
    )


def face_assets(faces: Iterable[Face]) -> Assets:
    """The static files of the frame, of these faces and of the packages above them, which own theirs by their own name;
    `build` also goes into the hub's heartbeats."""
    above = {name: name for face in faces for name in lineage(face.package)[1:-1]}
    return Assets({**above, **{face.name: face.package for face in faces}})


def create_app(frame: Frame, faces: Sequence[Face], check_store: CheckStore, figures: Path | None = None) -> Starlette:
    """Raises `UndeclaredAccess` for a route that does not say who may use it. `figures`: see `Metrics`.

    Set `app.state.draining` when the shutdown begins: /readyz then answers 503.
    """
    operations = [*OPERATIONS, *(operation for face in faces for operation in face.operations)]
    shelf = Shelf(frame, operations)
    routes: list[BaseRoute] = [
        *api_routes(frame, operations, shelf),
        Route(f"{STATIC}/{{path:path}}", public(_static(frame.assets))),
        *login.routes(frame),
        *devices.routes(frame),
        *speech.routes(frame),
        *(route for face in faces for route in face.routes(frame.of(face.name, face.package))),
    ]
    list(policies(routes))
    metrics = Metrics(lambda: len(frame.hub.seats), figures)
    app = Application(frame, routes, shelf, metrics)
    app.state.frame = frame
    app.state.identify = frame.identity
    app.state.metrics = metrics
    app.state.check_store = check_store
    app.state.draining = False
    app.state.openapi = cache(lambda: orjson.dumps(openapi_document(operations)))
    return app


class Application(Starlette):
    """Starlette's routing and requests, behind our own three layers instead of its stack of middlewares."""

    def __init__(self, frame: Frame, routes: Sequence[BaseRoute], shelf: Shelf, metrics: Metrics) -> None:
        super().__init__()
        self.router = Switch(routes)
        settings = frame.settings
        hosts, security = Hosts(settings), SecurityHeaders(settings.tls)
        gate = Gate(self.router, frame, hosts, security, BodyLimit(settings.body_most_kib * KIB), metrics)
        turns = Turns(gate, settings, frame.identity)
        self.middleware_stack = Newsstand(turns, shelf, hosts, security, metrics)


def _static(assets: Assets) -> Callable[[Request], Awaitable[Response]]:
    async def static(request: Request) -> Response:
        return assets.respond(request)

    return static

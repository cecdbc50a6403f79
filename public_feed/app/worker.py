"""The service worker of the pages for everybody: another one with each build, so that nothing of an old build stays."""

import orjson
from starlette.requests import Request
from starlette.responses import Response

from queue_core.web.access import Endpoint, public
from queue_core.web.assets import REVALIDATED
from queue_core.web.face import Frame

#: What the own ticket's page and the one without a network are made of.
SHELL = (
    "public_feed/elements.css",
    "public_feed/fonts.css",
    "web/css/tokens.css",
    "web/css/app.css",
    "web/icon.svg",
    "web/js/stream.js",
    "web/js/records.js",
    "web/js/ranges.js",
    "web/js/subscription.js",
    "public_feed/public.css",
)
FACES = ("ticket", "app")
_SCRIPT = "app/worker.js"


def worker(frame: Frame) -> Endpoint:
    assets = frame.assets
    owned = [
        url for face in FACES if face in assets.owners for url in assets.urls(face) if url.endswith((".js", ".css"))
    ]
    known = {
        "build": assets.build,
        "shell": [*map(assets.url, SHELL), *owned],
        "offline": "/offline",
        "icon": assets.url("app/icon-192.png"),
        "badge": assets.url("app/badge-96.png"),
    }
    body = b"const KNOWN = " + orjson.dumps(known) + b";\n" + assets.content(_SCRIPT)

    @public
    async def worker(_request: Request) -> Response:
        return Response(body, media_type="text/javascript", headers={"Cache-Control": REVALIDATED})

    return worker

"""The app's manifest: its name, icons and shortcuts, in the language of the page that asks."""

from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from queue_core.web.access import Endpoint, public
from queue_core.web.assets import REVALIDATED
from queue_core.web.face import Frame
from queue_core.web.words import LANGUAGE_QUERY, direction, translations

PACKAGE = "public_feed.app"
MEDIA_TYPE = "application/manifest+json"
#: Of tokens.css: the bar above a page, and what is seen before it.
THEME, BACKGROUND = "#1b3a8f", "#f4f6fb"
_SIZES = (192, 512)


def manifest(frame: Frame) -> Endpoint:
    @public
    async def manifest(request: Request) -> Response:
        body = orjson.dumps(_manifest(frame, frame.language(request)))
        return Response(body, media_type=MEDIA_TYPE, headers={"Cache-Control": REVALIDATED})

    return manifest


def _manifest(frame: Frame, language: str) -> dict[str, Any]:
    _ = translations(PACKAGE, language).gettext
    return {
        "id": "/",
        "name": _("Wartezone: waits and your number"),
        "short_name": "Wartezone",
        "description": _("How long the wait is now, your number, appointments and where your application stands."),
        "lang": language,
        "dir": direction(language),
        "start_url": f"/?{LANGUAGE_QUERY}={language}",
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME,
        "background_color": BACKGROUND,
        "icons": [_icon(frame, size, purpose) for purpose in ("any", "maskable") for size in _SIZES],
        "shortcuts": [
            {"name": name, "url": f"{path}?{LANGUAGE_QUERY}={language}", "icons": [_icon(frame, _SIZES[0], "any")]}
            for face, path, name in _shortcuts(_)
            if face in frame.assets.owners
        ],
    }


def _shortcuts(_: Callable[[str], str]) -> list[tuple[str, str, str]]:
    """Face, path and name."""
    return [
        ("public", "/", _("Waits now")),
        ("appointments", "/appointments", _("Book an appointment")),
        ("cases", "/status", _("Where my application stands")),
    ]


def _icon(frame: Frame, size: int, purpose: str) -> dict[str, str]:
    name = f"icon-{size}.png" if purpose == "any" else f"icon-{purpose}-{size}.png"
    return {
        "src": frame.assets.url(f"app/{name}"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }

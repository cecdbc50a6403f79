"""What a wall shows between calls: which of it may be shown at all, and the files of the office's folder `media/`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from queue_core.domain.devices import DisplayPlace, Medium, MediumKind
from queue_core.domain.office import Text
from queue_core.web import media
from queue_core.web.media import YOUTUBE

_FILES = frozenset({MediumKind.IMAGE, MediumKind.VIDEO})
_YOUTUBE_ID = re.compile(r"[\w-]{11}", re.ASCII)
_YOUTUBE_QUERY = "autoplay=1&mute=1&controls=0&disablekb=1&fs=0&rel=0&playsinline=1"


@dataclass(frozen=True, slots=True)
class Shown:
    """A medium as the page gets it: `address` to load, `origin` of a foreign one, "" for our own files."""

    kind: MediumKind
    address: str
    origin: str
    seconds: int
    text: Text


def playlist(place: DisplayPlace) -> tuple[Shown, ...]:
    """What may be shown; a YouTube video only where the wall's configuration allows it."""
    return tuple(shown for medium in place.media if (shown := _shown(place, medium)))


def refused(place: DisplayPlace) -> tuple[str, ...]:
    """The sources that this wall will not show."""
    return tuple(medium.source for medium in place.media if _shown(place, medium) is None)


def frame_sources(shown: Iterable[Shown]) -> frozenset[str]:
    """The origins whose pages stand in this wall's page."""
    return frozenset(medium.origin for medium in shown if medium.origin)


def file_address(place: DisplayPlace, source: str) -> str:
    return f"/lobby/{quote(place.id)}/media/{quote(source)}"


async def answer(request: Request, folder: str, place: DisplayPlace, source: str) -> Response:
    """A file that this wall is configured to show."""
    configured = {medium.source for medium in place.media if medium.kind in _FILES} | {place.logo}
    return await media.answer(request, folder, configured, source)


def _shown(place: DisplayPlace, medium: Medium) -> Shown | None:
    address, origin = _address(place, medium)
    return Shown(medium.kind, address, origin, medium.seconds, medium.text) if address else None


def _address(place: DisplayPlace, medium: Medium) -> tuple[str, str]:
    if medium.kind in _FILES:
        return file_address(place, medium.source), ""
    if medium.kind is MediumKind.PAGE:
        return _page(medium.source)
    if place.youtube and _YOUTUBE_ID.fullmatch(medium.source):
        return f"{YOUTUBE}/embed/{medium.source}?{_YOUTUBE_QUERY}", YOUTUBE
    return "", ""


def _page(address: str) -> tuple[str, str]:
    try:
        parsed = urlsplit(address)
        if parsed.scheme not in ("http", "https") or not parsed.hostname or parsed.username:
            return "", ""
        port = f":{parsed.port}" if parsed.port else ""
    except ValueError:
        return "", ""
    host = f"[{parsed.hostname}]" if ":" in parsed.hostname else parsed.hostname
    return address, f"{parsed.scheme}://{host}{port}"

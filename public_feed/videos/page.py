"""The page of videos and the files that it plays. Nothing is asked of another site before somebody clicks."""

from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from queue_core.domain.site import Video
from queue_core.web import media
from queue_core.web.face import Frame
from queue_core.web.headers import content_security_policy
from queue_core.web.problems import not_found
from queue_core.web.slim import slim
from queue_core.web.words import endonym

_MINUTE_S = 60
_EMBED_QUERY = "autoplay=1&rel=0&cc_load_policy=1"


@dataclass(frozen=True, slots=True)
class Track:
    language: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A video as the page gets it: `address` plays from this server, `frame` and `page` are elsewhere."""

    video: Video
    address: str
    poster: str
    frame: str
    page: str
    length: str
    spoken: str
    tracks: tuple[Track, ...]


class VideoPage:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._videos = [_shown(video) for video in frame.site.videos]
        self._files = frozenset().union(*(video.files for video in frame.site.videos))

    async def show(self, request: Request) -> Response:
        """No page where nothing is configured. Frames of another site may stand in this page alone."""
        if not self._videos:
            raise not_found()
        response = self._frame.page(request, "videos.html", {"videos": self._videos})
        if any(shown.frame for shown in self._videos):
            scheme = "wss" if self._frame.settings.tls else "ws"
            policy = content_security_policy(scheme, request.headers.get("host", "")).decode()
            response.headers["Content-Security-Policy"] = f"{policy}; frame-src {media.YOUTUBE}"
        return slim(request, response)

    async def file(self, request: Request) -> Response:
        return await media.answer(request, self._frame.devices.folder, self._files, str(request.path_params["source"]))


def _shown(video: Video) -> Shown:
    return Shown(
        video,
        address=_address(video.file),
        poster=_address(video.poster),
        frame=f"{media.YOUTUBE}/embed/{video.youtube}?{_EMBED_QUERY}" if video.youtube else "",
        page=f"https://www.youtube.com/watch?v={video.youtube}" if video.youtube else "",
        length="{}:{:02}".format(*divmod(video.length_s, _MINUTE_S)) if video.length_s else "",
        spoken=endonym(video.language) if video.language else "",
        tracks=tuple(Track(tag, endonym(tag), _address(file)) for tag, file in video.captions.items()),
    )


def _address(file: str) -> str:
    return f"/videos/media/{quote(file)}" if file else ""

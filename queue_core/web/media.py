"""Files of the office's folder `media/`: pictures, films and their captions, as far as a page is configured to show
them."""

from collections.abc import Container, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from queue_core.domain.devices import MEDIA
from queue_core.web.assets import REVALIDATED
from queue_core.web.headers import DOCUMENT_POLICY
from queue_core.web.problems import not_found

#: What every browser shows without a plugin. A drawing that is asked for as a page of its own runs nothing.
TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".avif": "image/avif",
        ".gif": "image/gif",
        ".jpeg": "image/jpeg",
        ".jpg": "image/jpeg",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".webp": "image/webp",
        ".mp4": "video/mp4",
        ".webm": "video/webm",
        ".vtt": "text/vtt; charset=utf-8",
    }
)
#: Plays a video without telling its advertisers.
YOUTUBE = "https://www.youtube-nocookie.com"


def file_of(folder: str, configured: Container[str], source: str) -> Path:
    """Raises `Problem` 404 for a file that is not configured, wherever its name leads."""
    if not (folder and source in configured and PurePosixPath(source).suffix.lower() in TYPES):
        raise not_found()
    home = Path(folder, MEDIA).resolve()
    path = (home / source).resolve()
    if not (path.is_relative_to(home) and path.is_file()):
        raise not_found()
    return path


async def answer(request: Request, folder: str, configured: Container[str], source: str) -> Response:
    """Streamed, by parts where the browser asks for parts, and not at all where it has the file already."""
    path = await to_thread.run_sync(file_of, folder, configured, source)
    media_type = TYPES[path.suffix.lower()]
    headers = {"Cache-Control": REVALIDATED, "Content-Security-Policy": DOCUMENT_POLICY}
    response = FileResponse(path, headers=headers, media_type=media_type, stat_result=path.stat())
    etag = response.headers["etag"]
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={**headers, "ETag": etag})
    return response


def policy_with_frames(policy: str, origins: str) -> str:
    """A page's policy that lets in frames of these origins, which it may ask whether they are there."""
    return policy.replace("connect-src", f"frame-src {origins}; connect-src {origins}") if origins else policy

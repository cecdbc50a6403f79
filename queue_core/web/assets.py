"""Static files: read once, hashed, compressed, and served from memory.

Every file has two addresses: `/static/<build>/<owner>/<path>`, immutable for a year, and `/static/<owner>/<path>`,
revalidated by ETag. `<build>` is a hash of all files: imports between modules and url() in styles are relative, so
they stay within the build that loaded them. `<owner>` is `web` or the name of a face.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from queue_core.web.headers import DOCUMENT_POLICY
from queue_core.web.words import WEB

STATIC = "/static"
OWNER_OF_FRAME = "web"
_IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATED = "no-cache"
_COMPRESSED_LEAST_BYTES = 512
_ALREADY_COMPRESSED = frozenset({".woff2", ".png", ".jpg", ".webp", ".mp3", ".ogg"})
SCRIPT = "text/javascript; charset=utf-8"
_TYPES = {
    ".js": SCRIPT,
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".wav": "audio/wav",
    ".md": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    compressed: bytes | None
    media_type: str
    etag: str


class Assets:
    """`build` changes whenever a file does; pages carry it, so that a screen knows when to load itself anew."""

    def __init__(self, packages: Mapping[str, str]) -> None:
        self._owners = frozenset({OWNER_OF_FRAME, *packages})
        self._assets = {
            f"{owner}/{path}": _asset(path, content)
            for owner, package in {OWNER_OF_FRAME: WEB, **packages}.items()
            for path, content in _static_files(files(package) / "static")
        }
        whole = hashlib.sha256("".join(f"{path}{a.etag}" for path, a in sorted(self._assets.items())).encode())
        self.build = whole.hexdigest()[:12]

    def url(self, path: str) -> str:
        """The immutable address of `<owner>/<path>`. KeyError for a file that is not there: a page's fault."""
        return f"{STATIC}/{self.build}/{path}" if path in self._assets else self._missing(path)

    def content(self, path: str) -> bytes:
        """Of `<owner>/<path>`, for what is made of it."""
        return self._assets[path].content

    @property
    def owners(self) -> frozenset[str]:
        """Whose files are here: the frame and the faces that are served."""
        return self._owners

    def urls(self, *owners: str) -> list[str]:
        """The immutable addresses of all their files, for whoever keeps copies of a whole page."""
        return [self.url(path) for path in sorted(self._assets) if path.partition("/")[0] in owners]

    def respond(self, request: Request) -> Response:
        path = str(request.path_params["path"])
        build, _, rest = path.partition("/")
        asset = self._assets.get(path)
        fixed = asset is None and build == self.build
        asset = asset or self._assets.get(rest)
        if asset is None:
            raise HTTPException(404)
        return _response(request, asset, _IMMUTABLE if fixed else REVALIDATED)

    def _missing(self, path: str) -> str:
        raise KeyError(f"no static file {path}; known owners: {sorted({p.partition('/')[0] for p in self._assets})}")


def _response(request: Request, asset: Asset, cache: str) -> Response:
    headers = {"ETag": asset.etag, "Cache-Control": cache, "Vary": "Accept-Encoding"}
    if asset.media_type != SCRIPT:  # a worker lives by its script's policy; all others need none of a page's
        headers["Content-Security-Policy"] = DOCUMENT_POLICY
    if request.headers.get("if-none-match") == asset.etag:
        return Response(status_code=304, headers=headers)
    if asset.compressed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.compressed, media_type=asset.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(asset.content, media_type=asset.media_type, headers=headers)


def _asset(path: str, content: bytes) -> Asset:
    suffix = PurePosixPath(path).suffix
    worth_it = len(content) >= _COMPRESSED_LEAST_BYTES and suffix not in _ALREADY_COMPRESSED
    return Asset(
        content,
        gzip.compress(content, mtime=0) if worth_it else None,
        _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream",
        f'"{hashlib.sha256(content).hexdigest()[:20]}"',
    )


def _static_files(folder: Traversable, path: str = "") -> Iterator[tuple[str, bytes]]:
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _static_files(entry, f"{path}{entry.name}/")
        else:
            yield f"{path}{entry.name}", entry.read_bytes()

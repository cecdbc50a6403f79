"""Documents that are the same for everybody: made once for each change, and given out as they are."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from queue_core.web.headers import DOCUMENT_POLICY

JSON = "application/json"
#: Of descriptions of documents, which change with an upgrade.
DESCRIPTION_CACHE = "public, max-age=3600, stale-while-revalidate=3600, stale-if-error=86400"
_TAG_BYTES = 12
_ANY_EDITION = "*"
_ANY_SITE = {"Access-Control-Allow-Origin": "*"}
_ALL_SITES = {**_ANY_SITE, "Access-Control-Expose-Headers": "ETag", "Cross-Origin-Resource-Policy": "cross-origin"}


@dataclass(frozen=True, slots=True)
class Edition:
    """What an address answers everybody until the next edition. `etag` follows from `body` alone, so that it is the
    same on every server that knows the same. There is no Last-Modified: it counts in seconds, editions do not."""

    body: bytes
    etag: str
    cache_control: str
    media_type: str = JSON
    all_sites: bool = False

    def headers(self) -> dict[str, str]:
        """Of the whole document, which has its type and length beside them."""
        return {
            **self.renewal(),
            "Content-Security-Policy": DOCUMENT_POLICY,
            **(_ALL_SITES if self.all_sites else {}),
        }

    def renewal(self) -> dict[str, str]:
        """Enough for a 304: by what the reader's copy is renewed; all else of it stays (RFC 9110, 15.4.5)."""
        return {
            "ETag": self.etag,
            "Cache-Control": self.cache_control,
            **(_ANY_SITE if self.all_sites else {}),
        }

    def is_known(self, if_none_match: str) -> bool:
        """Whether the reader has it: its tag, also weak or among others, or `*`."""
        known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
        return self.etag in known or _ANY_EDITION in known

    def response(self, request: Request) -> Response:
        if self.is_known(",".join(request.headers.getlist("if-none-match"))):
            return Response(status_code=304, headers=self.headers())
        return Response(self.body, headers=self.headers(), media_type=self.media_type)


def tag_of(body: bytes) -> str:
    return f'"{hashlib.blake2b(body, digest_size=_TAG_BYTES).hexdigest()}"'


#: Gives the edition of now, at once: the same object as long as nothing has changed. Raises what a handler may raise.
Printer = Callable[[], Edition]


@dataclass(frozen=True, slots=True)
class Printed:
    """In place of an operation's handler. `open` is called as `open(frame, **path)`, once for each address."""

    open: Callable[..., Printer]

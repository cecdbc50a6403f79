"""The feed as bytes: each edition is made once, given to all, and made anew when its zones or its time changed."""

import hashlib
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from public_feed.documents import LICENSE, VERSION, Document, Envelope

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Edition:
    body: bytes
    etag: str
    of: Hashable
    until_s: float


@dataclass(frozen=True, slots=True)
class Terms:
    """`ttl_s`: how long an edition may be kept by others; `valid_s`: how long it may be shown at all."""

    ttl_s: int
    valid_s: int


class Press:
    """`clock` is wall time in seconds."""

    def __init__(self, terms: Terms, clock: Clock = time.time) -> None:
        self._terms, self._clock = terms, clock
        self._edition: Edition | None = None

    def edition(self, of: Hashable, data: Callable[[], Document]) -> Edition:
        """`of` stands for everything that `data` is made from; equal means unchanged."""
        now_s = self._clock()
        current = self._edition
        if current is None or current.of != of or now_s >= current.until_s:
            current = self._edition = self._printed(of, data(), now_s)
        return current

    def respond(self, request: Request, edition: Edition) -> Response:
        left_s = max(0, round(edition.until_s - self._clock()))
        headers = {
            "ETag": edition.etag,
            "Cache-Control": f"public, max-age={left_s}",
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "ETag",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        if edition.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(edition.body, media_type="application/json", headers=headers)

    def _printed(self, of: Hashable, data: Document, now_s: float) -> Edition:
        at = datetime.fromtimestamp(int(now_s), UTC)
        envelope = Envelope[Document].model_construct(
            version=VERSION,
            generated_at=at,
            ttl_s=self._terms.ttl_s,
            valid_until=at + timedelta(seconds=self._terms.valid_s),
            license=LICENSE,
            data=data,
        )
        body = envelope.model_dump_json(serialize_as_any=True).encode()
        digest = hashlib.blake2b(body, digest_size=12).hexdigest()
        return Edition(body, f'"{digest}"', of, now_s + self._terms.ttl_s)

"""The feed as bytes: each edition is made once, given to all, and made anew when its matter or its time has changed.

Time goes in intervals of `ttl_s`, counted from the epoch and so the same on every server: whoever knows the same in the
same interval prints the same bytes, whenever it is asked.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from public_feed.feed.documents import LICENSE, VERSION, Document, Envelope
from queue_core.web.edition import Edition, tag_of

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Terms:
    """`ttl_s`: how long an edition may be kept by others; `valid_s`: how long it may be shown at all."""

    ttl_s: int
    valid_s: int

    def cache_control(self) -> str:
        """A cache has fetched what was up to `ttl_s` old, and must never give out what may not be shown any more."""
        on_error_s = self.valid_s - 2 * self.ttl_s
        return f"public, max-age={self.ttl_s}, stale-while-revalidate={self.ttl_s}, stale-if-error={on_error_s}"


class Press:
    """`version` stands for everything that `data` is made from: equal means unchanged. `data` gives JSON for the
    interval that began then (Unix seconds). Both are asked at most once a second. `clock` is wall time in seconds."""

    def __init__(
        self, terms: Terms, version: Callable[[], Hashable], data: Callable[[int], bytes], clock: Clock = time.time
    ) -> None:
        self._terms, self._version, self._data, self._clock = terms, version, data, clock
        self._second = 0
        self._of: tuple[int, Hashable] | None = None
        self._edition: Edition | None = None

    def edition(self) -> Edition:
        second = int(self._clock())
        if self._edition is None or second != self._second:
            at_s = second - second % self._terms.ttl_s
            of = (at_s, self._version())
            if self._edition is None or of != self._of:
                self._edition, self._of = self._printed(at_s), of
            self._second = second
        return self._edition

    def _printed(self, at_s: int) -> Edition:
        at = datetime.fromtimestamp(at_s, UTC)
        envelope = Envelope[Document].model_construct(
            version=VERSION,
            generated_at=at,
            ttl_s=self._terms.ttl_s,
            valid_until=at + timedelta(seconds=self._terms.valid_s),
            license=LICENSE,
        )
        head = envelope.model_dump_json().encode().removesuffix(b"}")
        body = b'%b,"data":%b}' % (head, self._data(at_s))
        return Edition(body, tag_of(body), self._terms.cache_control(), all_sites=True)

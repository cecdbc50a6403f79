"""Documents as bytes: each edition is made once, given to all, and made anew when its matter or its time has changed.

Time goes in intervals of `ttl_s`, counted from the epoch and so the same on every server: whoever knows the same in the
same interval prints the same bytes, whenever it is asked.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from queue_core.web.edition import JSON, Edition, tag_of

Clock = Callable[[], float]
#: From the interval that began then (Unix seconds) to bytes.
Body = Callable[[int], bytes]


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
    """`version` stands for everything that `body` is made from: equal means unchanged. Both are asked at most once a
    second. `clock` is wall time in seconds. With `timeless` an interval alone makes no edition."""

    def __init__(
        self,
        terms: Terms,
        version: Callable[[], Hashable],
        body: Body,
        media_type: str = JSON,
        clock: Clock = time.time,
        *,
        timeless: bool = False,
    ) -> None:
        self._terms, self._version, self._body = terms, version, body
        self._media_type, self._clock, self._timeless = media_type, clock, timeless
        self._second = 0
        self._of: tuple[int, Hashable] | None = None
        self._edition: Edition | None = None

    def edition(self) -> Edition:
        second = int(self._clock())
        if self._edition is None or second != self._second:
            at_s = second - second % self._terms.ttl_s
            of = (0 if self._timeless else at_s, self._version())
            if self._edition is None or of != self._of:
                self._edition, self._of = self._printed(at_s), of
            self._second = second
        return self._edition

    def _printed(self, at_s: int) -> Edition:
        body = self._body(at_s)
        return Edition(body, tag_of(body), self._terms.cache_control(), self._media_type, all_sites=True)

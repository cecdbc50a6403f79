"""What only somebody in the house can know: a code of six digits that changes, and the word of the entrance's poster.

Both follow from a secret, so that every process knows them and nothing is stored. A code is good for a while after a
screen has shown it last, because people need time to type.
"""

import hmac
from base64 import urlsafe_b64encode

from queue_core.domain.model import ZoneId

CODE_LASTS_MS = 300_000
DIGITS = 6
_POSTER_BYTES = 12


class OnSiteCodes:
    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"wartezone on-site code", "sha256")

    def code(self, zone: ZoneId, now_ms: int) -> str:
        return self._code(zone, now_ms // CODE_LASTS_MS)

    def until_ms(self, now_ms: int) -> int:
        """When a screen shows the next code."""
        return (now_ms // CODE_LASTS_MS + 1) * CODE_LASTS_MS

    def is_code(self, zone: ZoneId, typed: str, now_ms: int) -> bool:
        """Whether it is the code of now or the one before. Spaces and hyphens are not looked at."""
        given = "".join(c for c in typed if c.isdecimal()).encode()
        window = now_ms // CODE_LASTS_MS
        codes = [self._code(zone, n).encode() for n in (window, window - 1)]
        return any(hmac.compare_digest(given, code) for code in codes)

    def poster(self, zone: ZoneId) -> str:
        mac = hmac.digest(self._key, f"poster\0{zone}".encode(), "sha256")
        return urlsafe_b64encode(mac[:_POSTER_BYTES]).decode()

    def is_poster(self, zone: ZoneId, word: str) -> bool:
        return hmac.compare_digest(word.encode(), self.poster(zone).encode())

    def _code(self, zone: ZoneId, window: int) -> str:
        mac = hmac.digest(self._key, f"code\0{zone}\0{window}".encode(), "sha256")
        return f"{int.from_bytes(mac[:8]) % 10**DIGITS:0{DIGITS}d}"

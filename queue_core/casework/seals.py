"""Numbers and PINs as they are kept: keyed hashes, whose key is made from the installation's secret.

A PIN of five digits has too few values for any slow hash: whoever has the store and the secret tries them all. So the
secret is what protects them, and the store alone tells nothing. docs/decisions/0030-case-status.md has the reasons.
"""

import hmac

_BYTES = 24


class Seals:
    def __init__(self, secret: bytes) -> None:
        self._numbers = hmac.digest(secret, b"wartezone case number", "sha256")
        self._pins = hmac.digest(secret, b"wartezone case pin", "sha256")

        self.proof = self._sealed(self._numbers, "")

    def key(self, number: str) -> str:
        """By which the case of this number is known."""
        return self._sealed(self._numbers, number)

    def pin(self, key: str, pin: str) -> str:
        """Another one for each case: equal PINs are not seen as such."""
        return self._sealed(self._pins, f"{key}\0{pin}")

    @staticmethod
    def _sealed(key: bytes, text: str) -> str:
        return hmac.digest(key, text.encode(), "sha256")[:_BYTES].hex()


def is_same(sealed: str, other: str) -> bool:
    return hmac.compare_digest(sealed.encode(), other.encode())

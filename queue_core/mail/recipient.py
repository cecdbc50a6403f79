"""Whom a letter goes to: an address that can be written to, sealed as long as it is kept. Names are not asked for."""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cached_property
from secrets import token_bytes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM


_ADDRESS_MOST = 254
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]")
_LOCAL_MOST = 64
_NONCE_BYTES = 12


def mail_address(text: str) -> str | None:
    """The address that was typed, if it is one; nothing in it can end a header. Domains may have umlauts."""
    local, _, domain = text.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return None
    address = f"{local}@{domain}"
    fits = len(address) <= _ADDRESS_MOST and len(local) <= _LOCAL_MOST
    return address if fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) else None


class Seal:
    """Addresses are kept encrypted, with a key made from the installation's secret, each for its appointment alone."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"wartezone mail address", "sha256")
        self._counted = hmac.digest(secret, b"wartezone mail count", "sha256")

    def close(self, address: str, appointment: str) -> str:
        nonce = token_bytes(_NONCE_BYTES)
        return urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, address.encode(), appointment.encode())).decode()

    def open(self, sealed: str, appointment: str) -> str | None:
        """None for what another secret, or another appointment, has sealed."""
        from cryptography.exceptions import InvalidTag

        raw = urlsafe_b64decode(sealed)
        try:
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], appointment.encode()).decode()
        except InvalidTag:
            return None

    @cached_property
    def _cipher(self) -> "AESGCM":
        """Loaded by those alone who seal: most offices send no mail."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._key)

    def fingerprint(self, address: str) -> str:
        """To count by, without the address."""
        return hmac.new(self._counted, address.lower().encode(), "sha256").hexdigest()

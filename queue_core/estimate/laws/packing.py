"""Bytes within JSON: compressed, in base64. Nothing is the empty string."""

import base64
import binascii
import zlib

#: The largest number in a byte.
BYTE_MOST = 255


def packed(plain: bytes) -> str:
    return base64.b64encode(zlib.compress(plain, 9)).decode("ascii") if plain else ""


def unpacked(text: str) -> bytes:
    """Raises `ValueError` for what `packed` never wrote."""
    try:
        return zlib.decompress(base64.b64decode(text, validate=True)) if text else b""
    except (binascii.Error, zlib.error) as broken:
        raise ValueError("packed bytes are unreadable") from broken

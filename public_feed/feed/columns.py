"""The matter of `waits.json`, zone by zone: of a thousand zones only those are told anew where something happened."""

from collections.abc import Hashable
from dataclasses import dataclass

import orjson
from pydantic_core import to_json

from public_feed.feed.telling import Observed, in_zone, waits
from queue_core.domain.model import ZoneId
from queue_core.domain.quality import Quality
from queue_core.domain.views.view import View
from queue_core.web.face import Frame

_SECOND_MS = 1000


@dataclass(frozen=True, slots=True)
class Column:
    """`stamp` is what `json` says of the time; nothing else in it depends on when it was told."""

    of: Hashable
    json: bytes
    stamp: bytes


class Columns:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._told: dict[ZoneId, Column] = {}

    def version(self) -> Hashable:
        return tuple(self._version(zone) for zone in self._frame.engine.office)

    def json(self, at_s: int) -> bytes:
        zones = (self._column(zone, at_s) for zone in self._frame.engine.office)
        return b'{"zones":[%b]}' % b",".join(zones)

    def _version(self, zone: ZoneId) -> tuple[int, bool, Quality | None]:
        hub = self._frame.hub
        return hub.version(zone), hub.is_current(zone), self._frame.engine.quality(zone)

    def _column(self, zone: ZoneId, at_s: int) -> bytes:
        stamp = self._stamp(zone, at_s)
        told, version = self._told.get(zone), self._version(zone)
        if told is None or told.of != version:
            told = self._told[zone] = Column(version, self._tell(zone, at_s), stamp)
        return told.json.replace(told.stamp, stamp)

    def _tell(self, zone: ZoneId, at_s: int) -> bytes:
        at_ms = self._zone_ms(zone, at_s) if self._frame.hub.is_current(zone) else None
        state = orjson.loads(self._frame.hub.state(zone, View.PUBLIC))
        engine = self._frame.engine
        [column] = waits([Observed(engine.zone(zone), state, at_ms, engine.quality(zone))]).zones
        return column.model_dump_json().encode()

    def _stamp(self, zone: ZoneId, at_s: int) -> bytes:
        at = in_zone(self._frame.engine.zone(zone), self._zone_ms(zone, at_s))
        return b'"observed_at":%b' % to_json(at)

    def _zone_ms(self, zone: ZoneId, at_s: int) -> int:
        """In whole seconds: servers' ideas of a zone's clock differ by less."""
        return round(self._frame.engine.clock(zone).at(at_s * _SECOND_MS) / _SECOND_MS) * _SECOND_MS

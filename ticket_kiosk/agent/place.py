"""What the server has told of this kiosk while it could: all that an emergency ticket needs, and what paper looks like.

The server's side of it is `ticket_kiosk.lending`.
"""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from queue_core.domain.clock import ZoneClock
from queue_core.domain.devices import PrinterPlace
from queue_core.domain.errors import Refusal
from queue_core.domain.model import SeriesId, ServiceId, ZoneId
from queue_core.domain.office import Hours, Service, Zone
from queue_core.real_clock import real_ms
from ticket_kiosk.agent.files import OWNER_ONLY

_FILE = "place.json"
_LOGO = "logo"
#: By so much a clock is set right now and then.
SET_BACK_MOST_MS = 60_000


@dataclass(frozen=True, slots=True)
class Place:
    """`told` is the server's document, `heard_ms` when it came. `zone` knows what a ticket's paper says."""

    told: Mapping[str, Any]
    heard_ms: int
    zone: Zone

    @staticmethod
    def of(told: Mapping[str, Any], heard_ms: int) -> "Place":
        return Place(told, heard_ms, _zone(told["zone"]))

    @property
    def day(self) -> str:
        """The business day as it was when the server was heard last."""
        return str(self.told["day"])

    def now_ms(self, now_ms: int | None = None) -> int:
        """The zone's time, by our clock and what the server's was."""
        clock = ZoneClock(self.told["now_ms"], self.heard_ms, self.told["rate"])
        return clock.at(real_ms() if now_ms is None else now_ms)

    def is_same_day(self) -> bool:
        """Not with a clock that went back behind what was heard: how long ago that was nobody knows then."""
        return real_ms() >= self.heard_ms - SET_BACK_MOST_MS and self.now_ms() < int(self.told["day_to_ms"])

    @property
    def block_size(self) -> int:
        """0: nothing is lent to this kiosk."""
        return int(self.told["block"]) if self.told["series"] else 0

    @property
    def build(self) -> str:
        return str(self.told["build"])

    @property
    def zones(self) -> frozenset[str]:
        return frozenset(self.told["zones"])

    @property
    def is_out_of_service(self) -> bool:
        return bool(self.told.get("out_of_service"))

    @property
    def files(self) -> list[str]:
        return list(self.told["files"])

    def refusal(self, service: str) -> str:
        """Why nobody may draw this now; empty where he may. What quotas have left nobody knows: they do not decide."""
        record = next((s for s in self.told["zone"]["services"] if s["id"] == service), None)
        if record is None:
            return Refusal.UNKNOWN_SERVICE.value
        if record["stopped"]:
            return Refusal.SERVICE_CLOSED.value
        now_ms = self.now_ms()
        within = any(opens <= now_ms < closes for opens, closes in record["hours"])
        return "" if within else Refusal.OUTSIDE_HOURS.value

    def taken(self, is_out: bool) -> "Place":
        """The same kiosk, taken out of service or put back."""
        return replace(self, told={**self.told, "out_of_service": is_out})

    def printer(self, address: str, folder: Path) -> PrinterPlace | None:
        """`address`: the one to use instead of the configured one; `folder` gets the logo."""
        told = self.told["printer"] or {}
        if not (address or told.get("address")):
            return None
        logo = ""
        if told.get("logo"):
            (folder / _LOGO).write_bytes(b64decode(told["logo"]))
            logo = _LOGO
        width = told.get("width_dots", PrinterPlace.__dataclass_fields__["width_dots"].default)
        return PrinterPlace(address or told["address"], width, logo, told.get("head", {}), told.get("foot", {}))

    def save(self, folder: Path) -> None:
        path = folder / _FILE
        fresh = path.with_suffix(".new")
        fresh.write_bytes(orjson.dumps({"told": self.told, "heard_ms": self.heard_ms}))
        fresh.chmod(OWNER_ONLY)
        fresh.replace(path)


def kept_place(folder: Path) -> Place | None:
    """What was told last, also before this process was started; None where nothing was, or nothing that is whole."""
    try:
        kept = orjson.loads((folder / _FILE).read_bytes())
        return Place.of(kept["told"], kept["heard_ms"])
    except (OSError, ValueError, KeyError):
        return None


def _zone(told: Mapping[str, Any]) -> Zone:
    services = {ServiceId(s["id"]): Service(ServiceId(s["id"]), s["name"], SeriesId("")) for s in told["services"]}
    zone_id, time_zone = ZoneId(told["id"]), ZoneInfo(told["time_zone"])
    return Zone(zone_id, told["name"], told["site"], services, {}, {}, {}, Hours(always=True), time_zone)

"""What the wall's page is told when it is loaded: everything that is decided once, as one JSON object."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import time
from typing import Any

import orjson

from display_server.lobby.colours import readable
from display_server.lobby.display import Display
from display_server.lobby.media import Shown, file_address, playlist, refused
from queue_core.domain.devices import DisplayPlace, Theme
from queue_core.domain.model import LAST_CALLS_KEPT
from queue_core.domain.office import Zone

#: Long enough to read a number and find its counter; shorter when several calls are due at once.
ANNOUNCE_MS = 3_000
ANNOUNCE_MANY_MS = 2_000
#: An older call is in the list, but nobody is startled by it: the wall was away.
ANNOUNCE_AGE_MOST_MS = 120_000
#: So long a call has the screen for itself, before media or the dark of the night come back.
HOLD_MS = 20_000
#: Languages, pages of waits and notices change no sooner.
TURN_MS = 10_000
#: After an upgrade all walls of a house reload within this time, not in one moment.
RELOAD_WITHIN_MS = 10_000
#: A page that has drawn nothing for so long hangs.
HANGS_AFTER_MS = 30_000
#: What fell over after a reload falls over again: until then the page goes on as it is.
FALLEN_AGAIN_MS = 600_000
IDENTIFY_MS = 15_000
#: A medium that is not there after so long is skipped, and tried again after a while.
MEDIUM_WITHIN_MS = 10_000
MEDIUM_AGAIN_MS = 600_000
_MINUTE_MS = 60_000

TIMES: Mapping[str, int] = {
    "announce_ms": ANNOUNCE_MS,
    "announce_many_ms": ANNOUNCE_MANY_MS,
    "announce_age_most_ms": ANNOUNCE_AGE_MOST_MS,
    "hold_ms": HOLD_MS,
    "turn_ms": TURN_MS,
    "reload_within_ms": RELOAD_WITHIN_MS,
    "hangs_after_ms": HANGS_AFTER_MS,
    "fallen_again_ms": FALLEN_AGAIN_MS,
    "identify_ms": IDENTIFY_MS,
    "medium_within_ms": MEDIUM_WITHIN_MS,
    "medium_again_ms": MEDIUM_AGAIN_MS,
}


def languages_of(display: Display, spoken: Iterable[str], asked: str | None = None) -> tuple[str, ...]:
    """In which the wall is written, one after the other; at least one. `asked`: by whoever looks at it."""
    spoken = tuple(spoken)
    wanted = (asked,) if asked in spoken else display.place.languages or display.zone.languages[:1]
    return tuple(language for language in wanted if language in spoken) or spoken[:1]


def theme_of(display: Display, asked: str | None = None) -> Theme:
    return Theme(asked) if asked in set(Theme) else display.place.theme


def facts(display: Display) -> str:
    """As JSON; the page's scripts read it from one attribute."""
    place = display.place
    told = {
        "display": place.id,
        "zones": [_zone(zone) for zone in display.zones],
        "services": list(place.services),
        "counters": list(place.counters),
        "columns": place.columns,
        "lines": place.lines,
        "waits": place.waits,
        "distance_m": place.distance_m,
        "screen_inches": place.screen_inches,
        "shift_ms": place.shift_minutes * _MINUTE_MS,
        "blank": _blank(place),
        "time_zone": display.zone.time_zone.key,
        "accent": asdict(readable(place.accent)) if place.accent else None,
        "logo": file_address(place, place.logo) if place.logo else None,
        "ticker": dict(place.ticker),
        "notices": [_notice(notice.text, notice.begins, notice.ends) for notice in place.notices],
        "calls_most": LAST_CALLS_KEPT,
        "media": [_medium(medium) for medium in playlist(place)],
        "refused_media": list(refused(place)),
        **TIMES,
    }
    return orjson.dumps(told).decode()


def _zone(zone: Zone) -> dict[str, Any]:
    """With where its counters are, seen from the wall."""
    counters = {
        counter.id: {"arrow": counter.arrow.value, "floor": dict(counter.floor), "room": dict(counter.room)}
        for counter in zone.counters.values()
    }
    stream = f"/api/v1/zones/{zone.id}/stream?view=lobby"
    return {"id": zone.id, "name": dict(zone.name), "stream": stream, "counters": counters}


def _notice(text: Mapping[str, str], begins: Any, ends: Any) -> dict[str, Any]:
    return {"text": dict(text), "begins": begins, "ends": ends}


def _medium(medium: Shown) -> dict[str, Any]:
    return {
        "kind": medium.kind.value,
        "address": medium.address,
        "is_foreign": bool(medium.origin),
        "ms": 1000 * medium.seconds,
        "text": dict(medium.text),
    }


def _blank(place: DisplayPlace) -> list[str] | None:
    if place.blank_from is None or place.blank_to is None or place.blank_from == place.blank_to:
        return None
    return [_written(place.blank_from), _written(place.blank_to)]


def _written(at: time) -> str:
    return at.strftime("%H:%M")

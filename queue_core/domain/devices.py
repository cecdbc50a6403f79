"""The devices of an office as configured: kiosks with their printers, displays with their voices. Pure data.

Every length has its unit in its name; times of day are the first zone's local time. What a device says about itself is
not here: that is its attendance.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from queue_core.domain.model import CounterId, SeriesId, ServiceId, ZoneId
from queue_core.domain.office import Text, Zone

#: The folder beside the office's files that holds pictures and films.
MEDIA = "media"
#: 80 mm paper at 203 dpi.
PAPER_WIDTH_DOTS = 576


class Theme(StrEnum):
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class NearClosing(StrEnum):
    """What a kiosk does when the expected call lies behind the end of service."""

    WARN = "warn"
    STOP = "stop"


class MediumKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    PAGE = "page"
    YOUTUBE = "youtube"
    #: All of the site; it stands in files only, see office_file/playlist.py.
    VIDEOS = "videos"


@dataclass(frozen=True, slots=True)
class PrinterPlace:
    """`address`: tcp://host:9100 or usb://vendor:product in hexadecimal. `width_dots`: 576 on 80 mm, 384 on 58 mm at
    203 dpi. `logo` is a file in `media/`; `head` and `foot` are texts of the office on every ticket."""

    address: str
    width_dots: int = PAPER_WIDTH_DOTS
    logo: str = ""
    head: Text = field(default_factory=dict)
    foot: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KioskPlace:
    """`zones`: the first one's hours, clock and site are the kiosk's. `languages` empty: the zones'. `pin` empty: its
    settings cannot be reached. `screen_inches` is the diagonal, from which 20 mm are known. `emergency_series` names a
    series of its first zone whose numbers, `emergency_block` at a time, are lent to it for when the server is away."""

    id: str
    zones: tuple[ZoneId, ...]
    languages: tuple[str, ...] = ()
    screen_inches: float = 21.5
    pin: str = ""
    speaks: bool = True
    idle_s: int = 45
    near_closing: NearClosing = NearClosing.WARN
    printer: PrinterPlace | None = None
    emergency_series: SeriesId = SeriesId("")
    emergency_block: int = 50


@dataclass(frozen=True, slots=True)
class Volume:
    """From this time of day on so loud, 0 to 100."""

    since: time
    percent: int


@dataclass(frozen=True, slots=True)
class VoicePlace:
    """How a display speaks. `languages` in this order, one to three; empty: the first of its zone. More than
    `merge_beyond` waiting calls are spoken together; one older than `age_most_s` is only shown."""

    languages: tuple[str, ...] = ()
    on: bool = True
    gong: bool = True
    merge_beyond: int = 3
    age_most_s: int = 60
    volumes: tuple[Volume, ...] = ()


@dataclass(frozen=True, slots=True)
class Medium:
    """`source`: a file in the office's folder `media/`, an address, or a YouTube video's id."""

    kind: MediumKind
    source: str
    seconds: int = 15
    text: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """Shown from `begins` to `ends`, both included; None: no limit."""

    text: Text
    begins: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class DisplayPlace:
    """`services` and `counters` empty: all of its zones. `distance_m`: from where the call must be readable (capital
    height >= distance / 82, EN 301 549). `languages`: in which its words are written, one after the other. `blank_from`
    to `blank_to` the screen is dark. `accent` is a CSS colour #rrggbb; `logo` a file in `media/`."""

    id: str
    zones: tuple[ZoneId, ...]
    services: tuple[ServiceId, ...] = ()
    counters: tuple[CounterId, ...] = ()
    languages: tuple[str, ...] = ()
    theme: Theme = Theme.LIGHT
    columns: int = 2
    lines: int = 6
    waits: bool = True
    distance_m: float = 5.0
    screen_inches: float = 55.0
    shift_minutes: int = 5
    blank_from: time | None = None
    blank_to: time | None = None
    accent: str = ""
    logo: str = ""
    ticker: Text = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    media: tuple[Medium, ...] = ()
    youtube: bool = False
    voice: VoicePlace = field(default_factory=VoicePlace)


@dataclass(frozen=True, slots=True)
class Devices:
    """Of the whole office, by their ids. `folder` holds `media/`; empty where the office is none on disk."""

    kiosks: Mapping[str, KioskPlace] = field(default_factory=dict)
    displays: Mapping[str, DisplayPlace] = field(default_factory=dict)
    folder: str = ""


def plain_devices(zones: Iterable[Zone]) -> Devices:
    """Every device that the zones name, each with nothing but defaults."""
    zones = list(zones)
    kiosks = {id_: KioskPlace(id_, (zone.id,)) for zone in reversed(zones) for id_ in zone.kiosks}
    displays = {id_: DisplayPlace(id_, (zone.id,)) for zone in reversed(zones) for id_ in zone.displays}
    return Devices(kiosks, displays)

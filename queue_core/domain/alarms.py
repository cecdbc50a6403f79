"""What staff must know of at once, and when it is so. Pure.

A device that was never seen raises nothing, and outside opening hours silence is none: screens are switched off at
night. What a device says of itself counts only as long as it still speaks; then its silence is what matters.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from queue_core.domain.attendance import Attendance, Audio, DeviceKind, DeviceName
from queue_core.domain.calendar import business_day, opening_ms
from queue_core.domain.model import CounterId, ZoneId
from queue_core.domain.office import Zone

KIOSK_SILENT_MS = 60_000
DISPLAY_STALE_MS = 30_000
#: A page that has just been loaded may still get its sound.
AUDIO_BLOCKED_MS = 15_000
SKEW_MOST_MS = 2_000
#: Of a block: an agent fetches another one long before, as long as the server lends it one.
_EMERGENCY_LEAST_SHARE = 0.2
#: Screens round down to it.
_REACH_STEP_M = 0.1
NOTE_KEPT_MS = 24 * 3_600_000


class AlarmKind(StrEnum):
    KIOSK_SILENT = "kiosk_silent"
    AGENT_SILENT = "agent_silent"
    DISPLAY_STALE = "display_stale"
    PRINTER_OFFLINE = "printer_offline"
    PRINTER_FAULT = "printer_fault"
    COVER_OPEN = "cover_open"
    PAPER_OUT = "paper_out"
    PAPER_LOW = "paper_low"
    PRINT_UNKNOWN = "print_unknown"
    UPLOAD_REFUSED = "upload_refused"
    EMERGENCY_LOW = "emergency_low"
    AUDIO_BLOCKED = "audio_blocked"
    MEDIA_BROKEN = "media_broken"
    REACH_SHORT = "reach_short"
    CLOCK_SKEW = "clock_skew"
    CASE_FILE_FAILED = "case_file_failed"
    EMERGENCY = "emergency"


_SILENT = {
    DeviceKind.KIOSK: (AlarmKind.KIOSK_SILENT, KIOSK_SILENT_MS),
    DeviceKind.AGENT: (AlarmKind.AGENT_SILENT, KIOSK_SILENT_MS),
    DeviceKind.DISPLAY: (AlarmKind.DISPLAY_STALE, DISPLAY_STALE_MS),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """About a device or the whole house, which ends by itself; or an emergency at a counter, which a person ends."""

    id: str
    kind: AlarmKind
    zones: tuple[ZoneId, ...]
    since_ms: int
    device: DeviceName | None = None
    counter: CounterId | None = None
    note: str = ""

    @property
    def is_automatic(self) -> bool:
        return self.kind is not AlarmKind.EMERGENCY

    def has_old_note(self, now_ms: int) -> bool:
        """An alarm that nobody ends may stay; what somebody wrote about somebody may not."""
        return bool(self.note) and now_ms >= self.since_ms + NOTE_KEPT_MS

    @property
    def about(self) -> "About":
        return About(self.kind, self.place)

    @property
    def place(self) -> str:
        """The device, the counter, or the whole house."""
        if self.device:
            return str(self.device)
        return f"{self.zones[0]}/{self.counter}" if self.counter else "house"

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind.value,
            "zones": list(self.zones),
            "since_ms": self.since_ms,
            "device": str(self.device) if self.device else None,
            "counter": self.counter,
            "note": self.note,
        }

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> "Alarm":
        return Alarm(
            value["id"],
            AlarmKind(value["kind"]),
            tuple(map(ZoneId, value["zones"])),
            value["since_ms"],
            DeviceName.parse(value["device"]) if value["device"] else None,
            CounterId(value["counter"]) if value["counter"] else None,
            value["note"],
        )


@dataclass(frozen=True, slots=True)
class About:
    """There is at most one open alarm of a kind about one thing."""

    kind: AlarmKind
    subject: str

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


@dataclass(frozen=True, slots=True)
class Watched:
    """A configured device. `speaks`: it is meant to be heard. `open_for_ms`: its first zone has been open for so long;
    None while it is closed. `distance_m`: from where it must be read. `emergency_block`: so many numbers are lent to it
    for when the server is away. Both are 0 where that is nothing to it."""

    name: DeviceName
    zones: tuple[ZoneId, ...]
    attendance: Attendance
    speaks: bool
    open_for_ms: int | None
    distance_m: float = 0
    emergency_block: int = 0


def silence_ms(kind: DeviceKind) -> int:
    """From then on a device that says nothing is missed."""
    return _SILENT[kind][1]


def due(watched: Iterable[Watched], now_ms: int) -> dict[About, Alarm]:
    """The automatic alarms that should be open, without ids."""
    found = {}
    for device in watched:
        for kind, since_ms in _of(device, now_ms):
            alarm = Alarm("", kind, device.zones, since_ms, device.name)
            found[alarm.about] = alarm
    return found


def open_for_ms(zone: Zone, zone_ms: int) -> int | None:
    """For how long one of the zone's services has been open, in the zone's time; None while all are closed."""
    day = business_day(zone, zone_ms)
    every = [interval for service in zone.services for interval in opening_ms(zone, zone.hours_of(service), day)]
    return max((zone_ms - opens for opens, closes in every if opens <= zone_ms < closes), default=None)


def _of(device: Watched, now_ms: int) -> Iterator[tuple[AlarmKind, int]]:
    attendance = device.attendance
    if not attendance.seen_ms:
        return
    silent, most_ms = _SILENT[device.name.kind]
    if now_ms - attendance.seen_ms >= most_ms:
        if device.open_for_ms is not None and device.open_for_ms >= most_ms:
            yield silent, attendance.seen_ms
        return
    if attendance.skew_ms is not None and abs(attendance.skew_ms) > SKEW_MOST_MS:
        yield AlarmKind.CLOCK_SKEW, now_ms
    if device.name.kind is DeviceKind.DISPLAY:
        yield from _of_display(device, now_ms)
    if device.name.kind is DeviceKind.AGENT:
        yield from ((kind, now_ms) for kind in _of_agent(attendance.facts, device.emergency_block))


def _of_display(device: Watched, now_ms: int) -> Iterator[tuple[AlarmKind, int]]:
    attendance = device.attendance
    missing_since = [behind.since_ms for behind in attendance.behind.values()]
    if missing_since and now_ms - min(missing_since) >= DISPLAY_STALE_MS:
        yield AlarmKind.DISPLAY_STALE, min(missing_since)
    elif attendance.facts.get("health") == "dead":
        yield AlarmKind.DISPLAY_STALE, now_ms
    blocked = device.speaks and attendance.facts.get("audio") == Audio.SUSPENDED
    if blocked and now_ms - attendance.audio_since_ms >= AUDIO_BLOCKED_MS:
        yield AlarmKind.AUDIO_BLOCKED, attendance.audio_since_ms
    if attendance.facts.get("broken_media"):
        yield AlarmKind.MEDIA_BROKEN, now_ms
    reach_m = attendance.facts.get("reach_m")
    if reach_m is not None and reach_m + _REACH_STEP_M < device.distance_m:
        yield AlarmKind.REACH_SHORT, now_ms


def _of_agent(facts: Mapping[str, Any], emergency_block: int) -> Iterator[AlarmKind]:
    """Of what is wrong with the printer only what has to be mended first: a dead one says nothing of its paper."""
    printer, journal = facts.get("printer"), facts.get("journal") or {}
    if printer and (wrong := _wrong_with(printer)):
        yield wrong
    if journal.get("unknown"):
        yield AlarmKind.PRINT_UNKNOWN
    if journal.get("refused"):
        yield AlarmKind.UPLOAD_REFUSED
    left = facts.get("emergency_left")
    if left is not None and left < _EMERGENCY_LEAST_SHARE * emergency_block:
        yield AlarmKind.EMERGENCY_LOW


def _wrong_with(printer: Mapping[str, Any]) -> AlarmKind | None:
    if not printer["online"]:
        return AlarmKind.PRINTER_OFFLINE
    if printer.get("cover_open"):
        return AlarmKind.COVER_OPEN
    if printer.get("paper") == "out":
        return AlarmKind.PAPER_OUT
    if printer.get("fault"):
        return AlarmKind.PRINTER_FAULT
    return AlarmKind.PAPER_LOW if printer.get("paper") == "low" else None

"""What a device has said about itself, and what follows from it. Pure.

Times are real UTC milliseconds, never a zone's: a demo's day may run faster than the devices' own clocks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from queue_core.domain.devices import Devices
from queue_core.domain.model import ZoneId

#: A device reports so often, and at once when one of its facts has changed.
REPORT_EVERY_S = 5
#: The clock is judged by the best of so many reports: one that was long on its way looks like a wrong clock.
_SKEWS_KEPT = 3


class DeviceKind(StrEnum):
    """An agent is the small process beside a kiosk's printer, and has the kiosk's id."""

    KIOSK = "kiosk"
    DISPLAY = "display"
    AGENT = "agent"


class Audio(StrEnum):
    RUNNING = "running"
    SUSPENDED = "suspended"
    NONE = "none"


@dataclass(frozen=True, slots=True, order=True)
class DeviceName:
    kind: DeviceKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @staticmethod
    def parse(text: str) -> "DeviceName":
        kind, _, id_ = text.partition(":")
        return DeviceName(DeviceKind(kind), id_)


def paired_as(token_name: str) -> DeviceName | None:
    """For which device a token of this name was made by pairing; None for one made at the shell, which belongs to
    whatever it was pasted into."""
    kind, _, id_ = token_name.partition(":")
    return DeviceName(DeviceKind(kind), id_) if kind in set(DeviceKind) and id_ else None


def may_be(token_name: str, kind: DeviceKind) -> bool:
    """Whether a device of this kind may come with a token of this name: what draws is no wall, and a wall draws
    nothing."""
    made_for = paired_as(token_name)
    return made_for is None or made_for.kind is kind


#: Where a zone's log or a screen stands: epoch, seq.
Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Report:
    """`facts` as the device's kind tells them (docs/devices.md), checked; `credential`: by which it was known."""

    build: str
    facts: Mapping[str, Any]
    credential: str = ""

    @property
    def rendered(self) -> Mapping[ZoneId, Position]:
        told: Mapping[str, Sequence[int]] = self.facts.get("rendered") or {}
        return {ZoneId(zone): (epoch, seq) for zone, (epoch, seq) in told.items()}


@dataclass(frozen=True, slots=True)
class Behind:
    """A screen did not show `position` yet at `since_ms`, when the log had it."""

    position: Position
    since_ms: int


@dataclass(frozen=True, slots=True)
class Attendance:
    """The newest report of a device and what earlier ones add to it. `seen_ms` 0: never. `audio_since_ms`: since then
    its audio is as it is."""

    seen_ms: int = 0
    build: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    credential: str = ""
    skews_ms: tuple[int, ...] = ()
    audio_since_ms: int = 0
    behind: Mapping[ZoneId, Behind] = field(default_factory=dict)

    @property
    def skew_ms(self) -> int | None:
        """By how much its clock is ahead of ours."""
        return min(self.skews_ms, key=abs) if self.skews_ms else None

    def after(self, report: Report, logs: Mapping[ZoneId, Position], now_ms: int) -> "Attendance":
        """`logs`: where the logs of its zones stand."""
        facts = dict(report.facts)
        clock_ms = facts.get("clock_ms")
        skews = self.skews_ms if clock_ms is None else (*self.skews_ms, clock_ms - now_ms)[-_SKEWS_KEPT:]
        same_audio = facts.get("audio") == self.facts.get("audio")
        return replace(
            self,
            seen_ms=now_ms,
            build=report.build,
            facts=facts,
            credential=report.credential,
            skews_ms=skews,
            audio_since_ms=self.audio_since_ms if same_audio and self.audio_since_ms else now_ms,
            behind=_behind(self.behind, report.rendered, logs, now_ms),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "seen_ms": self.seen_ms,
            "build": self.build,
            "facts": dict(self.facts),
            "credential": self.credential,
            "skews_ms": list(self.skews_ms),
            "audio_since_ms": self.audio_since_ms,
            "behind": {zone: [*behind.position, behind.since_ms] for zone, behind in self.behind.items()},
        }

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> "Attendance":
        behind = {ZoneId(zone): Behind((epoch, seq), at) for zone, (epoch, seq, at) in value["behind"].items()}
        return Attendance(
            value["seen_ms"],
            value["build"],
            value["facts"],
            value["credential"],
            tuple(value["skews_ms"]),
            value["audio_since_ms"],
            behind,
        )


def zones_of(devices: Devices, name: DeviceName) -> tuple[ZoneId, ...]:
    """The zones that a configured device serves, its own first; empty for a device that is not configured."""
    place = devices.displays.get(name.id) if name.kind is DeviceKind.DISPLAY else devices.kiosks.get(name.id)
    return place.zones if place else ()


def configured(devices: Devices) -> tuple[DeviceName, ...]:
    """Every device that the office names, kiosks with their agents, then displays. Not all of them need exist."""
    named = [DeviceName(kind, id_) for id_ in devices.kiosks for kind in (DeviceKind.KIOSK, DeviceKind.AGENT)]
    return (*named, *(DeviceName(DeviceKind.DISPLAY, id_) for id_ in devices.displays))


def is_expected(devices: Devices, name: DeviceName) -> bool:
    """Whether the office cannot do without the device. A kiosk that neither prints nor has numbers for an outage needs
    no agent, and may have one all the same."""
    if name.kind is not DeviceKind.AGENT:
        return bool(zones_of(devices, name))
    kiosk = devices.kiosks.get(name.id)
    return kiosk is not None and bool(kiosk.printer or kiosk.emergency_series)


def _behind(
    before: Mapping[ZoneId, Behind], rendered: Mapping[ZoneId, Position], logs: Mapping[ZoneId, Position], now_ms: int
) -> dict[ZoneId, Behind]:
    """A busy zone's newest event is always a little newer than what the screen shows: what counts is for how long one
    and the same event is missing."""
    found = {}
    for zone, shown in rendered.items():
        missing = before.get(zone)
        if missing and shown < missing.position:
            found[zone] = missing
        elif (newest := logs.get(zone)) and shown < newest:
            found[zone] = Behind(newest, now_ms)
    return found

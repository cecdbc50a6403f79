"""From the tables of all zones' files to the office's devices, and what only shows when all zones are known."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from queue_core.domain.devices import MEDIA, Devices, DisplayPlace, KioskPlace, MediumKind
from queue_core.domain.model import ZoneId
from queue_core.domain.office import Zone
from queue_core.domain.site import Video
from queue_core.office_file.document import Document
from queue_core.office_file.fault import Fault
from queue_core.office_file.playlist import with_videos
from queue_core.office_file.tables import ZoneFile
from queue_core.spelling import nearest

Found = Iterable[tuple[Document, ZoneFile]]


def ids(file: ZoneFile, kind: str) -> list[str]:
    """Of the zone's kiosks or displays: those that `[zone]` lists, those with a table; else one of the zone's name."""
    listed: list[str] = getattr(file.zone, f"{kind}s") or []
    tables = [table.id for table in getattr(file, kind)]
    return list(dict.fromkeys([*listed, *tables])) or [file.zone.id]


def devices_of(found: Found, folder: Path, videos: Sequence[Video] = ()) -> Devices:
    """`videos`: of the site."""
    kiosks: dict[str, KioskPlace] = {}
    displays: dict[str, DisplayPlace] = {}
    for _, file in found:
        zone = ZoneId(file.zone.id)
        kiosks |= {id_: KioskPlace(id_, (zone,)) for id_ in ids(file, "kiosk")}
        kiosks |= {table.id: table.place(zone) for table in file.kiosk}
        displays |= {id_: DisplayPlace(id_, (zone,)) for id_ in ids(file, "display")}
        displays |= {table.id: with_videos(table.place(zone), videos) for table in file.display}
    return Devices(kiosks, displays, str(folder))


def device_faults(found: Found, zones: Mapping[str, ZoneFile]) -> Iterator[Fault]:
    """Ids twice in the office; zones, services and counters that are none; languages that the zone does not speak."""
    found = list(found)
    for kind in ("kiosk", "display"):
        yield from _repeated(found, kind)
        for document, file in found:
            for index, table in enumerate(getattr(file, kind)):
                yield from _strangers(document, (kind, index), table.zones or (), zones, "zones", "zone")
    for document, file in found:
        yield from _filtered_strangers(document, file, zones)
        yield from _shared_emergency_series(document, file)


def _repeated(found: Found, kind: str) -> Iterator[Fault]:
    """A device's address names no zone, so its id belongs to one alone."""
    owners: dict[str, str] = {}
    for document, file in found:
        for device in ids(file, kind):
            if owners.setdefault(device, file.zone.id) != file.zone.id:
                message = f"{device!r} already stands in the {kind}s of {owners[device]!r}"
                yield document.fault(("zone", f"{kind}s"), message)


def _strangers(
    document: Document,
    at: tuple[str | int, ...],
    named: Iterable[str],
    known: Iterable[str],
    key: str,
    noun: str,
) -> Iterator[Fault]:
    known = list(known)
    for index, name in enumerate(named):
        if name not in known:
            yield document.fault((*at, key, index), f"no {noun} {name!r}", nearest(name, known))


def _filtered_strangers(document: Document, file: ZoneFile, zones: Mapping[str, ZoneFile]) -> Iterator[Fault]:
    for index, table in enumerate(file.display):
        shown = [zones[name] for name in (file.zone.id, *(table.zones or ())) if name in zones]
        at = ("display", index)
        services = [service.id for zone in shown for service in zone.service]
        counters = [counter.id for zone in shown for counter in zone.counter]
        yield from _strangers(document, at, table.services or (), services, "services", "service")
        yield from _strangers(document, at, table.counters or (), counters, "counters", "counter")


def _shared_emergency_series(document: Document, file: ZoneFile) -> Iterator[Fault]:
    numbered = {service.series for service in file.service}
    for index, table in enumerate(file.kiosk):
        if table.emergency_series in numbered:
            message = f"series {table.emergency_series!r} is a service's: emergency numbers need one of their own"
            yield document.fault(("kiosk", index, "emergency_series"), message)


def device_doubts(devices: Devices, zones: Mapping[ZoneId, Zone], folder: Path) -> Iterator[Fault]:
    """Files that are not there, and languages that a device offers though its zone's texts lack them."""
    for display in devices.displays.values():
        files = [m.source for m in display.media if m.kind in (MediumKind.IMAGE, MediumKind.VIDEO)]
        yield from missing_files(f"display {display.id!r}", [*files, display.logo], folder)
    for kiosk in devices.kiosks.values():
        if kiosk.printer:
            yield from missing_files(f"kiosk {kiosk.id!r}", [kiosk.printer.logo], folder)
    speaking = [(k.id, k.zones[0], k.languages) for k in devices.kiosks.values()]
    speaking += [(d.id, d.zones[0], (*d.languages, *d.voice.languages)) for d in devices.displays.values()]
    for id_, zone, languages in speaking:
        for language in dict.fromkeys(languages):
            if language not in zones[zone].languages:
                yield Fault(str(folder), 1, None, (), f"{id_!r}: {language!r} is none of its zone's languages")


def missing_files(whose: str, names: Iterable[str], folder: Path) -> Iterator[Fault]:
    for name in names:
        if name and not (folder / MEDIA / name).is_file():
            yield Fault(str(folder / MEDIA), 1, None, (name,), f"{whose}: there is no file {MEDIA}/{name}")

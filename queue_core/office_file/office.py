"""An office from its files: a folder with one TOML file a zone, or a single file.

`[site]` stands in exactly one file (by custom `site.toml`); a single file that has none takes the one beside it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from pydantic_core import PydanticCustomError

from queue_core.domain.devices import Devices
from queue_core.domain.office import DAY_STARTS, Office
from queue_core.domain.site import Site
from queue_core.office_file import checks
from queue_core.office_file.devices import device_doubts, device_faults, devices_of
from queue_core.office_file.document import Document, Model, read_document
from queue_core.office_file.fault import Fault, OfficeInvalid, in_order
from queue_core.office_file.site import holidays_around, site_doubts, site_of
from queue_core.office_file.tables import SiteTable, ZoneFile
from queue_core.office_file.translations import Translations, read_translations
from queue_core.office_file.values import Frame, clock
from queue_core.office_file.zone import zone_of
from queue_core.spelling import nearest

SITE = "site"
SITE_FILE = "site.toml"
ZONE_KEYS = frozenset(field.alias or name for name, field in ZoneFile.model_fields.items())


@dataclass(frozen=True, slots=True)
class OfficeFiles:
    """Everything that the files say. `office` is sorted by zone id; `warnings` do not stop the start."""

    site: Site
    office: Office
    devices: Devices
    warnings: tuple[Fault, ...]


def load_office(path: Path, today: date | None = None) -> Office:
    """The zones alone; see `read_office`."""
    return read_office(path, today).office


def read_office(path: Path, today: date | None = None) -> OfficeFiles:
    """Raises OfficeInvalid with every fault of every file. Holidays are computed for the years around `today`."""
    faults: list[Fault] = []
    documents = _documents(path, faults)
    folder = path if path.is_dir() else path.parent
    translations = read_translations(folder, _site_languages(documents), faults)
    site = _site(path, documents, translations, faults)
    found = [(d, zone) for d in documents if (zone := _zone(d, site, translations, faults)) is not None]
    faults += _repeated_zones(documents)
    if not faults and not found:
        faults.append(_without_place(path, "no file describes a zone"))
    faults += device_faults(found, {file.zone.id: file for _, file in found})
    if faults or site is None:
        raise OfficeInvalid(faults)
    today = today or date.today()
    holidays = holidays_around(today, site)
    zones = sorted((zone_of(file, site, holidays) for _, file in found), key=lambda zone: zone.id)
    whole = site_of(site, today)
    office, devices = {zone.id: zone for zone in zones}, devices_of(found, folder, whole.videos)
    doubts = [doubt for document, file in found for doubt in checks.doubts(document, file)]
    doubts += [*translations.leftovers(folder), *device_doubts(devices, office, folder), *site_doubts(whole, folder)]
    return OfficeFiles(whole, office, devices, in_order(doubts))


def _documents(path: Path, faults: list[Fault]) -> list[Document]:
    read = [read_document(file, str(file)) for file in _files(path)]
    faults += [fault for fault in read if isinstance(fault, Fault)]
    documents = [document for document in read if isinstance(document, Document)]
    beside = path.with_name(SITE_FILE)
    if path.is_file() and path.name != SITE_FILE and beside.is_file() and not any(SITE in d.data for d in documents):
        documents += _documents(beside, faults)
    if not read:
        faults.append(_without_place(path, "no such file" if not path.exists() else "no *.toml in this folder"))
    return documents


def _files(path: Path) -> list[Path]:
    """Not the hidden ones, which editors leave behind."""
    if path.is_dir():
        return sorted(file for file in path.glob("*.toml") if not file.name.startswith("."))
    return [path] if path.exists() else []


def _site_languages(documents: Iterable[Document]) -> tuple[str, ...]:
    """As far as they are named properly: what is wrong with them is told when the site is read."""
    tables = (document.data[SITE] for document in documents if SITE in document.data)
    return next((found for table in tables if (found := _languages(table))), ())


def _site(
    path: Path, documents: Sequence[Document], translations: Translations, faults: list[Fault]
) -> SiteTable | None:
    having = [document for document in documents if SITE in document.data]
    if not having:
        if not faults:
            faults.append(_without_place(path, "no file has a [site] table"))
        return None
    first, *others = having
    faults += [other.fault((SITE,), f"[site] already stands in {first.file}") for other in others]
    table = first.data[SITE]
    frame = Frame(_languages(table), translations=translations)
    return _kept(first.validated(SiteTable, table, frame, (SITE,)), faults)


def _zone(
    document: Document, site: SiteTable | None, translations: Translations, faults: list[Fault]
) -> ZoneFile | None:
    data = {key: value for key, value in document.data.items() if key != SITE}
    if not data.keys() & ZONE_KEYS:  # the site's own file
        faults += [document.fault((key,), f"unknown key {key!r}", nearest(key, {SITE, *ZONE_KEYS})) for key in data]
        return None
    site_languages = tuple(site.languages) if site else None
    zone_languages = _languages(data.get("zone"))
    frame = Frame(
        languages=zone_languages or site_languages,
        day_starts=_day_starts(data.get("zone")),
        ids={table: document.ids(table) for table in checks.TABLES_WITH_IDS},
        translations=translations,
    )
    faults += checks.repeated_ids(document)
    faults += checks.shared_numbers(document)
    faults += checks.foreign_languages(document, zone_languages, site_languages)
    return _kept(document.validated(ZoneFile, data, frame), faults)


def _day_starts(table: object) -> time | None:
    written = table.get("day_starts") if isinstance(table, Mapping) else None
    if written is None:
        return DAY_STARTS
    try:
        return clock(written)
    except PydanticCustomError:
        return None


def _languages(table: object) -> tuple[str, ...] | None:
    """The languages that a [site] or [zone] table names, if it names them properly."""
    found = table.get("languages") if isinstance(table, Mapping) else None
    return tuple(found) if isinstance(found, list) and all(isinstance(item, str) for item in found) else None


def _repeated_zones(documents: Iterable[Document]) -> Iterator[Fault]:
    files: dict[str, str] = {}
    for document in documents:
        zone = document.data.get("zone")
        name = zone.get("id") if isinstance(zone, Mapping) else None
        if isinstance(name, str) and files.setdefault(name, document.file) != document.file:
            yield document.fault(("zone", "id"), f"zone {name!r} already stands in {files[name]}")


def _kept(found: Model | list[Fault], faults: list[Fault]) -> Model | None:
    if isinstance(found, list):
        faults += found
        return None
    return found


def _without_place(path: Path, message: str) -> Fault:
    return Fault(str(path), 1, None, (), message)

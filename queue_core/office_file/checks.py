"""What no table shows by itself: ids taken twice, numbers that two series share, hours that cannot be, and doubts.

A fault stops the start. A doubt (warning) does not: the office works, but probably not as it was meant.
"""

from collections.abc import Collection, Iterator

from queue_core.domain.office import EVERY_SERVICE, Series
from queue_core.office_file.document import Document
from queue_core.office_file.fault import Fault, KeyPath
from queue_core.office_file.hours_table import HoursTable
from queue_core.office_file.tables import SeriesTable, ZoneFile
from queue_core.office_file.values import Frame

TABLES_WITH_IDS = (
    *("series", "class", "service", "counter", "kiosk", "display"),
    *("topic", "outcome", "park_reason", "pause_reason"),
)
HARD_TO_TELL_APART = frozenset("IOQSB")  # on a wall read as 1 0 0 5 8


def repeated_ids(document: Document) -> Iterator[Fault]:
    for table in TABLES_WITH_IDS:
        lines: dict[str, int] = {}
        for index, entry in document.entries(table):
            name = entry.get("id")
            if not isinstance(name, str):
                continue
            fault = document.fault((table, index, "id"), f"{table} {name!r} is already in line {lines.get(name)}")
            if lines.setdefault(name, fault.line) != fault.line:
                yield fault


def shared_numbers(document: Document) -> Iterator[Fault]:
    """Whoever hears a number must be its only holder, whatever series it came from."""
    owners: dict[str, str] = {}
    found = [(i, document.validated(SeriesTable, entry, Frame())) for i, entry in document.entries("series")]
    tables = [(index, table) for index, table in found if isinstance(table, SeriesTable)]
    for index, table in tables:
        may_share = any(_may_share(table.prefix, other.prefix) for _, other in tables if other is not table)
        if not may_share or table.id in owners.values():
            continue
        numbers = list(_numbers(table.series))
        shared = [n for n in numbers if n in owners]
        if shared:
            extent = "all its numbers" if len(shared) == len(numbers) else f"{shared[0]} to {shared[-1]}"
            message = f"series {table.id!r} overlaps series {owners[shared[0]]!r}: {extent}"
            yield document.fault(("series", index, "prefix"), message)
        owners |= dict.fromkeys(numbers, table.id)


def _may_share(prefix: str, other: str) -> bool:
    """One prefix is the other, or goes on with digits: counting all numbers of all series would slow every start."""
    short, long = sorted((prefix, other), key=len)
    return long.startswith(short) and (long == short or long[len(short) :].isdecimal())


def _numbers(series: Series) -> Iterator[str]:
    return (series.number(n) for n in range(series.first, series.last + 1))


def _all_hours(file: ZoneFile) -> Iterator[tuple[KeyPath, HoursTable]]:
    yield ("hours",), file.hours
    for index, service in enumerate(file.service):
        if service.hours:
            yield ("service", index, "hours"), service.hours
    if file.appointments and file.appointments.hours:
        yield ("appointments", "hours"), file.appointments.hours
    if file.remote and file.remote.hours:
        yield ("remote", "hours"), file.remote.hours


def doubts(document: Document, file: ZoneFile) -> Iterator[Fault]:
    yield from _hard_prefixes(document, file)
    yield from _left_alone(document, file)
    for at, hours in _all_hours(file):
        if not (hours.always or hours.week or hours.extra):
            yield document.fault(at, "these hours never open")


def _hard_prefixes(document: Document, file: ZoneFile) -> Iterator[Fault]:
    for index, series in enumerate(file.series):
        hard = sorted(HARD_TO_TELL_APART & set(series.prefix))
        if hard:
            message = f"prefix {series.prefix!r}: easily mistaken for digits: {', '.join(hard)}"
            yield document.fault(("series", index, "prefix"), message)


def _left_alone(document: Document, file: ZoneFile) -> Iterator[Fault]:
    served = {name for counter in file.counter for name in counter.services}
    for index, service in enumerate(file.service):
        if not served & {service.id, EVERY_SERVICE}:
            yield document.fault(("service", index), f"no counter serves {service.id!r}")
    numbered = {*(service.series for service in file.service), *(kiosk.emergency_series for kiosk in file.kiosk)}
    for index, series in enumerate(file.series):
        if series.id not in numbered:
            yield document.fault(("series", index), f"no service uses series {series.id!r}")


def foreign_languages(
    document: Document, zone: Collection[str] | None, site: Collection[str] | None
) -> Iterator[Fault]:
    """A zone cannot speak what its site's texts do not."""
    for index, language in enumerate(zone or ()):
        if site is not None and language not in site:
            yield document.fault(("zone", "languages", index), f"{language!r} is none of the site's languages")

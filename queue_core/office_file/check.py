"""The report of `wartezone check`: every fault and every doubt on a line of its own, then the result."""

from pathlib import Path

from queue_core.domain.office import Office
from queue_core.office_file.fault import OfficeInvalid
from queue_core.office_file.office import read_office

VALID, INVALID = 0, 2


def check_report(path: Path) -> tuple[list[str], int]:
    """Lines for people and the exit code: 0 when the office can be served, 2 when not."""
    try:
        files = read_office(path)
    except OfficeInvalid as error:
        return [*map(str, error.faults), _counted(len(error.faults), "fault")], INVALID
    return [*(f"{w.file}:{w.line}: warning: {w.message}" for w in files.warnings), f"OK: {_size(files.office)}"], VALID


def _size(office: Office) -> str:
    zones = office.values()
    return ", ".join(
        (
            _counted(len(office), "zone"),
            _counted(sum(len(zone.services) for zone in zones), "service"),
            _counted(sum(len(zone.counters) for zone in zones), "counter"),
        )
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

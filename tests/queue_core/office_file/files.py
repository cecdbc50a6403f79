"""A small office that is right, for tests that make it wrong."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from queue_core.office_file import Fault, OfficeFiles, OfficeInvalid, read_office

TODAY = date(2026, 6, 1)

SITE = """\
[site]
name = { de = "Amt", en = "Office" }
languages = ["de", "en"]

[site.holidays]
country = "DE"
subdivision = "NW"
"""

ZONE = """\
[zone]
id = "hall"
name = { de = "Halle", en = "Hall" }

[hours]
mon = ["08:00-12:30"]
thu = ["08:00-12:30", "14:00-17:00"]

[[class]]
id = "normal"
name = { de = "Ohne Termin", en = "Without appointment" }

[[series]]
id = "a"
prefix = "A"

[[series]]
id = "c"
prefix = "C"

[[service]]
id = "passport"
name = { de = "Pass", en = "Passport" }
series = "a"

[[service]]
id = "permit"
name = { de = "Erlaubnis", en = "Permit" }
series = "c"

[[counter]]
id = "1"
name = { de = "Schalter 1", en = "Counter 1" }
services = ["*"]
"""


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def line_of(text: str, part: str) -> int:
    """The line of the first occurrence."""
    return 1 + text[: text.index(part)].count("\n")


def written(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, text in files.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def office(folder: Path, zone: str = ZONE, site: str = SITE) -> OfficeFiles:
    return read_office(written(folder, {"site.toml": site, "zone.toml": zone}), TODAY)


def faults(folder: Path, files: Mapping[str, str | bytes]) -> tuple[Fault, ...]:
    with pytest.raises(OfficeInvalid) as caught:
        read_office(written(folder, files), TODAY)
    return caught.value.faults


def zone_faults(folder: Path, zone: str) -> tuple[Fault, ...]:
    return faults(folder, {"site.toml": SITE, "zone.toml": zone})

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from queue_core.office_file.tables import SiteTable, ZoneFile
from tests.architecture.source import ROOT
from tests.queue_core.office_file.files import SITE, ZONE, changed, faults, line_of, zone_faults


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ('prefix = "A"\nfirst = 9\nlast = 5', "first (9) is larger than last (5)"),
        ('prefix = "A"\nlast = 1000', "last (1000) has more than 3 digits"),
        ('prefix = "A"\nfirst = -1', "first: must be greater than or equal to 0, not -1"),
        ('prefix = "A"\ndigits = 9', "digits: must be less than or equal to 5, not 9"),
    ],
)
def test_a_series_has_numbers_of_its_width(tmp_path: Path, new: str, message: str) -> None:
    (fault,) = zone_faults(tmp_path, changed(ZONE, 'prefix = "A"', new))
    assert fault.message == message


def test_always_open_and_hours_exclude_each_other(tmp_path: Path) -> None:
    zone = changed(ZONE, "[hours]", "[hours]\nalways = true")
    (fault,) = zone_faults(tmp_path, zone)
    assert (fault.line, fault.message) == (
        line_of(zone, "[hours]"),
        "hours are either always or listed, not both",
    )


@pytest.mark.parametrize("table", ["series", "class", "service", "counter"])
def test_a_zone_has_at_least_one_of_each_table(tmp_path: Path, table: str) -> None:
    zone = "\n\n".join(part for part in ZONE.split("\n\n") if not part.startswith(f"[[{table}]]"))
    assert f"'{table}' is missing" in [f.message for f in zone_faults(tmp_path, zone)]


@pytest.mark.parametrize(
    ("line", "most"),
    [
        ("undo_s = 31", 30),
        ("recalls_most = 21", 20),
        ("booking_lead_minutes = 121", 120),
        ("missed_return_minutes = 481", 480),
    ],
)
def test_rules_have_limits(tmp_path: Path, line: str, most: int) -> None:
    (fault,) = zone_faults(tmp_path, f"{ZONE}\n[rules]\n{line}\n")
    assert f"must be less than or equal to {most}" in fault.message


@pytest.mark.parametrize(
    ("old", "new", "message", "suggestion"),
    [
        ('"DE"', '"Germny"', "no holidays are known for country 'Germny'", None),
        ('"DE"', '"de"', "no holidays are known for country 'de'", "DE"),
        ('"NW"', '"NRW"', "no holidays are known for subdivision 'NRW' of DE", "NW"),
    ],
)
def test_holidays_must_be_known(tmp_path: Path, old: str, new: str, message: str, suggestion: str | None) -> None:
    (fault,) = faults(tmp_path, {"site.toml": changed(SITE, old, new), "zone.toml": ZONE})
    assert (fault.message, fault.suggestion) == (message, suggestion)


def keys(annotation: Any) -> Iterator[str]:
    """Every key that may be written in a table, in tables within it too."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield field.alias or name
            yield from keys(field.annotation)
    for inner in get_args(annotation):
        yield from keys(inner)


@pytest.mark.parametrize("key", sorted({"site", *keys(ZoneFile), *keys(SiteTable)}))
def test_every_key_is_documented(key: str) -> None:
    text = (ROOT / "docs" / "office.md").read_text()
    assert any(form in text for form in (f"`{key}`", f"`[{key}]`", f"`[[{key}]]`", f"`[site.{key}]`"))

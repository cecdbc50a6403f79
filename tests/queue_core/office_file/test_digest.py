import subprocess
import sys
from pathlib import Path

import pytest

from queue_core.office_file import default_config, digest
from tests.architecture.source import ROOT
from tests.queue_core.office_file.files import SITE, ZONE, changed, office

PRINT_DIGESTS = """
import sys, datetime, pathlib
from queue_core.office_file import digest, load_office
print(*map(digest, load_office(pathlib.Path(sys.argv[1]), datetime.date(2026, 6, 1)).values()))
"""


def of(folder: Path, zone: str, site: str = SITE) -> str:
    (found,) = office(folder, zone, site).office.values()
    return digest(found)


def test_how_it_is_written_does_not_matter(tmp_path: Path) -> None:
    same = changed(ZONE, 'series = "a"', 'series    = "a"  # a comment\nvisit_minutes = 10\nquota = 0')
    assert of(tmp_path, same) == of(tmp_path, ZONE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Halle", "Saal"),
        ('series = "a"', 'series = "a"\nquota = 5'),
        ("08:00-12:30", "08:00-12:45"),
        ('prefix = "A"', 'prefix = "D"'),
        ('id = "hall"', 'id = "hall"\ntime_zone = "Europe/Vienna"'),
        ("[hours]", "[hours]\nclosed_on = [2026-12-24]"),
        ('services = ["*"]', 'services = ["permit", "passport"]'),
    ],
)
def test_what_holds_does(tmp_path: Path, old: str, new: str) -> None:
    assert of(tmp_path, changed(ZONE, old, new)) != of(tmp_path, ZONE)


def test_the_sites_name_and_holidays_belong_to_it(tmp_path: Path) -> None:
    assert of(tmp_path, ZONE, changed(SITE, "Amt", "Haus")) != of(tmp_path, ZONE)
    assert of(tmp_path, ZONE, changed(SITE, '"NW"', '"BY"')) != of(tmp_path, ZONE)


def test_another_process_computes_the_same() -> None:
    """Sets and strings are ordered and hashed anew in each."""
    command = [sys.executable, "-c", PRINT_DIGESTS, str(default_config())]
    runs = [
        subprocess.run(command, cwd=ROOT, env={"PYTHONHASHSEED": seed}, check=True, capture_output=True).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]

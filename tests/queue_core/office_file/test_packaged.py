import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from queue_core.office_file import default_config, read_office
from tests.architecture.source import ROOT
from tests.queue_core.office_file.files import TODAY

SAY_WHAT_IS_FOUND = """
import json, sys
from queue_core.office_file import check_report, default_config
print(json.dumps([str(default_config()), *check_report(default_config())]))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what an installed wheel holds."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_a_checkout_serves_its_own_config() -> None:
    assert default_config() == ROOT / "config" / "default"


@pytest.mark.slow
def test_an_installed_wheel_brings_the_config_along(installed: Path) -> None:
    run = subprocess.run([sys.executable, "-c", SAY_WHAT_IS_FOUND], cwd=installed, check=True, capture_output=True)
    found, lines, code = json.loads(run.stdout)
    assert Path(found) == installed / "queue_core" / "_config" / "default"
    assert (lines[-1], code) == ("OK: 2 zones, 11 services, 12 counters", 0)


@pytest.mark.slow
def test_a_wheel_puts_nothing_of_a_general_name_beside_other_packages(installed: Path) -> None:
    names = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert names == {"queue_core", "display_server", "ticket_kiosk", "public_feed"}


def test_the_packaged_office_is_right_and_without_doubts() -> None:
    assert read_office(default_config(), TODAY).warnings == ()


def test_the_first_zone_is_always_open_and_its_first_counter_serves_everything() -> None:
    first = next(iter(read_office(default_config(), TODAY).office.values()))
    assert first.hours.always
    assert all(first.hours_of(service).always for service in first.services)
    assert set(next(iter(first.counters.values())).services) == set(first.services)
    assert all(service.quota == 0 for service in first.services.values())


def test_what_can_be_offered_from_home_can_be_tried_in_the_first_zone() -> None:
    first = next(iter(read_office(default_config(), TODAY).office.values()))
    assert None not in (first.appointments, first.remote, first.survey)


def test_the_example_beside_it_has_real_hours_and_holidays() -> None:
    example = list(read_office(default_config(), TODAY).office.values())[1]
    assert len(example.counters) == 8
    assert not example.hours.always
    corpus_christi_in_nrw, a_thursday = TODAY.replace(day=4), TODAY.replace(day=11)
    assert example.hours.on(corpus_christi_in_nrw) == ()
    assert len(example.hours.on(a_thursday)) == 2

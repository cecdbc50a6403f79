"""`[appointments]`: what its author may leave out, and what is told."""

import shutil
from datetime import date, time
from pathlib import Path

import pytest

from queue_core.domain.model import ClassId, ServiceId, ZoneId
from queue_core.domain.office import Appointments, Interval, Office
from queue_core.domain.slots import day_slots
from queue_core.office_file import load_office
from queue_core.office_file.fault import OfficeInvalid
from queue_core.office_file.packaged import default_config

TODAY = date(2026, 11, 23)
FILE = "eingangszone.toml"
PLAIN = (default_config() / FILE).read_text()
BEFORE, _, REST = PLAIN.partition("[appointments]\n")
AFTER = REST[REST.index("# What a desk offers") :]


def given(office: Office) -> Appointments:
    found = office[ZoneId("eingangszone")].appointments
    assert found
    return found


def appointments(tmp_path: Path, table: str) -> Appointments:
    shutil.copytree(default_config(), tmp_path, dirs_exist_ok=True)
    (tmp_path / FILE).write_text(f"{BEFORE}[appointments]\n{table}\n{AFTER}")
    return given(load_office(tmp_path, TODAY))


def faults(tmp_path: Path, table: str) -> str:
    with pytest.raises(OfficeInvalid) as invalid:
        appointments(tmp_path, table)
    return "\n".join(fault.message for fault in invalid.value.faults)


def test_the_example_gives_appointments_for_two_services() -> None:
    found = given(load_office(default_config(), TODAY))
    assert (found.services, found.visitor_class) == (("neuantrag", "vermittlung"), "appointment")
    assert (found.hold_s, found.notice_s, found.changes_most, found.share) == (600, 3600, 3, 0.5)
    assert found.hours
    assert found.hours.on(date(2026, 11, 25)) == (Interval(time(9), time(12)),)


def test_the_office_to_try_things_in_gives_appointments() -> None:
    found = load_office(default_config())[ZoneId("demo")]
    assert found.appointments
    assert all(day_slots(found, service, date(2026, 11, 24)).begins_ms for service in found.appointments.services)


def test_holidays_close_the_hours_of_appointments_too() -> None:
    hours = given(load_office(default_config(), TODAY)).hours
    assert hours
    assert hours.on(date(2026, 12, 25)) == ()


def test_only_the_services_must_be_named(tmp_path: Path) -> None:
    found = appointments(tmp_path, 'services = ["termin"]')
    assert found == Appointments((ServiceId("termin"),), ClassId("normal"))


@pytest.mark.parametrize(
    ("table", "told"),
    [
        pytest.param('services = ["none"]', "no service 'none'", id="unknown-service"),
        pytest.param("services = []", "at least 1", id="no-service"),
        pytest.param('services = ["termin"]\nclass = "vip"', "no class 'vip'", id="unknown-class"),
        pytest.param('services = ["termin"]\nshare_percent = 0', "greater than or equal to 1", id="no-share"),
        pytest.param('services = ["termin"]\nper_slot = { auskunft = 1 }', "not among services", id="other-service"),
        pytest.param('services = ["termin"]\nslot_minutes = { termin = 241 }', "1 to 240", id="too-long"),
        pytest.param('services = ["termin"]\ndays = 3', "unknown key 'days'", id="unknown-key"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, table: str, told: str) -> None:
    assert told in faults(tmp_path, table)

"""Finding and ending an office's processes: every test of real processes stands on it."""

import subprocess
import sys

from tests.support.office_process import OfficeProcess, office_process

SLEEPER = [sys.executable, "-c", "import sys; sys.stdin.read()"]


def sleeper(office: OfficeProcess) -> "subprocess.Popen[bytes]":
    office.data.mkdir(exist_ok=True)
    return subprocess.Popen(SLEEPER, cwd=office.data, stdin=subprocess.PIPE, start_new_session=True)


def test_a_process_belongs_to_the_office_that_it_works_in() -> None:
    with office_process() as office, office_process() as other:
        child = sleeper(office)
        assert list(office.processes()) == [child.pid]
        assert other.processes() == {}
        child.kill()
        child.communicate()
        assert office.processes() == {}


def test_an_office_ends_with_all_its_processes_and_its_home() -> None:
    with office_process() as office:
        child = sleeper(office)
    child.communicate()
    assert child.returncode < 0
    assert not office.home.exists()


def test_an_office_inherits_no_settings_from_whoever_tests() -> None:
    with office_process(heartbeat_s="1") as office:
        names = {name for name in office.environment if name.startswith("WARTEZONE_")}
    assert names == {f"WARTEZONE_{name}" for name in ("PORT", "DATA", "KIOSK_AGENT", "HEARTBEAT_S")}

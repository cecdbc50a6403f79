"""`wartezone cases` at the shell, on a real store."""

from pathlib import Path

import pytest

from queue_core import cli
from queue_core.jobs.cases import forget_cases
from tests.support.office_files import office_file
from tests.support.shell import Run, shell

CASES = """
[site.cases]
[[site.cases.stage]]
id = "received"
name = { de = "Da", en = "There" }
then = { de = "Dann", en = "Then" }
[[site.cases.stage]]
id = "decided"
name = { de = "Fertig", en = "Done" }
then = { de = "Brief", en = "Letter" }
ends = true
"""
LONG_AGO = "2024-11-20T10:00"


@pytest.fixture
def wartezone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, valkey_url: str
) -> Run:
    office = office_file(tmp_path)
    office.write_text(office.read_text() + CASES)
    monkeypatch.setenv("WARTEZONE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WARTEZONE_CONFIG", str(office))
    monkeypatch.setenv("WARTEZONE_REDIS_URL", valkey_url)
    return shell(monkeypatch, capsys)


def file(folder: Path, *rows: str) -> str:
    path = folder / "list.csv"
    path.write_text("case,stage,updated_at\n" + "".join(f"{row}\n" for row in rows))
    return str(path)


def test_a_file_is_taken_over_once_however_often_it_is_imported(wartezone: Run, tmp_path: Path) -> None:
    path = file(tmp_path, "A-1000,received,2026-11-20T10:00", "A-1001,decided,2026-11-20T10:00")
    first, again = (wartezone("cases", "import", path) for _ in range(2))
    assert (first.code, first.out) == (0, "2 created, 0 changed, 0 unchanged, 0 outdated\n")
    assert (again.code, again.out) == (0, "0 created, 0 changed, 2 unchanged, 0 outdated\n")
    assert wartezone("cases", "counts").out == "\tdecided\t1\n\treceived\t1\n"


def test_a_file_with_a_fault_changes_nothing(wartezone: Run, tmp_path: Path) -> None:
    done = wartezone("cases", "import", file(tmp_path, "A-1000,received,2026-11-20T10:00", "A-1001,none,never"))
    assert (done.code, done.out) == (cli.USAGE, "")
    assert "list.csv:3" in done.err
    assert wartezone("cases", "counts").out == ""


def test_another_secret_than_the_servers_is_told_instead_of_hiding_cases(
    wartezone: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wartezone("cases", "import", file(tmp_path, "A-1000,received,2026-11-20T10:00"))
    monkeypatch.setenv("WARTEZONE_SECRET", "another secret that is long enough, surely")
    done = wartezone("cases", "import", file(tmp_path, "A-1000,received,2026-11-20T10:00"))
    assert done.code == cli.USAGE
    assert "sealed by another secret" in done.err
    monkeypatch.setattr("sys.stdin", __import__("io").StringIO("y\n"))
    assert wartezone("cases", "clear").code == 0
    assert wartezone("cases", "import", file(tmp_path, "A-1000,received,2026-11-20T10:00")).code == 0


def test_an_office_without_stages_says_so(wartezone: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("WARTEZONE_CONFIG", str(office_file(other)))
    assert "no stages" in wartezone("cases", "counts").fault


def test_a_file_that_is_not_there_or_has_no_end_is_one_line(wartezone: Run) -> None:
    assert "No such file" in wartezone("cases", "import", "/nowhere.csv").fault
    assert "larger than" in wartezone("cases", "import", "/dev/zero").fault


def test_the_job_forgets_what_ended_long_ago(wartezone: Run, tmp_path: Path) -> None:
    wartezone("cases", "import", file(tmp_path, f"A-1000,decided,{LONG_AGO}", "A-1001,received,2026-11-20T10:00"))
    forget_cases()
    assert wartezone("cases", "counts").out == "\treceived\t1\n"

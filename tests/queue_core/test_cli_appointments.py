"""`wartezone appointments`: a booking system's file at the shell, beside a living office."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from queue_core import cli
from queue_core.domain.model import ZoneId
from queue_core.jobs.days import roll_days
from queue_core.store.connection import connect
from queue_core.store.zone import ZoneStore
from tests.support.office_files import office_file
from tests.support.shell import Run, shell

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).astimezone(ZoneInfo("Europe/Berlin")).replace(hour=12)
SLOT = TOMORROW.strftime("%Y-%m-%dT12:00")


@pytest.fixture
def wartezone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, valkey_url: str
) -> Run:
    """There is a store in which the zone `hall` was served already."""
    monkeypatch.setenv("WARTEZONE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WARTEZONE_CONFIG", str(office_file(tmp_path)))
    monkeypatch.setenv("WARTEZONE_REDIS_URL", valkey_url)
    roll_days()
    return shell(monkeypatch, capsys)


def file(folder: Path, *rows: str) -> str:
    path = folder / "list.csv"
    path.write_text("code,service,slot,class\n" + "".join(f"{row}\n" for row in rows))
    return str(path)


def booked(url: str) -> list[str]:
    async def read() -> list[str]:
        client = connect(url)
        try:
            return sorted(await ZoneStore(client, ZoneId("hall")).bookings())
        finally:
            await client.aclose()

    return asyncio.run(read())


def test_a_file_is_booked_once_however_often_it_is_imported(wartezone: Run, tmp_path: Path, valkey_url: str) -> None:
    path = file(tmp_path, f"K7M2-9QXT,new,{SLOT},", f"K7M2-9QXU,new,{SLOT},")
    first, again = (wartezone("appointments", "import", path, "--zone", "hall") for _ in range(2))
    assert (first.code, first.out) == (0, "booked 2 appointments, 0 were booked already\n")
    assert (again.code, again.out) == (0, "booked 0 appointments, 2 were booked already\n")
    assert booked(valkey_url) == ["K7M29QXT", "K7M29QXU"]
    listed = wartezone("appointments", "list", "--zone", "hall").out.splitlines()
    assert [line.split("\t")[:3] for line in listed] == [["K7M2-9QXT", "new", "normal"], ["K7M2-9QXU", "new", "normal"]]
    assert listed[0].split("\t")[3].startswith(SLOT)


def test_what_was_booked_is_exported_and_can_be_imported_again(wartezone: Run, tmp_path: Path) -> None:
    wartezone("appointments", "import", file(tmp_path, f"K7M2-9QXT,new,{SLOT},"), "--zone", "hall")
    day = f"{TOMORROW:%Y-%m-%d}"
    done = wartezone("appointments", "export", "--zone", "hall", "--from", day)
    head, row = done.out.splitlines()
    assert head == "code,service,slot,class,state"
    assert row.startswith(f"K7M2-9QXT,new,{SLOT}")
    path = tmp_path / "again.csv"
    path.write_text(done.out)
    again = wartezone("appointments", "import", str(path), "--zone", "hall")
    assert again.out == "booked 0 appointments, 1 were booked already\n"
    assert wartezone("appointments", "export", "--zone", "hall", "--format", "jsonl").out == ""


def test_an_export_ends_after_it_begins(wartezone: Run) -> None:
    days = ("--from", "2026-11-24", "--to", "2026-11-23")
    assert "lies before" in wartezone("appointments", "export", "--zone", "hall", *days).fault


def test_a_file_with_a_fault_books_nothing(wartezone: Run, tmp_path: Path, valkey_url: str) -> None:
    path = file(tmp_path, f"K7M2-9QXT,new,{SLOT},", "K7M2-9QXU,none,never,", "x,new,never,")
    done = wartezone("appointments", "import", path, "--zone", "hall")
    assert (done.code, done.out) == (cli.USAGE, "")
    assert [line.split(": ")[1] for line in done.err.splitlines()] == ["list.csv:3", "list.csv:4"]
    assert booked(valkey_url) == []


def test_a_zone_or_a_file_that_is_not_there_is_one_line(wartezone: Run, tmp_path: Path) -> None:
    path = file(tmp_path)
    assert wartezone("appointments", "import", path, "--zone", "none").fault == "there is no zone 'none'"
    assert "No such file" in wartezone("appointments", "import", path + "x", "--zone", "hall").fault


def test_a_file_that_is_no_list_is_not_read_to_its_end(wartezone: Run) -> None:
    assert "larger than" in wartezone("appointments", "import", "/dev/zero", "--zone", "hall").fault

"""`wartezone laws`: what was learned is shown, carried elsewhere, forgotten and learned anew."""

import asyncio
import json
import math
import re
import zlib
from base64 import b85encode
from functools import reduce
from operator import getitem
from pathlib import Path

import pytest

from queue_core.domain.commands import CallNext, Finish, Issue, OpenCounter
from queue_core.domain.events import EventType
from queue_core.domain.model import ZoneId
from queue_core.estimate.knowledge import Knowledge
from queue_core.evaluate.replay import read_log
from queue_core.jobs.days import archive_and_purge, roll_days
from queue_core.office_file import load_office
from queue_core.store.audit import Audit
from queue_core.store.connection import connect, connect_jobs
from queue_core.store.laws import Found, KeptLaws
from tests.support.bench import Bench, bench_at
from tests.support.office_files import office_file
from tests.support.shell import Run, shell
from tests.support.zones import NEW, NORMAL, ONE

HALL = ZoneId("hall")
COMMANDS = ("show", "export", "reset", "rebuild")
BROKEN = (
    "no base 85",
    b85encode(b"never compressed").decode(),
    b85encode(zlib.compress(b"\xff\xfe")).decode(),
    b85encode(zlib.compress(b'{"version": 2}\n{"type":')).decode(),
)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WARTEZONE_DATA", str(tmp_path / "data"))
    file = office_file(tmp_path)
    monkeypatch.setenv("WARTEZONE_CONFIG", str(file))
    return file


@pytest.fixture
def wartezone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], office: Path) -> Run:  # noqa: ARG001
    return shell(monkeypatch, capsys)


@pytest.fixture
def served(valkey_url: str, monkeypatch: pytest.MonkeyPatch, office: Path) -> str:  # noqa: ARG001
    """There is a store in which the zone `hall` was served already."""
    monkeypatch.setenv("WARTEZONE_REDIS_URL", valkey_url)
    roll_days()
    return valkey_url


def stored(url: str, put: dict[str, object] | None = None) -> Found:
    async def exchanged() -> Found:
        client = connect(url)
        kept = KeptLaws(client, HALL)
        if put is not None:
            await kept.exchange(put)
        found = await kept.read()
        await client.aclose()
        return found

    return asyncio.run(exchanged())


async def a_day(bench: Bench) -> None:
    await bench.do(OpenCounter(ONE))
    for _ in range(5):
        await bench.do(Issue(NEW, NORMAL))
        await bench.do(CallNext(ONE))
        await bench.pass_s(300)
        await bench.do(Finish(ONE))
    await bench.next_day()


def two_days(url: str, office: Path) -> None:
    """After the one on which the zone was first served, without anybody."""

    async def passed() -> None:
        async with bench_at(url, load_office(office)[HALL]) as bench:
            await a_day(bench)
            await a_day(bench)

    asyncio.run(passed())
    archive_and_purge()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_zone_that_is_not_there_is_said(wartezone: Run, served: str, command: str) -> None:  # noqa: ARG001
    assert wartezone("laws", command, "--zone", "nowhere").fault == "there is no zone 'nowhere'"


@pytest.mark.parametrize("command", ["show", "export"])
def test_that_nothing_was_learned_yet_is_said(wartezone: Run, served: str, command: str) -> None:  # noqa: ARG001
    fault = wartezone("laws", command, "--zone", "hall").fault
    assert fault == "nothing that was learned of hall is kept yet: a running server keeps it every 5 minutes"


def test_without_ended_days_nothing_can_be_rebuilt(wartezone: Run, served: str) -> None:  # noqa: ARG001
    assert wartezone("laws", "rebuild", "--zone", "hall").fault == "no ended day of hall is on record"


def test_laws_are_rebuilt_from_the_archives_and_shown(wartezone: Run, served: str, office: Path) -> None:
    two_days(served, office)
    before = stored(served).revision
    done = wartezone("laws", "rebuild", "--zone", "hall")
    assert done.code == 0
    assert re.fullmatch(r"learned from 3 days, [\d-]+ to 2030-01-17\n", done.out)
    assert stored(served).revision != before
    shown = wartezone("laws", "show", "--zone", "hall")
    assert shown.code == 0
    assert "new: usually 5." in shown.out
    assert "from 10 visits" in shown.out
    assert "not there when called" in shown.out


def test_a_day_that_cannot_be_read_is_left_out_and_said(wartezone: Run, served: str, office: Path) -> None:
    two_days(served, office)
    with connect_jobs(served) as client:
        client.hset("{hall}:archive", "2030-01-16", b85encode(zlib.compress(b'{"version": 99}')).decode())
    done = wartezone("laws", "rebuild", "--zone", "hall")
    assert done.code == 0
    assert "left out 2030-01-16: line 1: format 99 is not known" in done.out
    assert "learned from 2 days" in done.out


@pytest.mark.parametrize("packed", BROKEN, ids=["text", "bytes", "encoding", "line"])
def test_an_archive_that_was_damaged_is_left_out_and_said(
    wartezone: Run, served: str, office: Path, packed: str
) -> None:
    two_days(served, office)
    with connect_jobs(served) as client:
        client.hset("{hall}:archive", "2030-01-16", packed)
    done = wartezone("laws", "rebuild", "--zone", "hall")
    assert done.code == 0
    assert "left out 2030-01-16: " in done.out
    assert "learned from 2 days" in done.out


def test_where_no_day_can_be_read_the_laws_stay(wartezone: Run, served: str) -> None:
    with connect_jobs(served) as client:
        client.hset("{hall}:archive", "2030-01-16", b85encode(zlib.compress(b'{"version": 99}')).decode())
    assert "no archive of hall can be read" in wartezone("laws", "rebuild", "--zone", "hall").fault
    assert stored(served).revision == ""


def test_what_is_exported_can_be_imported_elsewhere(wartezone: Run, served: str, tmp_path: Path) -> None:
    stored(served, Knowledge().to_json())
    exported = wartezone("laws", "export", "--zone", "hall")
    assert json.loads(exported.out) == stored(served).record()
    (tmp_path / "laws.json").write_text(exported.out)
    wartezone("laws", "reset", "--zone", "hall")
    assert stored(served).packed is None
    done = wartezone("laws", "import", str(tmp_path / "laws.json"), "--zone", "hall")
    assert (done.code, done.out) == (0, "")
    assert stored(served).record() == json.loads(exported.out)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "no JSON: Expecting property name"),
        ("[" * 100_000, "no JSON: maximum recursion depth exceeded"),
        ("[]", "no laws of this release"),
        ("{}", "no laws of this release: laws of format None"),
        ('{"format": 999}', "no laws of this release: laws of format 999"),
    ],
    ids=["broken", "endless", "list", "nothing", "newer"],
)
def test_a_file_that_holds_no_laws_changes_nothing(
    wartezone: Run, served: str, tmp_path: Path, content: str, said: str
) -> None:
    file = tmp_path / "laws.json"
    file.write_text(content)
    assert said in wartezone("laws", "import", str(file), "--zone", "hall").fault
    assert stored(served).revision == ""


@pytest.mark.parametrize("value", ["x", None, {}, math.nan, math.inf, 1e300, 10**30], ids=repr)
@pytest.mark.parametrize(
    "place", [("learned", "no_shows"), ("queue_length", "office", "n"), ("recalibration",), ("prospects",)], ids=str
)
def test_laws_by_which_nobody_can_be_forecast_change_nothing(
    wartezone: Run, served: str, tmp_path: Path, place: tuple[str, ...], value: object
) -> None:
    laws = Knowledge().to_json()
    *above, last = place
    reduce(getitem, above, laws)[last] = value
    file = tmp_path / "laws.json"
    file.write_text(json.dumps(laws))
    assert "no laws of this release" in wartezone("laws", "import", str(file), "--zone", "hall").fault
    assert stored(served).revision == ""


def test_a_file_that_is_not_there_is_said(wartezone: Run, served: str, tmp_path: Path) -> None:  # noqa: ARG001
    fault = wartezone("laws", "import", str(tmp_path / "absent.json"), "--zone", "hall").fault
    assert fault == f"cannot read {tmp_path / 'absent.json'}: No such file or directory"


def test_what_is_stored_and_is_no_laws_is_said(wartezone: Run, served: str) -> None:
    with connect_jobs(served) as client:
        client.set("{hall}:laws", "nothing of ours")
    assert "is none" in wartezone("laws", "show", "--zone", "hall").fault
    stored(served, {"format": 999})
    assert "laws of format 999" in wartezone("laws", "show", "--zone", "hall").fault


def test_who_exchanges_laws_is_on_record(wartezone: Run, served: str) -> None:
    wartezone("laws", "reset", "--zone", "hall")

    async def latest() -> list[tuple[str, str, str]]:
        client = connect(served)
        entries = await Audit(client).latest()
        await client.aclose()
        return [(entry.who, entry.what, entry.about) for entry in entries]

    assert ("shell", "laws_reset", "hall") in asyncio.run(latest())


def test_archives_become_files_that_an_evaluation_reads(
    wartezone: Run, served: str, office: Path, tmp_path: Path
) -> None:
    two_days(served, office)
    done = wartezone("export-archive", "--zone", "hall", str(tmp_path / "archives"))
    assert (done.code, done.err) == (0, "")
    files = sorted((tmp_path / "archives").iterdir())
    assert [file.name for file in files][1:] == ["2030-01-16.jsonl", "2030-01-17.jsonl"]
    calls = [e for file in files[1:] for e in read_log(file, load_office(office)[HALL]) if e.type is EventType.CALLED]
    assert len(calls) == 10


def test_without_ended_days_there_is_nothing_to_write(wartezone: Run, served: str, tmp_path: Path) -> None:  # noqa: ARG001
    fault = wartezone("export-archive", "--zone", "hall", str(tmp_path / "archives")).fault
    assert fault == "no ended day of hall is on record"
    assert not (tmp_path / "archives").exists()


def test_a_folder_that_cannot_be_made_is_said(wartezone: Run, served: str, office: Path) -> None:
    two_days(served, office)
    assert wartezone("export-archive", "--zone", "hall", str(office / "below")).fault.startswith(str(office))

"""The drop folder: what is complete is taken over whole and deleted, or put away with all its faults."""

import asyncio
import os
import stat
import time
from itertools import count
from pathlib import Path

import pytest

from queue_core.case_drop import (
    COMPLETE_AFTER_S,
    DONE,
    FAILED,
    FAILED_KEPT_DAYS,
    MIB_MOST,
    REPORTS_KEPT_DAYS,
    CaseDrop,
    FolderUnusable,
    Taken,
)
from queue_core.case_file import COLUMNS
from queue_core.domain.errors import StoreAway
from queue_core.table_file import rows

DAY_S = 86_400
CONTENT = b"case,stage,updated_at\n12345BG0067890,received,2026-11-02\n"


class Clock:
    def __init__(self) -> None:
        self.later_s = COMPLETE_AFTER_S

    def __call__(self) -> float:
        return time.time() + self.later_s


class Office:
    """Takes over what it is given, once it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.error: Exception | None = None

    async def import_(self, content: bytes, name: str) -> str:
        if self.error:
            raise self.error
        list(rows(content, name, COLUMNS, 1000))
        self.got.append((name, content))
        return "1 created"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "drop"
    made.mkdir(mode=0o750)
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def drop(folder: Path, clock: Clock) -> CaseDrop:
    return CaseDrop(folder, clock)


@pytest.fixture
def office() -> Office:
    return Office()


def lying(folder: Path, name: str = "") -> list[str]:
    return sorted(path.name for path in (folder / name).iterdir()) if (folder / name).exists() else []


def report(folder: Path, name: str) -> str:
    [found] = [path for path in (folder / name).iterdir() if path.name.endswith(".report.txt")]
    return found.read_text()


async def test_what_is_taken_over_is_deleted_and_its_report_names_no_case(
    folder: Path, drop: CaseDrop, office: Office
) -> None:
    (folder / "news.csv").write_bytes(CONTENT)
    assert await drop.take(office.import_) == [Taken("news.csv")]
    assert office.got == [("news.csv", CONTENT)]
    assert lying(folder) == [DONE, FAILED]
    assert report(folder, DONE) == "news.csv: 1 created\n"
    assert (lying(folder, FAILED), drop.failed_since_s()) == ([], None)
    assert stat.S_IMODE((folder / DONE).stat().st_mode) == 0o700


async def test_what_has_faults_is_put_away_with_all_of_them(folder: Path, drop: CaseDrop, office: Office) -> None:
    (folder / "news.csv").write_bytes(b"case;stage\n1;2\n")
    [taken] = await drop.take(office.import_)
    assert taken.fault == "1 faults"
    assert "news.csv:1: the first line must be" in report(folder, FAILED)
    assert "Nothing of this file was taken over." in report(folder, FAILED)
    assert [name.partition("-")[2] for name in lying(folder, FAILED)] == ["news.csv", "news.csv.report.txt"]
    assert (office.got, lying(folder, DONE)) == ([], [])
    assert drop.failed_since_s() is not None
    assert drop.has_work()


@pytest.mark.parametrize("name", [".news.csv", "news.csv.part", "news.csv.tmp", "NEWS.CSV.PART"])
async def test_what_is_still_being_written_by_its_name_is_left(
    folder: Path, drop: CaseDrop, office: Office, name: str
) -> None:
    (folder / name).write_bytes(CONTENT)
    assert await drop.take(office.import_) == []
    assert name in lying(folder)
    (folder / name).rename(folder / "news.csv")
    assert await drop.take(office.import_) == [Taken("news.csv")]


async def test_what_was_changed_just_now_is_left(folder: Path, drop: CaseDrop, clock: Clock, office: Office) -> None:
    (folder / "news.csv").write_bytes(CONTENT)
    os.utime(folder / "news.csv", (0, 0))
    clock.later_s = 0
    assert not drop.has_work()
    assert await drop.take(office.import_) == []
    clock.later_s = COMPLETE_AFTER_S
    assert drop.has_work()
    assert await drop.take(office.import_) == [Taken("news.csv")]


async def test_what_is_written_to_meanwhile_is_taken_again_whole(folder: Path, drop: CaseDrop, office: Office) -> None:
    with (folder / "news.csv").open("wb") as file:
        file.write(CONTENT)
        file.flush()

        async def import_(content: bytes, name: str) -> str:
            file.write(b"12345BG0067891,received,2026-11-02\n")
            file.flush()
            return await office.import_(content, name)

        assert await drop.take(import_) == []
    assert lying(folder, DONE) == []
    assert await drop.take(office.import_) == [Taken("news.csv")]
    assert [content.count(b"\n") for _, content in office.got] == [2, 3]


async def test_whoever_died_over_a_file_left_it_to_be_taken_again_first(
    folder: Path, drop: CaseDrop, office: Office
) -> None:
    (folder / "news.csv").write_bytes(CONTENT)
    office.error = StoreAway("gone")
    with pytest.raises(StoreAway):
        await drop.take(office.import_)
    assert lying(folder) == [".taking.news.csv", DONE, FAILED]
    office.error = None
    (folder / "a.csv").write_bytes(CONTENT)
    assert await drop.take(office.import_) == [Taken("news.csv"), Taken("a.csv")]
    assert lying(folder) == [DONE, FAILED]


def _link(folder: Path) -> None:
    secret = folder.parent / "secret.csv"
    secret.write_bytes(CONTENT)
    (folder / "news.csv").symlink_to(secret)


def _second_name(folder: Path) -> None:
    secret = folder.parent / "secret.csv"
    secret.write_bytes(CONTENT)
    (folder / "news.csv").hardlink_to(secret)


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "news.csv")


def _strange(folder: Path) -> None:
    (folder / "news.xlsx").write_bytes(CONTENT)


def _too_big(folder: Path) -> None:
    with (folder / "news.csv").open("wb") as file:
        file.truncate(MIB_MOST * 2**20 + 1)


REFUSED = {
    "a link": (_link, "is a link"),
    "a second name": (_second_name, "is no plain file of one name"),
    "a pipe": (_pipe, "is no plain file of one name"),
    "another kind of file": (_strange, "must end in .csv"),
    "too big": (_too_big, "is larger than 30 MiB"),
}


@pytest.mark.parametrize(("make", "words"), REFUSED.values(), ids=REFUSED)
async def test_what_is_no_plain_file_of_news_is_not_read(
    folder: Path, drop: CaseDrop, office: Office, make: object, words: str
) -> None:
    assert callable(make)
    make(folder)
    [taken] = await drop.take(office.import_)
    assert taken.fault
    assert words in report(folder, FAILED)
    assert office.got == []
    secret = folder.parent / "secret.csv"
    assert not secret.exists() or secret.read_bytes() == CONTENT


async def test_a_strange_name_stays_in_the_folder(folder: Path, drop: CaseDrop, office: Office) -> None:
    (folder / "A\n; rm ü.csv").write_bytes(b"nonsense\n")
    [taken] = await drop.take(office.import_)
    assert taken.fault
    assert all(set(name) <= set("0123456789ATZ.-_abcdefghijklmnopqrstuvwxyz") for name in lying(folder, FAILED))


async def test_of_two_processes_one_takes(folder: Path, drop: CaseDrop, office: Office, clock: Clock) -> None:
    (folder / "news.csv").write_bytes(CONTENT)
    begun, free = asyncio.Event(), asyncio.Event()

    async def slow(content: bytes, name: str) -> str:
        begun.set()
        await free.wait()
        return await office.import_(content, name)

    first = asyncio.create_task(drop.take(slow))
    await begun.wait()
    assert await CaseDrop(folder, clock).take(office.import_) == []
    free.set()
    assert await first == [Taken("news.csv")]
    assert len(office.got) == 1


async def test_failed_files_and_reports_are_deleted_in_time(
    folder: Path, drop: CaseDrop, office: Office, clock: Clock
) -> None:
    (folder / "good.csv").write_bytes(CONTENT)
    (folder / "wrong.csv").write_bytes(b"nonsense\n")
    await drop.take(office.import_)
    clock.later_s = FAILED_KEPT_DAYS * DAY_S + 60
    await drop.take(office.import_)
    assert (lying(folder, FAILED), len(lying(folder, DONE))) == ([], 1)
    assert not drop.has_work()
    clock.later_s = REPORTS_KEPT_DAYS * DAY_S + 60
    assert drop.has_work()
    await drop.take(office.import_)
    assert lying(folder, DONE) == []


async def test_a_folder_where_anybody_may_write_is_not_used(folder: Path, drop: CaseDrop, office: Office) -> None:
    (folder / "news.csv").write_bytes(CONTENT)
    os.chmod(folder, 0o777)  # noqa: PTH101 (a loop has nothing else to do here)
    with pytest.raises(FolderUnusable, match="chmod o-w"):
        await drop.take(office.import_)
    assert lying(folder) == ["news.csv"]


async def test_a_missing_folder_and_a_link_in_place_of_ours_are_told(
    folder: Path, drop: CaseDrop, office: Office, tmp_path: Path
) -> None:
    with pytest.raises(FolderUnusable, match="No such file"):
        CaseDrop(tmp_path / "nowhere").has_work()
    (folder / DONE).symlink_to(tmp_path)
    (folder / "news.csv").write_bytes(CONTENT)
    with pytest.raises(FolderUnusable):
        await drop.take(office.import_)
    assert office.got == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        pytest.param(b"f\xe4lle.csv", "", id="of-latin-1"),
        pytest.param(b"a" * 250 + b".csv", "1 faults", id="too-long-to-be-renamed"),
    ],
)
async def test_whatever_a_file_is_called_it_does_not_stay_and_the_next_is_taken(
    folder: Path, drop: CaseDrop, office: Office, name: bytes, fault: str
) -> None:
    for each in (name, b"z.csv"):
        (folder / os.fsdecode(each)).write_bytes(CONTENT)
    assert [taken.fault for taken in await drop.take(office.import_)] == [fault, ""]
    assert lying(folder) == [DONE, FAILED]


async def test_a_folder_in_the_way_holds_up_nobody_else(folder: Path, drop: CaseDrop, office: Office) -> None:
    (folder / ".taking.a.csv").mkdir()
    for name in ("a.csv", "b.csv"):
        (folder / name).write_bytes(CONTENT)
    assert await drop.take(office.import_) == [Taken("a.csv", "1 faults"), Taken("b.csv")]
    assert "a.csv: cannot be taken" in report(folder, FAILED)


async def test_a_number_of_thousands_of_digits_is_a_fault_of_its_file(
    folder: Path, drop: CaseDrop, office: Office
) -> None:
    (folder / "a.jsonl").write_text('{"case": ' + "1" * 5000 + "}")
    assert await drop.take(office.import_) == [Taken("a.jsonl", "1 faults")]


async def test_a_later_file_waits_for_an_earlier_one_of_its_name(folder: Path, office: Office) -> None:
    later, earlier = folder / "news.csv", folder / ".taking.news.csv"
    later.write_bytes(CONTENT)
    while not earlier.exists() or earlier.stat().st_ctime <= later.stat().st_ctime:
        earlier.write_bytes(CONTENT + b"\n")  # somebody still writes it
    complete_s = later.stat().st_ctime + COMPLETE_AFTER_S
    assert await CaseDrop(folder, lambda: complete_s).take(office.import_) == []
    later_s = count(complete_s + COMPLETE_AFTER_S)
    assert len(await CaseDrop(folder, lambda: next(later_s)).take(office.import_)) == 2
    assert sorted(content for _, content in office.got) == [CONTENT, CONTENT + b"\n"]


async def test_nothing_is_deleted_in_a_folder_that_is_put_into_the_place_of_ours(
    folder: Path, tmp_path: Path, office: Office
) -> None:
    others, done = tmp_path / "others", folder / DONE
    for made in (others, done):
        made.mkdir()
        (made / "book.txt").write_text("kept")

    def swapped() -> float:
        if not done.is_symlink():
            done.rename(folder / "elsewhere")
            done.symlink_to(others)
        return time.time() + (REPORTS_KEPT_DAYS + 1) * DAY_S

    await CaseDrop(folder, swapped).take(office.import_)
    assert lying(others) == ["book.txt"]

"""Files of the drop folder on a real store: once, whole, also after kill -9, and staff know of what has faults."""

import asyncio
import hashlib
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC
from pathlib import Path

import pytest
import pytest_asyncio

from queue_core.case_drop import COMPLETE_AFTER_S, DONE, FAILED, CaseDrop
from queue_core.case_taking import DROPPED, CaseTaking
from queue_core.casework.casework import CaseOffice, Casework, case_office
from queue_core.domain.alarms import AlarmKind
from queue_core.domain.devices import Devices
from queue_core.domain.model import ZoneId
from queue_core.jobs.cases import take_case_files
from queue_core.jobs.timetable import SCHEDULE, timetable
from queue_core.store.alarms import AlarmStore
from queue_core.store.audit import Audit
from queue_core.store.case_files import CaseFilesFailed
from queue_core.store.cases import CaseStore
from queue_core.store.connection import connect_jobs
from queue_core.store.opened import Store, open_store
from queue_core.watch.alarming import Alarming
from tests.support.cases import NUMBER, PIN, RULES
from tests.support.eventually import eventually

SECRET = b"the secret of this house, 32 bytes"
HEADER = "case,pin,stage,updated_at\n"
FIRST = f"{HEADER}{NUMBER},{PIN},received,2025-11-02T10:00\n"
THEN = f"{HEADER}{NUMBER},{PIN},checking,2025-11-04T10:00\n"
#: Takes over, and is killed before it can delete the file.
KILLED = """
import asyncio, sys
from pathlib import Path
from tests.queue_core.test_case_taking import SECRET, taking_of
from queue_core.casework.casework import Casework, case_office
from queue_core.store.audit import Audit
from queue_core.store.opened import open_store
from tests.support.cases import RULES

async def main(url, folder):
    async with open_store(url) as store:
        work = case_office(RULES, store, SECRET, Audit(store.client)).work
        push = work.push
        async def pushed(*given):
            await push(*given)
            print("pushed", flush=True)
            await asyncio.Event().wait()
        Casework.push = lambda self, *given: pushed(*given)
        await taking_of(store, work, Path(folder)).run()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest_asyncio.fixture
async def store(valkey_url: str) -> AsyncIterator[Store]:
    async with open_store(valkey_url) as opened:
        yield opened


@pytest.fixture
def office(store: Store) -> CaseOffice:
    return case_office(RULES, store, SECRET, Audit(store.client))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "drop"
    made.mkdir(mode=0o750)
    return made


def taking_of(store: Store, work: Casework, folder: Path) -> CaseTaking:
    drop = CaseDrop(folder, lambda: time.time() + COMPLETE_AFTER_S)
    return CaseTaking(drop, work, UTC, Audit(store.client), CaseFilesFailed(store.client))


def put(folder: Path, content: str, name: str = "news.csv") -> None:
    (folder / f".{name}").write_text(content)
    (folder / f".{name}").rename(folder / name)


def everything(folder: Path) -> str:
    return "".join(path.read_text() for path in folder.rglob("*") if path.is_file())


def reports(folder: Path, name: str = DONE) -> list[str]:
    return [path.read_text() for path in sorted((folder / name).glob("*.report.txt"))]


async def test_a_file_is_taken_over_and_its_owner_can_look(store: Store, office: CaseOffice, folder: Path) -> None:
    put(folder, FIRST)
    await taking_of(store, office.work, folder).run()
    assert reports(folder) == ["news.csv: 1 created, 0 changed, 0 unchanged, 0 outdated\n"]
    assert await office.door.open(NUMBER, PIN, "here") is not None
    digest = hashlib.sha256(FIRST.encode()).hexdigest()[:16]
    entries = [(entry.who, entry.what, entry.about) for entry in await Audit(store.client).latest()]
    assert entries == [(DROPPED, "case_file_taken", digest), (DROPPED, "cases_pushed", "1")]
    assert NUMBER not in everything(folder)


async def test_a_file_with_one_fault_changes_nothing_and_all_its_faults_are_told(
    store: Store, office: CaseOffice, folder: Path
) -> None:
    put(folder, f"{FIRST}OTHER1,1,received,2025-11-02\nOTHER2,{PIN},nowhere,2025-11-02T10:00\n")
    await taking_of(store, office.work, folder).run()
    [told] = reports(folder, FAILED)
    assert "news.csv:3: pin is none" in told
    assert "news.csv:4: stage 'nowhere' is unknown" in told
    assert NUMBER not in told
    assert (await office.work.counts()).total() == 0
    assert [entry.what for entry in await Audit(store.client).latest()] == ["case_file_refused"]


async def test_staff_are_alarmed_until_nothing_lies_in_failed(store: Store, office: CaseOffice, folder: Path) -> None:
    told: list[str] = []

    async def tell(news: object) -> None:
        told.append(str(news))

    alarming = Alarming(
        Devices(), AlarmStore(store.client), Audit(store.client), lambda _: None, tell, zones=(ZoneId("hall"),)
    )
    put(folder, "nonsense\n")
    for _ in range(2):
        await taking_of(store, office.work, folder).run()
        await alarming.look()
    [alarm] = await alarming.open()
    assert (alarm.kind, alarm.zones, alarm.is_automatic) == (AlarmKind.CASE_FILE_FAILED, (ZoneId("hall"),), True)
    for path in (folder / FAILED).iterdir():
        path.unlink()
    await taking_of(store, office.work, folder).run()
    await alarming.look()
    assert (await alarming.open(), len(told)) == ([], 2)


async def test_killed_in_the_middle_it_is_taken_again_and_counts_once(
    store: Store, office: CaseOffice, folder: Path, valkey_url: str
) -> None:
    put(folder, FIRST)
    await taking_of(store, office.work, folder).run()
    put(folder, THEN, "then.csv")
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, valkey_url, str(folder), stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout
    assert await child.stdout.readline() == b"pushed\n"
    child.kill()
    await child.wait()
    assert (folder / ".taking.then.csv").exists()
    await taking_of(store, office.work, folder).run()
    assert reports(folder)[-1] == "then.csv: 0 created, 0 changed, 1 unchanged, 0 outdated\n"
    assert await CaseStore(store.client).stays(0) == {("first", "received"): {2: 1}}
    assert not (folder / ".taking.then.csv").exists()


async def test_with_another_secret_the_file_stays_and_staff_know(
    store: Store, office: CaseOffice, folder: Path
) -> None:
    put(folder, FIRST)
    await taking_of(store, office.work, folder).run()
    put(folder, THEN)
    other = case_office(RULES, store, b"another secret of another house!!!", Audit(store.client))
    await taking_of(store, other.work, folder).run()
    assert (folder / ".taking.news.csv").exists()
    assert (await AlarmStore(store.client).picture()).case_files_failed_ms is not None
    await taking_of(store, office.work, folder).run()
    assert (await AlarmStore(store.client).picture()).case_files_failed_ms is None
    assert len(reports(folder)) == 2


@pytest.fixture
def surroundings(valkey_url: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = {"REDIS_URL": valkey_url, "DATA": str(tmp_path / "data"), "CASES_DROP": str(folder)}
    for name, value in named.items():
        monkeypatch.setenv(f"WARTEZONE_{name}", value)


@pytest.mark.usefixtures("surroundings")
async def test_the_job_takes_what_is_complete(store: Store, folder: Path) -> None:
    put(folder, FIRST)

    async def taken() -> bool:
        await asyncio.to_thread(take_case_files)
        return len(reports(folder)) == 1

    assert await eventually(taken, 60)
    assert await CaseStore(store.client).counts()


@pytest.mark.usefixtures("surroundings")
async def test_a_folder_that_is_not_there_alarms(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_CASES_DROP", str(tmp_path / "nowhere"))
    await asyncio.to_thread(take_case_files)
    assert (await AlarmStore(store.client).picture()).case_files_failed_ms is not None


@pytest.mark.usefixtures("surroundings")
def test_the_folder_is_looked_at_every_few_seconds_where_there_is_one(
    valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect_jobs(valkey_url) as connection:
        assert len(timetable(connection).get_jobs()) == len(SCHEDULE) + 1
        monkeypatch.delenv("WARTEZONE_CASES_DROP")
        assert len(timetable(connection).get_jobs()) == len(SCHEDULE)

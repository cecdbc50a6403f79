"""What can go wrong with the embedded store, done for real, and what is said about it."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from queue_core.store.embedded import EmbeddedStore
from queue_core.store.embedded.append_log import drop_zero_tail, newest_file
from queue_core.store.embedded.server_log import MIN_FREE_BYTES, ROTATE_FROM_BYTES, TAIL_BYTES, ServerLog
from queue_core.store.failures import (
    ForeignVersion,
    LogCorrupt,
    StorageFull,
    StoreDidNotStart,
    StoreDied,
    StoreFailure,
)
from tests.support.embedded import client_of, running_store
from tests.support.eventually import eventually

VALUES = 200
HALF_COMMAND = b"*3\r\n$5\r\nRPUSH\r\n$12\r\nacknow"
FULL_DISK_BYTES = 3 * MIN_FREE_BYTES

pytestmark = pytest.mark.slow


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A stopped store with VALUES values in the newest file of its log."""
    with running_store(tmp_path / "data") as store, client_of(store) as client:
        for n in range(VALUES):
            client.rpush("acknowledged", n)
    return tmp_path / "data"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "disk"
    directory.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={FULL_DISK_BYTES}", "tmpfs", str(directory)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a small disk")
    try:
        yield directory
    finally:
        subprocess.run(["umount", "-l", str(directory)], check=True)


def newest(directory: Path) -> Path:
    found = newest_file(directory)
    assert found is not None
    return found


def base(directory: Path) -> Path:
    [found] = (directory / "appendonlydir").glob("*.base.rdb")
    return found


def damage(file: Path, at: int, with_: bytes) -> None:
    content = bytearray(file.read_bytes())
    content[at : at + len(with_)] = with_
    file.write_bytes(content)


def failure_of_start(directory: Path) -> StoreFailure:
    store = EmbeddedStore(directory)
    with pytest.raises(StoreFailure) as caught:
        store.start()
    assert store.pid is None
    return caught.value


def acknowledged(directory: Path) -> list[str]:
    with running_store(directory) as store, client_of(store) as client:
        return list(client.lrange("acknowledged", 0, -1))


def test_damage_in_the_middle_names_the_file_and_a_way_out_that_works(written: Path) -> None:
    file = newest(written)
    at = file.read_bytes().index(b"$5\r\nRPUSH", file.stat().st_size // 2)
    damage(file, at, b"#")
    failure = failure_of_start(written)
    assert isinstance(failure, LogCorrupt)
    assert failure.file == file.name
    assert "Restore a backup" in str(failure)
    assert failure.mend is not None
    subprocess.run(failure.mend, shell=True, input=b"y\n", check=True, capture_output=True)
    kept = acknowledged(written)
    assert VALUES // 3 < len(kept) < VALUES
    assert kept == [str(n) for n in range(len(kept))]


def test_a_damaged_base_file_can_only_be_restored(written: Path) -> None:
    damage(base(written), base(written).stat().st_size // 2, b"\xff\x00")
    failure = failure_of_start(written)
    assert isinstance(failure, LogCorrupt)
    assert failure.file == base(written).name
    assert failure.mend is None


def test_a_damaged_manifest_is_said(written: Path) -> None:
    (written / "appendonlydir/appendonly.aof.manifest").write_text("not a manifest\n")
    failure = failure_of_start(written)
    assert isinstance(failure, LogCorrupt)
    assert failure.file == "its manifest"


def test_a_missing_file_is_named(written: Path) -> None:
    name = newest(written).name
    newest(written).unlink()
    failure = failure_of_start(written)
    assert isinstance(failure, LogCorrupt)
    assert failure.file == name


@pytest.mark.parametrize("magic", [b"VALKEY999", b"REDIS0012"])
def test_data_of_a_newer_or_another_server_are_refused(written: Path, magic: bytes) -> None:
    damage(base(written), 0, magic)
    failure = failure_of_start(written)
    assert isinstance(failure, ForeignVersion)
    assert failure.detail.startswith("Can't handle RDB format version")


def test_a_command_of_a_newer_server_is_named(written: Path) -> None:
    with newest(written).open("ab") as file:
        file.write(b"*2\r\n$8\r\nNEWTHING\r\n$1\r\na\r\n")
    failure = failure_of_start(written)
    assert isinstance(failure, ForeignVersion)
    assert failure.detail == "unknown command 'NEWTHING'"


def test_a_failed_start_gives_the_directory_free(written: Path) -> None:
    file = newest(written)
    content = file.read_bytes()
    file.write_bytes(b"#" + content)
    failure_of_start(written)
    file.write_bytes(content)
    assert len(acknowledged(written)) == VALUES


@pytest.mark.parametrize("tail", [HALF_COMMAND, bytes(5000), HALF_COMMAND + bytes(200_000)])
def test_what_a_power_cut_leaves_behind_costs_nothing_acknowledged(written: Path, tail: bytes) -> None:
    with newest(written).open("ab") as file:
        file.write(tail)
    assert acknowledged(written) == [str(n) for n in range(VALUES)]
    assert acknowledged(written) == [str(n) for n in range(VALUES)]


def test_a_log_without_zeros_at_its_end_is_left_alone(written: Path) -> None:
    before = newest(written).read_bytes()
    assert drop_zero_tail(written) == 0
    assert newest(written).read_bytes() == before


def test_there_is_nothing_to_mend_before_the_first_start(tmp_path: Path) -> None:
    assert drop_zero_tail(tmp_path) == 0


def test_a_log_of_nothing_but_zeros_becomes_empty(written: Path) -> None:
    newest(written).write_bytes(bytes(1000))
    assert drop_zero_tail(written) == 1000
    assert acknowledged(written) == []


async def test_a_full_disk_is_said_and_the_store_comes_back_with_all_that_was_acknowledged(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    with running_store(small_disk / "data") as store:
        supervision = asyncio.create_task(store.supervise())
        ballast.write_bytes(bytes(FULL_DISK_BYTES - 1_000_000))
        count = write_until_it_fails(store)
        failure = await eventually(lambda: store.failure)
        assert isinstance(failure, StorageFull)
        assert str(failure).startswith("storage full: ")
        ballast.unlink()
        await eventually(lambda: store.failure is None)
        with client_of(store) as client:
            kept = [int(value) for value in client.lrange("acknowledged", 0, -1)]
        assert kept == list(range(count))
        supervision.cancel()
        await asyncio.gather(supervision, return_exceptions=True)


def write_until_it_fails(store: EmbeddedStore) -> int:
    with client_of(store) as client, contextlib.suppress(redis.ConnectionError):
        for n in range(100_000):
            client.rpush("acknowledged", f"{n:01000d}")
    return n


def test_a_start_on_a_full_disk_is_refused(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes(FULL_DISK_BYTES - MIN_FREE_BYTES + 100_000))
    failure = failure_of_start(small_disk / "data")
    assert isinstance(failure, StorageFull)
    assert 0 < failure.free_bytes < MIN_FREE_BYTES


async def test_a_server_killed_while_it_rewrites_its_log_is_back_at_once_and_leaves_no_copy(written: Path) -> None:
    with running_store(written) as store:
        begin_endless_rewriting(store)
        assert await eventually(lambda: unfinished(written))
        supervision = asyncio.create_task(store.supervise())
        assert store.pid is not None
        os.kill(store.pid, signal.SIGKILL)
        await eventually(lambda: store.failure)
        await eventually(lambda: store.failure is None, within_s=3)
        assert not unfinished(written)
        supervision.cancel()
        await asyncio.gather(supervision, return_exceptions=True)
    assert acknowledged(written) == [str(n) for n in range(VALUES)]


def unfinished(directory: Path) -> list[Path]:
    return list(directory.glob("temp-rewriteaof-*"))


def begin_endless_rewriting(store: EmbeddedStore) -> None:
    with client_of(store) as client:
        client.mset({f"key{n}": n for n in range(600)})
        client.config_set("rdb-key-save-delay", 100_000)
        client.bgrewriteaof()


async def test_damage_found_at_a_restart_ends_the_supervision(written: Path) -> None:
    with running_store(written) as store:
        supervision = asyncio.create_task(store.supervise())
        damage(newest(written), 0, b"#")
        assert store.pid is not None
        os.kill(store.pid, signal.SIGKILL)
        with pytest.raises(LogCorrupt):
            await asyncio.wait_for(supervision, 5)
        assert isinstance(store.failure, LogCorrupt)


async def test_a_server_that_somebody_shuts_down_is_restarted_and_it_is_said(tmp_path: Path) -> None:
    with running_store(tmp_path) as store:
        supervision = asyncio.create_task(store.supervise())
        with client_of(store) as client:
            client.shutdown()
        failure = await eventually(lambda: store.failure)
        assert isinstance(failure, StoreDied)
        assert "exit code 0" in failure.reason
        assert "ready to exit" in failure.log_tail
        await eventually(lambda: store.failure is None)
        supervision.cancel()
        await asyncio.gather(supervision, return_exceptions=True)


def test_a_data_directory_that_is_no_directory_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    failure = failure_of_start(tmp_path / "data")
    assert isinstance(failure, StoreDidNotStart)
    assert str(tmp_path / "data") in str(failure)


def test_last_words_are_told_where_nothing_better_is_known(tmp_path: Path) -> None:
    log = ServerLog(tmp_path)
    with log.open_for_run() as file:
        file.write(b"12:M 22 Nov 2026 10:00:00.000 * Server initialized\n12:M 22 Nov 2026 10:00:00.100 # Out of luck\n")
    failure = log.failure(exit_code=1, was_ready=False)
    assert str(failure) == "the store did not start: exit code 1, last words: Out of luck"


def test_only_the_last_run_is_asked_why_it_ended(tmp_path: Path) -> None:
    log = ServerLog(tmp_path)
    with log.open_for_run() as file:
        file.write(b"12:M 22 Nov 2026 10:00:00.000 # Can't handle RDB format version 999\n")
    log.open_for_run().close()
    assert isinstance(log.failure(exit_code=-9, was_ready=False), StoreDidNotStart)
    log.join_run()
    assert str(log.failure(exit_code=None, was_ready=True)) == "the store died: it ended"


def test_the_log_file_is_rotated_at_a_start_and_read_from_its_end(tmp_path: Path) -> None:
    log = ServerLog(tmp_path)
    assert log.tail() == ""
    with log.open_for_run() as file:
        file.write(b"x" * (ROTATE_FROM_BYTES + 1))
    assert len(log.tail()) == TAIL_BYTES
    with log.open_for_run() as file:
        file.write(b"new")
    assert log.tail() == "new"
    assert (tmp_path / "valkey.log.1").stat().st_size == ROTATE_FROM_BYTES + 1

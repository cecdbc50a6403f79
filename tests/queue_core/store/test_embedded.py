"""The life of the embedded store: who starts it, who may, and who ends it."""

import asyncio
import os
import signal
import stat
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

import pytest

from queue_core.store.embedded import EmbeddedStore, options, server, socket_url
from queue_core.store.embedded.address import make_private, socket_path
from queue_core.store.embedded.launcher import launcher_command
from queue_core.store.embedded.lock import FileLock
from queue_core.store.embedded.options import server_arguments, server_binary
from queue_core.store.failures import DataDirectoryBusy, StoreDidNotStart, StoreDied
from tests.support.embedded import client_of, process_exists, running_store, store_owner
from tests.support.eventually import eventually, eventually_sync

pytestmark = pytest.mark.slow


@asynccontextmanager
async def supervised(store: EmbeddedStore) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(store.supervise())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def is_replaced(store: EmbeddedStore, old_pid: int) -> bool:
    return store.pid != old_pid and store.failure is None


@contextmanager
def orphaned_server(directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server that no parent's death has ended, as on a system without a death signal."""
    directory.mkdir()
    lock = FileLock(directory / "lock")
    assert lock.take()
    command = [str(server_binary()), *server_arguments(directory, socket_path(directory))]
    process = subprocess.Popen(command, pass_fds=[lock.descriptor], stdout=subprocess.DEVNULL)
    lock.sign(process.pid)
    lock.leave()
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_started_store_answers_and_keeps_its_data_over_a_restart(tmp_path: Path) -> None:
    with running_store(tmp_path / "data") as store, client_of(store) as client:
        client.set("number", "A047")
    with running_store(tmp_path / "data") as store, client_of(store) as client:
        assert client.get("number") == "A047"


def test_every_write_is_on_disk_before_it_is_answered_and_nothing_is_evicted(tmp_path: Path) -> None:
    with running_store(tmp_path) as store, client_of(store) as client:
        found = client.config_get("*")
        assert found["appendonly"] == "yes"
        assert found["appendfsync"] == "always"
        assert found["maxmemory-policy"] == "noeviction"
        assert found["save"] == ""
        assert found["port"] == "0"
        assert int(found["auto-aof-rewrite-min-size"]) == 512 * 1024**2


def test_nobody_else_may_read_what_it_holds(tmp_path: Path) -> None:
    with running_store(tmp_path / "data"):
        assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "data/valkey.sock").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "data/appendonlydir").stat().st_mode) == 0o700


def test_a_stopped_store_leaves_no_process_and_no_socket(tmp_path: Path) -> None:
    with running_store(tmp_path) as store:
        pid = store.pid
    assert pid is not None
    assert not process_exists(pid)
    assert not (tmp_path / "valkey.sock").exists()
    assert store.pid is None


def test_stopping_twice_or_before_the_start_is_harmless(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.stop()
    store.start()
    store.stop()
    store.stop()


def test_a_frozen_server_is_killed_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "STOP_WITHIN_S", 0.1)
    with running_store(tmp_path) as store:
        pid = store.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
    assert not process_exists(pid)


def test_a_second_start_is_refused_and_names_the_owner(tmp_path: Path) -> None:
    with store_owner(tmp_path) as owner:
        with pytest.raises(DataDirectoryBusy, match=f"already served by process {owner.process.pid}") as refused:
            EmbeddedStore(tmp_path).start()
        assert refused.value.owner_pid == owner.process.pid
        assert owner.write("still here") == 1


def test_a_second_start_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    with running_store(tmp_path) as store, client_of(store) as client:
        with pytest.raises(DataDirectoryBusy):
            EmbeddedStore(tmp_path).start()
        assert client.ping()


def test_kill_9_of_the_owner_ends_the_server_and_loses_nothing_acknowledged(tmp_path: Path) -> None:
    with store_owner(tmp_path) as owner:
        assert [owner.write(str(n)) for n in range(100)] == list(range(1, 101))
        owner.kill()
        assert eventually_sync(lambda: not process_exists(owner.server_pid), within_s=2.0)
    with running_store(tmp_path) as store, client_of(store) as client:
        assert not store.adopted
        assert client.lrange("acknowledged", 0, -1) == [str(n) for n in range(100)]


def test_kill_9_in_the_middle_of_writing_loses_nothing_acknowledged_and_doubles_nothing(tmp_path: Path) -> None:
    for after in (1, 40, 333):
        with store_owner(tmp_path) as owner:
            acknowledged = owner.kill_while_writing(after)
        with running_store(tmp_path) as store, client_of(store) as client:
            assert acknowledged <= client.llen("acknowledged") <= acknowledged + 1


@pytest.mark.parametrize("round_", range(2))
def test_a_start_right_after_kill_9_waits_for_the_old_server_to_go(tmp_path: Path, round_: int) -> None:
    with store_owner(tmp_path) as owner:
        owner.write(str(round_))
        owner.kill()
        with running_store(tmp_path) as store, client_of(store) as client:
            assert client.lrange("acknowledged", 0, -1) == [str(round_)]
            assert store.pid != owner.server_pid
            assert not process_exists(owner.server_pid)


def test_kill_9_of_owner_and_server_together_loses_nothing_acknowledged(tmp_path: Path) -> None:
    with store_owner(tmp_path) as owner:
        owner.write("A001")
        os.kill(owner.server_pid, signal.SIGKILL)
        owner.kill()
    with running_store(tmp_path) as store, client_of(store) as client:
        assert client.lrange("acknowledged", 0, -1) == ["A001"]


def test_ctrl_c_reaches_the_owner_and_not_the_server(tmp_path: Path) -> None:
    with store_owner(tmp_path) as owner:
        os.killpg(owner.process.pid, signal.SIGINT)
        assert owner.read() == "1\n"
        assert owner.write("after") == 1


def test_a_living_orphan_is_adopted_with_all_that_it_holds(tmp_path: Path) -> None:
    with orphaned_server(tmp_path / "data") as orphan:
        with running_store(tmp_path / "data") as store, client_of(store) as client:
            assert store.adopted
            assert store.pid == orphan.pid
            client.set("number", "A001")
        assert orphan.wait(1) == 0


async def test_an_adopted_orphan_that_dies_is_replaced_by_a_child(tmp_path: Path) -> None:
    with orphaned_server(tmp_path / "data") as orphan, running_store(tmp_path / "data") as store:
        async with supervised(store):
            with client_of(store) as client:
                client.set("number", "A001")
            orphan.kill()
            assert await eventually(lambda: not store.adopted and store.failure is None)
            with client_of(store) as client:
                assert client.get("number") == "A001"


def test_an_orphan_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SILENCE_S", 0.6)
    with orphaned_server(tmp_path / "data") as orphan:
        assert eventually_sync(lambda: (tmp_path / "data/valkey.sock").exists())
        orphan.send_signal(signal.SIGSTOP)
        with pytest.raises(StoreDidNotStart, match=f"process {orphan.pid} holds .*/lock and does not answer"):
            EmbeddedStore(tmp_path / "data").start()


async def test_a_killed_server_is_restarted_with_its_data(tmp_path: Path) -> None:
    with running_store(tmp_path) as store:
        async with supervised(store):
            with client_of(store) as client:
                client.set("number", "A001")
            old = store.pid
            assert old is not None
            os.kill(old, signal.SIGKILL)
            failure = await eventually(lambda: store.failure)
            assert isinstance(failure, StoreDied)
            assert str(failure) == "the store died: killed by SIGKILL"
            await eventually(lambda: store.failure is None)
            assert store.pid != old
            with client_of(store) as client:
                assert client.get("number") == "A001"


async def test_a_server_that_dies_again_and_again_is_restarted_each_time(tmp_path: Path) -> None:
    with running_store(tmp_path) as store:
        async with supervised(store):
            for _ in range(4):
                old = store.pid
                assert old is not None
                os.kill(old, signal.SIGKILL)
                await eventually(partial(is_replaced, store, old))


async def test_supervision_ends_when_the_store_is_stopped(tmp_path: Path) -> None:
    with running_store(tmp_path) as store:
        async with supervised(store) as task:
            await asyncio.sleep(0)
            store.stop()
            await asyncio.wait_for(task, 1)


async def test_a_store_stopped_while_it_comes_back_stays_down(tmp_path: Path) -> None:
    with running_store(tmp_path) as store:
        async with supervised(store) as task:
            assert store.pid is not None
            os.kill(store.pid, signal.SIGKILL)
            await eventually(lambda: store.failure)
            store.stop()
            await asyncio.wait_for(task, 2)
            assert FileLock(tmp_path / "lock").is_free()


def test_a_wheel_without_a_server_for_this_machine_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "WHEEL", "redis")
    with pytest.raises(StoreDidNotStart, match="brings no valkey-server"):
        EmbeddedStore(tmp_path).start()


def test_a_start_outside_the_main_thread_is_refused(tmp_path: Path) -> None:
    caught: list[BaseException] = []

    def start() -> None:
        with pytest.raises(RuntimeError, match="main thread") as error:
            EmbeddedStore(tmp_path).start()
        caught.append(error.value)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert caught
    with running_store(tmp_path):
        pass


@pytest.mark.parametrize("depth", [1, 4])
def test_a_data_directory_with_a_long_path_works(tmp_path: Path, depth: int) -> None:
    directory = tmp_path.joinpath(*["Bürgeramt mit sehr langem Namen und Leerzeichen, zweiter Stock"] * depth)
    with running_store(directory) as store, client_of(store) as client:
        assert client.ping()
        assert store.url == socket_url(directory)
        socket = socket_path(directory)
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert not socket.exists()


def test_a_relative_data_directory_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with running_store(Path("data")) as store, client_of(store) as client:
        monkeypatch.chdir("/")
        assert client.ping()


def test_a_shared_directory_for_sockets_is_not_trusted(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(StoreDidNotStart, match="mode 0700"):
        make_private(tmp_path)


def test_a_symbolic_link_in_place_of_the_directory_for_sockets_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(StoreDidNotStart, match="directory of your own"):
        make_private(tmp_path / "link")


def test_a_server_whose_parent_is_already_gone_never_begins(tmp_path: Path) -> None:
    command = launcher_command(Path("/bin/touch"), [str(tmp_path / "began")], signal.SIGTERM)
    command[command.index(str(os.getpid()))] = str(2**22 + 1)
    assert subprocess.run(command, capture_output=True, check=False).stderr == b"parent 4194305 is gone\n"
    assert not (tmp_path / "began").exists()

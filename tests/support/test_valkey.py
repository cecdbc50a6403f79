"""The throw-away servers themselves: everybody's tests stand on them."""

import os
import subprocess
import sys
from pathlib import Path

import redis

from tests.support.eventually import eventually_sync
from tests.support.valkey import running_server

PARENT = """
import sys
from pathlib import Path
from tests.support.valkey import running_server
with running_server("valkey") as server:
    print(server.pid, flush=True)
    sys.stdin.read()
"""


def test_each_engine_is_empty_at_the_start_of_a_test(store_url: str) -> None:
    with redis.Redis.from_url(store_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")


def test_each_engine_is_empty_at_the_start_of_the_next_test(store_url: str) -> None:
    with redis.Redis.from_url(store_url) as client:
        assert client.dbsize() == 0


def test_a_stopped_server_leaves_no_process_and_no_directory() -> None:
    with running_server("valkey") as server:
        directory = server.socket_path.parent
    assert server.process.returncode is not None
    assert not directory.exists()


def test_a_server_dies_with_a_test_run_that_is_killed(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    server_pid = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    assert eventually_sync(lambda: not Path(f"/proc/{server_pid}/exe").exists())

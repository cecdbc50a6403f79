"""Commands at the shell reach the running store, or start it for a moment."""

from pathlib import Path

import pytest
import redis

from queue_core.store.access import store_at
from queue_core.store.embedded import EmbeddedStore, socket_url
from queue_core.store.embedded.probe import Answer, ask


def test_a_named_store_is_used_as_it_is(tmp_path: Path) -> None:
    with store_at(tmp_path, "redis://there:6379") as url:
        assert url == "redis://there:6379"


def test_where_none_runs_it_runs_for_the_moment_of_the_command(tmp_path: Path) -> None:
    with store_at(tmp_path, None) as url, redis.Redis.from_url(url) as client:
        client.set("kept", "yes")
    assert ask(socket_url(tmp_path)) is Answer.NONE
    with store_at(tmp_path, None) as url, redis.Redis.from_url(url, decode_responses=True) as client:
        assert client.get("kept") == "yes"


def test_a_running_store_is_joined_and_left_running(tmp_path: Path) -> None:
    running = EmbeddedStore(tmp_path)
    running.start()
    try:
        with store_at(tmp_path, None) as url:
            assert url == running.url
        assert ask(running.url) is Answer.READY
    finally:
        running.stop()


def test_a_failing_command_leaves_no_store_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyError), store_at(tmp_path, None):
        raise KeyError("the command failed")
    assert ask(socket_url(tmp_path)) is Answer.NONE

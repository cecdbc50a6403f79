"""Commands at the shell reach the running store, or start it for a moment."""

from pathlib import Path

import pytest
import redis

from queue_core.store.access import store_at
from queue_core.store.embedded import EmbeddedStore, socket_url
from queue_core.store.embedded.probe import Answer, ask
from queue_core.store.failures import NoData
from tests.support.embedded import running_store


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A data directory whose server has ended."""
    with running_store(tmp_path / "data"):
        pass
    return tmp_path / "data"


def test_where_nothing_was_ever_kept_nothing_is_begun(tmp_path: Path) -> None:
    for directory in (tmp_path, tmp_path / "data"):
        with pytest.raises(NoData) as refused, store_at(directory, None):
            pass
        assert str(directory) in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_named_store_is_used_as_it_is(tmp_path: Path) -> None:
    with store_at(tmp_path, "redis://there:6379") as url:
        assert url == "redis://there:6379"


def test_where_none_runs_it_runs_for_the_moment_of_the_command(begun: Path) -> None:
    with store_at(begun, None) as url, redis.Redis.from_url(url) as client:
        client.set("kept", "yes")
    assert ask(socket_url(begun)) is Answer.NONE
    with store_at(begun, None) as url, redis.Redis.from_url(url, decode_responses=True) as client:
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


def test_a_failing_command_leaves_no_store_behind(begun: Path) -> None:
    with pytest.raises(KeyError), store_at(begun, None):
        raise KeyError("the command failed")
    assert ask(socket_url(begun)) is Answer.NONE

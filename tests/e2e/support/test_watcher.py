"""The watcher itself: what it must not let pass, and how it folds."""

from collections.abc import Mapping
from typing import Any

import pytest

from queue_core.domain.views.patch import diff
from tests.e2e.support.watcher import Watcher, merge

EMPTY: Mapping[str, Any] = {"seats": 1, "calls": [], "tickets": []}


def snapshot(seq: int, epoch: int = 1) -> dict[str, Any]:
    return {"type": "snapshot", "epoch": epoch, "seq": seq, "state": dict(EMPTY)}


def event(seq: int, prev: int, epoch: int = 1) -> dict[str, Any]:
    return {"type": "event", "epoch": epoch, "seq": seq, "prev": prev, "patch": {"seats": seq}}


def faults(*frames: dict[str, Any]) -> list[str]:
    watcher = Watcher("ws://nowhere", "public", None)
    for frame in frames:
        watcher.take(frame)
    return watcher.faults


def test_a_chain_may_leave_events_out() -> None:
    assert faults(snapshot(3), event(5, 3), event(9, 5), snapshot(9), event(10, 9)) == []


def test_a_broken_chain_is_seen() -> None:
    assert len(faults(snapshot(3), event(5, 4))) == 1


@pytest.mark.parametrize("late", [event(5, 5), event(4, 5), snapshot(4)])
def test_going_back_is_seen(late: dict[str, Any]) -> None:
    assert faults(snapshot(3), event(5, 3), late)


def test_a_snapshot_tells_what_lies_between() -> None:
    watcher = Watcher("ws://nowhere", "public", None)
    for frame in (snapshot(3), event(5, 3), snapshot(9)):
        watcher.take(frame)
    assert [seq for seq in range(1, 12) if watcher.knows(seq)] == [1, 2, 3, 5, 6, 7, 8, 9]
    assert watcher.state == EMPTY


def test_it_folds_patches_as_they_are_made() -> None:
    one = {**EMPTY, "calls": [{"id": "a", "n": 1}], "tickets": [{"id": "t", "rank_ms": 5, "ordinal": 1}]}
    other = {
        "seats": 2,
        "calls": [{"id": "b", "n": 2}, {"id": "a", "n": 3}],
        "tickets": [{"id": "s", "rank_ms": 4, "ordinal": 2}],
    }
    assert merge(one, diff(one, other)) == other

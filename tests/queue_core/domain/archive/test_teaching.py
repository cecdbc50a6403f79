"""Whoever learns from the archive learns what the log taught."""

from typing import Any

import pytest

from queue_core.domain.events import Event
from queue_core.estimate.queue_length.method import QueueLength
from queue_core.estimate.rhythm import waits_of
from tests.queue_core.domain.archive.days import simulated
from tests.support.archived import places_of, replayed
from tests.support.zones import zone

ZONE = zone()


def taught(events: Any) -> dict[str, Any]:
    estimator = QueueLength(ZONE)
    for event in events:
        estimator.observe(event)
    return estimator.laws.to_json()


def figures(record: Any, path: str = "") -> dict[str, float]:
    if isinstance(record, dict):
        return {k: v for name, inner in record.items() for k, v in figures(inner, f"{path}/{name}").items()}
    return {path: float(record)}


@pytest.mark.parametrize("seed", range(3))
def test_a_method_learns_the_same_laws(seed: int) -> None:
    log = simulated(seed)
    archive = replayed(log, places_of(ZONE), places_of(ZONE))
    from_log, from_archive = figures(taught(log)), figures(taught(archive))
    assert from_archive == pytest.approx(from_log, rel=0.02, abs=1.0)


def test_a_log_of_several_days_teaches_as_its_archives_do() -> None:
    log = [e for seed in (0, 1) for e in _in_epoch(simulated(seed), seed + 1)]
    archives = [e for seed in (0, 1) for e in replayed(simulated(seed), places_of(ZONE), places_of(ZONE))]
    assert figures(taught(_later_epochs(archives))) == pytest.approx(figures(taught(log)), rel=0.02, abs=1.0)


@pytest.mark.parametrize("seed", range(3))
def test_waits_are_the_same(seed: int) -> None:
    log = simulated(seed)
    of_log, of_archive = waits_of(log, ZONE), waits_of(replayed(log, places_of(ZONE)), ZONE)
    assert {s: {q: len(w) for q, w in day.items()} for s, day in of_archive.services.items()} == {
        s: {q: len(w) for q, w in day.items()} for s, day in of_log.services.items()
    }


def _in_epoch(log: Any, epoch: int) -> list[Event]:
    return [type(e)(epoch, e.seq, e.at_ms, e.type, e.command, e.data) for e in log]


def _later_epochs(events: list[Event]) -> list[Event]:
    """Both archives are of the same date here; the second one's epoch must follow the first's."""
    epoch, renumbered = 0, []
    for e in events:
        epoch += e.seq == 1
        renumbered.append(type(e)(epoch, e.seq, e.at_ms, e.type, e.command, e.data))
    return renumbered

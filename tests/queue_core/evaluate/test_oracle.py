import pytest

from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forecast import Forecast
from queue_core.evaluate.ledger import Ledger
from queue_core.evaluate.oracle import Oracle
from queue_core.evaluate.scores import scores
from queue_core.evaluate.trial import trial
from queue_core.simulate.scenarios import SCENARIOS
from queue_core.simulate.truth import Truth

STATIONARY = SCENARIOS["stationary"]


def asked_after(events: int, seed: int = 0) -> Forecast:
    log = STATIONARY.log(1, 0)
    oracle = Oracle(STATIONARY.zone, Truth(STATIONARY, 1, 0).chances, seed, replicates=100)
    for event in log[:events]:
        oracle.observe(event)
    return oracle.forecast(log[events - 1].at_ms)


def test_it_says_a_range_for_everybody_who_waits_and_for_a_newcomer() -> None:
    said = asked_after(400)
    assert said.tickets
    assert all(r and 0 <= r.p10_s <= r.p50_s <= r.p90_s for r in (*said.tickets.values(), *said.services.values()))


def test_the_same_seed_says_the_same() -> None:
    assert asked_after(200) == asked_after(200)
    assert asked_after(200) != asked_after(200, seed=1)


@pytest.mark.slow
def test_on_the_stationary_queue_its_word_holds_as_often_as_it_says() -> None:
    """M/M/4. Six days; waits of one day hang together, so the bounds are wide."""
    whole = Ledger()
    for seed in range(6):
        oracle = Oracle(STATIONARY.zone, Truth(STATIONARY, seed, 0).chances, replicates=200)
        whole += trial(oracle, STATIONARY.log(seed, 0), Snapshot())
    found = scores(whole)
    assert found.all.tickets > 500
    assert found.all.coverage == pytest.approx(0.8, abs=0.07)
    assert found.all.late == pytest.approx(0.1, abs=0.05)
    assert (found.swapped or 0) < 0.002
    assert found.faults == 0

"""Ranges of appointments hold about as often as they say, on simulated days."""

import pytest

from queue_core.evaluate.prospects import Asked, Truth, prospects
from queue_core.simulate.scenarios import SCENARIOS

OFFICE = SCENARIOS["appointments"]


def test_truths_add_up() -> None:
    one = Truth(visits=2, known=1, in_range=1, width_s=60.0)
    assert one + one == Truth(visits=4, known=2, in_range=2, width_s=120.0)


@pytest.mark.slow
def test_what_is_told_of_appointments_holds_as_often_as_it_says() -> None:
    """Two offices, a day each after two to learn from. Waits of one day hang together, so the bounds are wide."""
    found = dict.fromkeys(Asked, Truth())
    for seed in range(2):
        logs = [OFFICE.log(seed, n) for n in range(3)]
        for asked, truth in prospects(OFFICE.zone, logs[:2], logs[2:]).items():
            found[asked] += truth
    whole = sum(found.values(), Truth())
    assert whole.known > 400
    assert whole.known > 0.98 * whole.visits
    assert 0.68 < whole.in_range / whole.known < 0.94
    assert whole.too_short / whole.known < 0.2
    assert found[Asked.CHECK_IN].in_range / found[Asked.CHECK_IN].known > 0.68

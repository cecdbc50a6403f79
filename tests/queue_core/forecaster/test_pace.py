"""How often a zone is forecast hangs on what a forecast costs."""

import pytest

from queue_core.forecaster import Pace

PACE = Pace(pause_s=1.0, idle_s=15.0, lease_s=10.0)


@pytest.mark.parametrize(("cost_s", "pause_s"), [(0.0, 1.0), (0.05, 1.0), (0.1, 2.0), (0.2, 4.0), (2.0, 5.0)], ids=str)
def test_a_zone_takes_at_most_a_twentieth_of_a_core_as_long_as_its_lease_allows(cost_s: float, pause_s: float) -> None:
    assert PACE.pause_after_s(cost_s) == pytest.approx(pause_s)


def test_no_pause_is_longer_than_the_longest() -> None:
    assert Pace(pause_s=1.0, idle_s=2.0, lease_s=60.0).pause_after_s(9.0) == 2.0


def test_a_lease_is_renewed_well_before_it_ends() -> None:
    assert PACE.retry_s <= PACE.lease_s / 3

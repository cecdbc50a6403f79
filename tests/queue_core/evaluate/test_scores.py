import math

import numpy as np
import pytest

from queue_core.evaluate.ledger import Ledger
from queue_core.evaluate.scores import Horizon, pinball_s, scores

NOTHING = (math.nan, math.nan, math.nan)


def ledger(*rows: tuple[tuple[float, float, float], float]) -> Ledger:
    """Rows of ((p10, p50, p90), what came)."""
    return Ledger(
        np.array([said for said, _ in rows], float).reshape(-1, 3), np.array([came for _, came in rows], float)
    )


#: Said 10 min within [5, 15]: came after 8, after 20.
TWO = ledger(((300, 600, 900), 480), ((300, 600, 900), 1200))


def test_error_bias_width_and_coverage_by_hand() -> None:
    of_two = scores(TWO).all
    assert of_two.tickets == 2
    assert of_two.mae_s == (120 + 600) / 2
    assert of_two.bias_s == (120 - 600) / 2
    assert of_two.width_s == 600
    assert (of_two.coverage, of_two.late) == (0.5, 0.5)
    assert of_two.observed == (0, 0.5, 0.5)


def test_pinball_loss_by_hand() -> None:
    """At 90 %: 0.1 of what was said too long, 0.9 of what was said too short."""
    of_two = scores(TWO).all
    assert of_two.pinball_s == pytest.approx(
        ((0.1 * 180 + 0.1 * 900) / 2, (0.5 * 120 + 0.5 * 600) / 2, (0.1 * 420 + 0.9 * 300) / 2)
    )


def test_pinball_loss_is_least_at_the_quantile() -> None:
    came = np.arange(1.0, 101.0)
    losses = [pinball_s(np.full(100, said), came, 0.9) for said in (80.0, 90.0, 99.0)]
    assert losses[1] == min(losses)


def test_too_short_is_judged_by_what_a_screen_tells() -> None:
    """p90 of 14 min is told as 15: a call after 14.5 min kept the word, one after 16 did not."""
    kept, broken = ((300, 600, 840), 870.0), ((300, 600, 840), 960.0)
    of_both = scores(ledger(kept, broken)).all
    assert (of_both.late, of_both.too_short) == (1, 0.5)


def test_the_ratio_counts_only_tickets_that_both_answered() -> None:
    ours = ledger(((0, 600, 900), 700), ((0, 600, 900), 1000), (NOTHING, 500))
    oracle = ledger(((0, 650, 900), 700), (NOTHING, 1000), ((0, 500, 900), 500))
    found = scores(ours, oracle)
    assert found.all.mae_ratio == 100 / 50
    assert (found.all.tickets, found.unknown) == (2, 1)


def test_horizons_go_by_what_was_said() -> None:
    found = scores(ledger(((0, 300, 900), 3000), ((0, 600, 900), 60), ((0, 1500, 2000), 60)))
    assert [found.by_horizon[h].tickets for h in Horizon] == [3, 1, 1, 1]
    assert found.by_horizon[Horizon.SHORT].bias_s == -2700


def test_jumps_order_and_cost_are_rates() -> None:
    ours = Ledger(
        jumps_s=90, watched_min=3, pairs=200, swapped=1, forecasts=4, forecast_s=0.01, events=10, event_s=0.001
    )
    found = scores(ours, Ledger(jumps_s=20, watched_min=1))
    assert (found.jump_s, found.jump_ratio, found.swapped) == (30, 1.5, 0.005)
    assert found.forecast_ms == pytest.approx(2.5)
    assert found.event_ms == pytest.approx(0.1)


def test_of_nothing_nothing_is_said() -> None:
    found = scores(Ledger())
    assert found.all.mae_s is None
    assert (found.jump_s, found.swapped, found.forecast_ms) == (None, None, None)


def test_ledgers_add_up_row_by_row() -> None:
    both = TWO + Ledger(left=2, slowest_s=0.5) + ledger(((1, 2, 3), 4))
    assert both.called_s.tolist() == [480, 1200, 4]
    assert both.said_s.shape == (3, 3)
    assert (both.left, both.slowest_s) == (2, 0.5)

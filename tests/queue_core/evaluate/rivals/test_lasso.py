import numpy as np
import pytest

from queue_core.evaluate.rivals.lasso import fitted


def test_a_line_is_found_and_what_does_not_matter_is_left_out() -> None:
    random = np.random.default_rng(1)
    rows = random.normal(size=(400, 6))
    answers = 100 + 30 * rows[:, 0] - 20 * rows[:, 3] + random.normal(size=400)
    line = fitted(rows, answers)
    assert line.constant == pytest.approx(100, abs=1)
    assert line.weights[[0, 3]] == pytest.approx([30, -20], abs=1)
    assert np.abs(line.weights[[1, 2, 4, 5]]).max() < 0.5


def test_columns_that_never_change_do_no_harm() -> None:
    rows = np.column_stack([np.full(60, 7.0), np.arange(60.0)])
    line = fitted(rows, 3 * np.arange(60.0))
    assert line.answer(np.array([7.0, 30.0])) == pytest.approx(90, rel=0.05)


def test_answers_that_are_all_the_same_are_the_constant() -> None:
    line = fitted(np.random.default_rng(2).normal(size=(50, 3)), np.full(50, 240.0))
    assert line.answer(np.zeros(3)) == pytest.approx(240)

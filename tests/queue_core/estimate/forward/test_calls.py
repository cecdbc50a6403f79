import numpy as np
import pytest

from queue_core.estimate.forward.calls import Calls
from queue_core.estimate.forward.chances import Seconds

NEVER = float("inf")


def calls(*columns: list[float]) -> Calls:
    return Calls((), (), np.array(columns, float).T)


def level(column: list[float], probability: float) -> float:
    return float(calls(column).levels_s([probability])[0, 0])


@pytest.mark.parametrize(
    ("probability", "at_s"), [(0.0, 1), (0.125, 1), (0.25, 1.5), (0.5, 2.5), (0.6, 2.9), (0.875, 4), (1.0, 4)]
)
def test_a_level_lies_between_the_middles_of_the_steps(probability: float, at_s: float) -> None:
    assert level([3, 1, 4, 2], probability) == pytest.approx(at_s)


def test_levels_are_those_of_the_fifth_definition_of_hyndman_and_fan() -> None:
    sample: Seconds = np.random.default_rng(1).exponential(100, (37, 5))
    probabilities = np.linspace(0, 1, 23)
    expected = np.quantile(sample, probabilities, axis=0, method="hazen")
    assert np.allclose(Calls((), (), sample).levels_s(list(probabilities)), expected)


def test_a_level_is_never_where_too_many_replicates_never_call() -> None:
    column = [10, 20, NEVER, NEVER]
    assert [level(column, p) for p in (0.3, 0.375, 0.4, 0.9)] == [pytest.approx(17), 20, NEVER, NEVER]
    assert level([NEVER, NEVER], 0.5) == NEVER


def test_there_is_a_column_for_each_and_a_row_for_each_level() -> None:
    assert calls([1, 2], [3, 4], [5, 6]).levels_s([0.25, 0.75]).tolist() == [[1, 3, 5], [2, 4, 6]]


def test_a_house_without_anybody_has_levels_of_nobody() -> None:
    assert Calls((), (), np.empty((4, 0))).levels_s([0.1, 0.5]).shape == (2, 0)

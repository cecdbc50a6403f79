import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from queue_core.domain.model import ServiceId, TicketId
from queue_core.estimate.forecast import Range
from queue_core.estimate.forward.calls import Calls
from queue_core.estimate.sample import Sample, in_order, ranges

ONE, TWO, PASSPORT = TicketId("t1"), TicketId("t2"), ServiceId("passport")
NAMED = np.array([[0.1], [0.5], [0.9]])


def sample(*columns: np.ndarray) -> Sample:
    called_s = np.stack(columns, axis=1)
    tickets = tuple(TicketId(f"t{n}") for n in range(1, called_s.shape[1]))
    return Sample.drawn(Calls(tickets, (PASSPORT,), called_s))


EVENLY = np.linspace(0.5, 99.5, 100)


def test_quantiles_are_those_of_the_drawn_times() -> None:
    assert sample(EVENLY[::-1]).at(NAMED).T.tolist() == [[10, 50, 90]]


def test_each_has_its_own_levels() -> None:
    levels = np.array([[0.1, 0.2], [0.5, 0.6], [0.9, 0.95]])
    read = sample(EVENLY, EVENLY).at(levels)
    assert read.T.tolist() == [[10, 50, 90], pytest.approx([20, 60, 95])]


def test_beyond_the_last_replicate_that_calls_at_all_stands_that_one() -> None:
    half = np.where(EVENLY > 60, np.inf, EVENLY)
    drawn = sample(half, np.full(100, np.inf))
    assert drawn.at(NAMED)[:, 0].tolist() == [10, 50, 59.5]
    assert drawn.called.tolist() == [0.6, 0]


def test_time_that_has_passed_is_subtracted_and_what_should_have_been_is_ruled_out() -> None:
    drawn = sample(EVENLY, EVENLY + 1000).aged(50)
    assert drawn.at(NAMED).T.tolist() == [[5, 25, 45], [960, 1000, 1040]]


def test_whoever_should_have_been_called_in_every_replicate_is_due() -> None:
    drawn = sample(EVENLY).aged(5000)
    assert drawn.at(NAMED).T.tolist() == [[0, 0, 0]]
    assert drawn.called.tolist() == [1]


def test_nobody_behind_is_called_before() -> None:
    levels_s = np.array([[10.0, 5.0, 7.0], [20.0, 25.0, 22.0], [30.0, 40.0, 50.0]])
    assert in_order(levels_s, [[0, 2]]).tolist() == [[10, 5, 10], [20, 25, 22], [30, 40, 50]]


def test_bounds_are_rounded_outwards_and_the_unknown_left_out() -> None:
    found = ranges((ONE, TWO), np.array([[10.9, 1], [20.4, 2], [30.1, 3]]), [True, False], "m")
    assert found == {ONE: Range(10, 20, 31, "m")}


TIMES = st.one_of(st.floats(0, 1e7), st.just(np.inf))


@given(
    hnp.arrays(float, (20, 3), elements=TIMES),
    st.lists(st.floats(0.01, 0.99), min_size=3, max_size=3),
    st.floats(0, 1e6),
)
def test_levels_in_order_give_times_in_order_that_are_not_negative(
    called_s: np.ndarray, levels: list[float], passed_s: float
) -> None:
    drawn = Sample.drawn(Calls((ONE, TWO), (PASSPORT,), called_s))
    for one in (drawn, drawn.aged(passed_s)):
        read = one.at(np.tile(np.array(sorted(levels))[:, None], 3))
        assert np.all(read >= 0)
        assert np.all(np.diff(read[:, np.isfinite(read[0])], axis=0) >= -1e-6)
        assert np.all(np.isfinite(read) | (one.called == 0))

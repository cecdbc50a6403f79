import pytest

from queue_core.estimate.forward.keys import LIMIT, NOBODY, PINNED, UNSERVED, keys, offset_key

CENTURY_MS = 100 * 366 * 86_400_000
MOST = keys([CENTURY_MS], [2**16 - 1])[0]


def test_the_rank_decides_and_the_order_where_it_ties() -> None:
    assert keys([5, 6, 5], [9, 0, 8]).argsort().tolist() == [2, 0, 1]


def test_a_millisecond_counts_beside_a_century() -> None:
    first, second = keys([-CENTURY_MS, -CENTURY_MS + 1], [3, 2])
    assert first < second


def test_an_offset_is_added_to_the_rank() -> None:
    assert keys(1500, 7) + offset_key(2.5) == keys(4000, 7)
    assert keys(1500, 7) + offset_key(-2.5) == keys(-1000, 7)


@pytest.mark.parametrize("offset", [0, offset_key(CENTURY_MS / 1000), -offset_key(CENTURY_MS / 1000)])
def test_pins_come_first_and_whom_a_counter_does_not_serve_never(offset: int) -> None:
    for key in (-MOST, 0, MOST):
        assert key + PINNED < -MOST + offset < LIMIT
        assert key + UNSERVED >= LIMIT
    assert all(int(NOBODY) + added >= LIMIT for added in (offset, PINNED, UNSERVED))
    assert NOBODY + UNSERVED < 2**63


def test_ranks_beyond_all_bounds_count_as_the_last() -> None:
    assert keys(10**18, 0) == keys(10**17, 0) < LIMIT

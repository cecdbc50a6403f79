from queue_core.evaluate.rivals.misses import Misses


def taught(said_s: float, waits_s: list[float]) -> Misses:
    misses = Misses()
    for wait_s in waits_s:
        misses.learn(said_s, wait_s)
    return misses


def test_the_range_is_that_of_the_misses_so_far() -> None:
    """Said 10 min, came evenly between 5 and 15."""
    low_s, high_s = taught(600, [300 + 6 * n for n in range(101)]).range_s(600)
    assert (round(low_s), round(high_s)) == (360, 840)


def test_misses_scale_with_what_is_said() -> None:
    misses = taught(600, [480.0] * 20 + [720.0] * 20)
    low_s, high_s = misses.range_s(1320)
    assert (round(low_s), round(high_s)) == (1080, 1560)


def test_few_misses_are_no_range() -> None:
    assert taught(600, [300.0] * 10).range_s(600) == (600, 600)


def test_what_was_said_lies_within_and_nothing_below_zero() -> None:
    """Always too long, and always too short."""
    assert taught(60, [0.0] * 50).range_s(60) == (0, 60)
    low_s, high_s = taught(60, [300.0] * 50).range_s(60)
    assert (low_s, round(high_s)) == (60, 300)

from queue_core.domain.clock import REAL_TIME, ZoneClock


def test_zone_time_runs_at_its_rate_from_its_origin() -> None:
    assert ZoneClock(1000, 100, 20).at(150) == 2000
    assert ZoneClock(1000, 100, 0).at(10**9) == 1000


def test_real_time_is_real_time() -> None:
    assert REAL_TIME.at(1_900_000_000_123) == 1_900_000_000_123

"""Buckets of permits: a burst, then a steady flow, each caller for itself."""

import pytest

from queue_core.web.problems import Problem
from queue_core.web.throttle import Throttle


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_burst_passes_and_then_the_flow_is_steady() -> None:
    clock = Clock()
    throttle = Throttle(60, clock)
    for _ in range(60):
        throttle.take("kiosk")
    with pytest.raises(Problem) as raised:
        throttle.take("kiosk")
    assert (raised.value.status, raised.value.headers["Retry-After"]) == (429, "2")
    clock.now_s = 1.0
    throttle.take("kiosk")
    with pytest.raises(Problem):
        throttle.take("kiosk")


def test_one_caller_does_not_starve_another() -> None:
    throttle = Throttle(1, Clock())
    throttle.take("bot")
    throttle.take("kiosk")


def test_zero_is_no_limit() -> None:
    throttle = Throttle(0, Clock())
    for _ in range(1000):
        throttle.take("bench")


def test_a_bucket_may_fill_more_slowly() -> None:
    clock = Clock()
    throttle = Throttle(2, clock, within_s=600)
    for _ in range(2):
        throttle.take("visitor")
    with pytest.raises(Problem) as raised:
        throttle.take("visitor")
    assert raised.value.headers["Retry-After"] == "300"
    clock.now_s = 300.0
    throttle.take("visitor")


def test_nobody_is_remembered_for_longer_than_it_counts() -> None:
    clock = Clock()
    throttle = Throttle(2, clock, within_s=600)
    for clock.now_s, caller in ((0.0, "early"), (10.0, "often"), (500.0, "often"), (550.0, "late")):
        throttle.take(caller)
    assert throttle.remembered == 3
    clock.now_s = 1100.0
    throttle.take("new")
    assert throttle.remembered == 2

"""Engine, log and a plain-Python model agree after every step of random days."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.machine import Days

CHECKS = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def play(url: str, examples: int, steps: int) -> None:
    class DaysThere(Days):
        def __init__(self) -> None:
            super().__init__(url)

    profile = settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=CHECKS)
    run_state_machine_as_test(DaysThere, settings=profile)


def test_random_days_agree_with_the_model(store_url: str) -> None:
    play(store_url, examples=15, steps=40)


@pytest.mark.slow
def test_many_long_random_days_agree_with_the_model(store_url: str) -> None:
    play(store_url, examples=60, steps=80)

"""Engine, log and a plain-Python model agree after every step of random days."""

import pytest

from tests.support.machine import Days, play


def test_random_days_agree_with_the_model(store_url: str) -> None:
    play(Days, store_url, examples=15, steps=40)


@pytest.mark.slow
def test_many_long_random_days_agree_with_the_model(store_url: str) -> None:
    play(Days, store_url, examples=60, steps=80)

"""This machine's time."""

import time

from queue_core.real_clock import real_ms


def test_real_time_is_utc_in_milliseconds() -> None:
    assert time.time() * 1000 - 1 <= real_ms() <= time.time() * 1000
    assert isinstance(real_ms(), int)

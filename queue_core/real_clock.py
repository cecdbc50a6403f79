"""This machine's time. What is decided in a zone goes by the zone's clock, which the store keeps."""

import time


def real_ms() -> int:
    """UTC ms."""
    return time.time_ns() // 1_000_000

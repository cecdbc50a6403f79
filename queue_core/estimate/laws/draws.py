"""Uniform numbers that depend on nothing but their names: the same (seed, stream, key, replicate), the same number.

A hash instead of a generator, so that any person's numbers are there without drawing everybody's before them, and two
forecasts of a day use the same ones (common random numbers). The hash is the finaliser of SplitMix64 (Steele, Lea,
Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
"""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_WORD = (1 << 64) - 1
_GAMMA = 0x9E3779B97F4A7C15
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_PER_KEY, _PER_REPLICATE = np.uint64(0xD1B54A32D192ED03), np.uint64(0xABC98388FB8FAC03)
_S30, _S27, _S31, _S11 = (np.uint64(shift) for shift in (30, 27, 31, 11))


class Stream(IntEnum):
    """What a number is drawn for."""

    LENGTH = 1
    WRAP = 2
    SHOWS = 3
    AGAIN = 4
    AGAIN_DELAY = 5
    LEAVES = 6
    PACE = 7
    SERVICE = 8
    OFFICE = 9
    SESSION = 10
    DAY = 11
    SHIFT = 12
    RUNNING = 13
    RUNNING_SHOWS = 14
    BOOKING = 15
    BOOKING_AT = 16
    ARRIVAL = 17
    INTENSITY = 18
    HESITATION = 19
    AWAY = 20
    AWAY_DELAY = 21
    SECOND = 22


def uniforms(seed: int, stream: Stream, keys: Sequence[int] | npt.NDArray[np.int64], replicates: int) -> Floats:
    """(R, n) numbers within (0, 1), one column a key."""
    start = np.array([_scatter(seed * 64 + stream)], np.uint64)
    columns = np.asarray(keys, np.int64).astype(np.uint64)[None, :] * _PER_KEY
    rows = np.arange(1, replicates + 1, dtype=np.uint64)[:, None] * _PER_REPLICATE
    x = rows + (start + columns)
    x = (x ^ (x >> _S30)) * _FIRST
    x = (x ^ (x >> _S27)) * _SECOND
    x ^= x >> _S31
    return ((x >> _S11).astype(np.float64) + 0.5) * 2.0**-53


def stratified(seed: int, stream: Stream, key: int, replicates: int) -> Floats:
    """(R,) numbers within (0, 1), one in each of R equal parts, in random order: for what a whole replicate shares."""
    u = uniforms(seed, stream, (key,), replicates)[:, 0]
    return (np.argsort(np.argsort(u)) + u) / replicates


def _scatter(x: int) -> int:
    x = (x * _GAMMA + _GAMMA) & _WORD
    return x ^ (x >> 29)

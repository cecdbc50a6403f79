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
Keys = Sequence[int] | npt.NDArray[np.int64]

_WORD = (1 << 64) - 1
_GAMMA = 0x9E3779B97F4A7C15
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_PER_KEY, _PER_REPLICATE = np.uint64(0xD1B54A32D192ED03), np.uint64(0xABC98388FB8FAC03)
_S30, _S27, _S31 = (np.uint64(shift) for shift in (30, 27, 31))
#: Half a word is a number of 32 bits.
_HALF = 2.0**-32


class Stream(IntEnum):
    """What a pair of numbers is drawn for."""

    LENGTH_SHOWS = 1
    WRAP_AGAIN = 2
    LEAVES = 3
    DELAY = 4
    PACE = 5
    OFFICE = 6
    SERVICE = 7
    SESSION = 8
    SECOND = 9
    DAY = 10
    SHIFT = 11
    PAUSE = 12
    BOOKING = 13
    ARRIVAL = 14
    INTENSITY = 15
    HESITATION = 16
    AWAY = 17
    GUEST = 18


def pairs(seed: int, stream: Stream, keys: Keys, replicates: int) -> tuple[Floats, Floats]:
    """Twice (R, n) numbers within (0, 1), one column a key: independent of each other."""
    x = _scattered(seed, stream, keys, replicates)
    halves = x.view(np.uint32).reshape(*x.shape, 2).astype(np.float64)
    return np.asarray((halves[..., 0] + 0.5) * _HALF), np.asarray((halves[..., 1] + 0.5) * _HALF)


def uniforms(seed: int, stream: Stream, keys: Keys, replicates: int) -> Floats:
    """(R, n) numbers within (0, 1), one column a key: the first of `pairs`."""
    return pairs(seed, stream, keys, replicates)[0]


def stratified(seed: int, stream: Stream, keys: Keys, replicates: int) -> Floats:
    """(R, n) numbers within (0, 1), in each column one from each of R equal parts, in random order: for what a whole
    replicate shares."""
    u = uniforms(seed, stream, keys, replicates)
    return np.asarray((np.argsort(np.argsort(u, axis=0), axis=0) + u) / replicates)


def _scattered(seed: int, stream: Stream, keys: Keys, replicates: int) -> npt.NDArray[np.uint64]:
    start = np.array([_scatter(seed * 64 + stream)], np.uint64)
    columns = np.asarray(keys, np.int64).astype(np.uint64) * _PER_KEY + start
    rows = np.arange(1, replicates + 1, dtype=np.uint64)[:, None] * _PER_REPLICATE
    x: npt.NDArray[np.uint64] = rows + columns[None, :]
    x ^= x >> _S30
    x *= _FIRST
    x ^= x >> _S27
    x *= _SECOND
    x ^= x >> _S31
    return x


def _scatter(x: int) -> int:
    x = (x * _GAMMA + _GAMMA) & _WORD
    return x ^ (x >> 29)

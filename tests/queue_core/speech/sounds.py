"""Sounds for tests of speech: tones that can be told apart, and the folders of recordings made of them."""

from pathlib import Path

import numpy as np

from queue_core.speech.port import Sound
from queue_core.speech.wave import RATE_HZ, wav


def tone(seconds: float = 0.3, hz: float = 440.0, amplitude: float = 0.5, rate_hz: int = RATE_HZ) -> Sound:
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    return Sound((amplitude * 32_767 * np.sin(2 * np.pi * hz * at)).astype(np.int16), rate_hz)


def record(folder: Path, language: str, *names: str, seconds: float = 0.3) -> None:
    for name in names:
        path = folder / language / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wav(tone(seconds).samples))


def seconds_of(sound: Sound) -> float:
    return len(sound.samples) / sound.rate_hz

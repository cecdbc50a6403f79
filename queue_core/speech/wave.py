"""Sound as it leaves the house's loudspeakers: as loud as every other, without silence around it, one format."""

import io
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from queue_core.speech.port import CannotSay, Samples, Sound

RATE_HZ = 22_050
SUFFIX = ".wav"
_SAMPLE_BYTES = 2
_FULL = 32_767.0
#: Root mean square of what is voiced, and the loudest single sample: speech that carries without clipping.
_LOUDNESS = 0.16 * _FULL
_PEAK = 0.92 * _FULL
#: Of the loudest sample: what is softer is breath and pauses.
_VOICED = 0.05
_AUDIBLE = 0.004 * _FULL
_LEAD_S, _TAIL_S = 0.03, 0.05


def finished(sound: Sound) -> bytes:
    """The WAV file of a sound: trimmed, normalised, 22 kHz mono. Raises `CannotSay` for silence."""
    samples = _trimmed(_resampled(sound))
    if not samples.size:
        raise CannotSay("nothing can be heard")
    return wav(_levelled(samples))


def wav(samples: Samples) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_SAMPLE_BYTES)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.astype("<i2").tobytes())
    return out.getvalue()


def read_wav(content: bytes) -> Sound:
    """A PCM file of 16 bit; several channels become one. Raises `CannotSay`."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            if file.getsampwidth() != _SAMPLE_BYTES:
                raise CannotSay("not 16 bit")
            frames = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            channels, rate_hz = file.getnchannels(), file.getframerate()
    except (wave.Error, EOFError) as error:
        raise CannotSay(f"no WAV file: {error}") from error
    mono = frames[: len(frames) // channels * channels].reshape(-1, channels).mean(axis=1)
    return Sound(mono.astype(np.int16), rate_hz)


def read_wav_file(path: Path) -> Sound:
    try:
        return read_wav(path.read_bytes())
    except OSError as error:
        raise CannotSay(f"{path.name}: {error.strerror}") from error


def joined(sounds: list[Sound]) -> Sound:
    return Sound(np.concatenate([_as_samples(_resampled(s)) for s in sounds]), RATE_HZ)


def silence(seconds: float) -> Sound:
    return Sound(np.zeros(round(seconds * RATE_HZ), np.int16), RATE_HZ)


def trimmed(sound: Sound) -> Sound:
    return Sound(_as_samples(_trimmed(_resampled(sound))), RATE_HZ)


def _resampled(sound: Sound) -> NDArray[np.float64]:
    samples = sound.samples.astype(np.float64)
    if sound.rate_hz == RATE_HZ or not samples.size:
        return samples
    count = round(len(samples) * RATE_HZ / sound.rate_hz)
    return np.interp(np.linspace(0, len(samples) - 1, count), np.arange(len(samples)), samples)


def _trimmed(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    audible = np.flatnonzero(np.abs(samples) > _AUDIBLE)
    if not audible.size:
        return samples[:0]
    begin = max(0, audible[0] - round(_LEAD_S * RATE_HZ))
    return samples[begin : audible[-1] + round(_TAIL_S * RATE_HZ)]


def _levelled(samples: NDArray[np.float64]) -> Samples:
    """By loudness; single peaks that would clip are pressed: a plosive does not make all the rest soft."""
    heights = np.abs(samples)
    voiced = samples[heights > _VOICED * heights.max()]
    loudness = float(np.sqrt(np.mean(np.square(voiced))))
    loud = samples * (_LOUDNESS / loudness)
    return _as_samples(np.tanh(loud / _PEAK) * _PEAK)


def _as_samples(samples: NDArray[np.float64]) -> Samples:
    return np.clip(np.rint(samples), -_FULL, _FULL).astype(np.int16)

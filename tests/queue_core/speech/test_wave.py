"""Sound becomes a file: as loud, as tight and of the format as every other."""

import io
import wave

import numpy as np
import pytest

from queue_core.speech.port import CannotSay, Sound
from queue_core.speech.wave import RATE_HZ, finished, joined, read_wav, silence, wav
from tests.queue_core.speech.sounds import seconds_of, tone


def loudness(sound: Sound) -> float:
    return float(np.sqrt(np.mean(np.square(sound.samples.astype(float)))))


def test_it_is_mono_of_16_bit_at_22_khz() -> None:
    with wave.open(io.BytesIO(finished(tone(rate_hz=48_000)))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)


@pytest.mark.parametrize("amplitude", [0.05, 0.3, 1.0])
def test_soft_and_loud_become_equally_loud(amplitude: float) -> None:
    sound = read_wav(finished(tone(1.0, amplitude=amplitude)))
    assert loudness(sound) == pytest.approx(0.16 * 32_767, rel=0.1)


def test_a_peak_does_not_clip() -> None:
    samples = tone(1.0, amplitude=0.1).samples.copy()
    samples[5000:5010] = 32_000
    assert np.abs(read_wav(finished(Sound(samples, RATE_HZ))).samples).max() < 32_000


def test_silence_around_it_is_cut_but_for_a_breath() -> None:
    padded = joined([silence(1.0), tone(0.5), silence(2.0)])
    assert 0.55 < seconds_of(read_wav(finished(padded))) < 0.62


@pytest.mark.parametrize("sound", [silence(1.0), Sound(np.zeros(0, np.int16), RATE_HZ)], ids=["silent", "empty"])
def test_silence_is_nothing_to_hear(sound: Sound) -> None:
    with pytest.raises(CannotSay, match="nothing can be heard"):
        finished(sound)


def test_another_rate_keeps_its_length() -> None:
    assert seconds_of(read_wav(finished(tone(1.0, rate_hz=16_000)))) == pytest.approx(1.0, abs=0.05)


def test_two_channels_become_one() -> None:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(np.repeat(tone(0.5).samples, 2).tobytes())
    assert read_wav(out.getvalue()).samples.tobytes() == tone(0.5).samples.tobytes()


@pytest.mark.parametrize("content", [b"", b"RIFF", b"ID3" + bytes(100), wav(tone().samples)[:20]])
def test_what_is_no_wav_file_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(CannotSay, match="no WAV file"):
        read_wav(content)

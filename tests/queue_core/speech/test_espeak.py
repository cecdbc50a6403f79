"""espeak-ng in its own process, the real one: every language of the house, and whatever may happen to the process."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from queue_core.speech.espeak import Espeak
from queue_core.speech.port import CannotSay
from queue_core.speech.text import cleaned
from queue_core.speech.wave import RATE_HZ, finished, read_wav
from queue_core.web.words import ORDER
from tests.queue_core.speech.sounds import seconds_of
from tests.support.eventually import eventually_sync

CALLS = {
    "de": "Nummer A 0 4 7, bitte, Schalter 3.",
    "de-simple": "Nummer A 0 4 7, bitte, Schalter 3.",
    "en": "Number A 0 4 7, please, counter 3.",
    "tr": "Numara A 0 4 7, lütfen, gişe 3.",
    "ar": "الرقم A 0 4 7، من فضلك، الشباك 3.",
    "uk": "Номер а 0 4 7, будь ласка, вікно 3.",
    "ru": "Номер а 0 4 7, пожалуйста, окно 3.",
    "fa": "شماره A 0 4 7، لطفاً، باجه 3.",
    "ro": "Numărul A 0 4 7, vă rugăm, ghișeul 3.",
}
_AUDIBLE_RMS = 1500.0
_FULL, _SILENT = 32_767, 0.02
_GAP_MOST_S, _APART_MOST_DB = 0.3, 6.0


@pytest.fixture(scope="module")
def espeak() -> Iterator[Espeak]:
    engine = Espeak()
    yield engine
    engine.close()


def test_every_language_of_the_house_has_a_sentence_here() -> None:
    assert set(CALLS) == set(ORDER)


@pytest.mark.parametrize("language", ORDER)
def test_every_language_can_be_heard_and_is_neither_hasty_nor_slow(espeak: Espeak, language: str) -> None:
    sound = read_wav(finished(espeak.render(language, CALLS[language])))
    assert 3 < seconds_of(sound) < 6
    assert np.sqrt(np.mean(np.square(sound.samples.astype(float)))) > _AUDIBLE_RMS


def test_languages_are_equally_loud_and_never_clipped_or_late(espeak: Espeak) -> None:
    """Nobody reaches for the volume between two languages, and none begins or ends with a gap."""
    loudness = {}
    for language, sentence in CALLS.items():
        samples = read_wav(finished(espeak.render(language, sentence))).samples.astype(float)
        heights = np.abs(samples)
        audible = np.flatnonzero(heights > _SILENT * heights.max())
        gaps_s = np.array([audible[0], len(samples) - audible[-1]]) / RATE_HZ
        assert heights.max() < _FULL, language
        assert gaps_s.max() < _GAP_MOST_S, language
        loudness[language] = 20 * np.log10(np.sqrt(np.mean(np.square(samples[audible]))))
    assert max(loudness.values()) - min(loudness.values()) < _APART_MOST_DB, loudness


@pytest.mark.parametrize("language", ORDER)
def test_another_number_sounds_different(espeak: Espeak, language: str) -> None:
    sentence = CALLS[language]
    one, other = (espeak.render(language, text) for text in (sentence, sentence.replace("7", "8")))
    assert one.samples.tobytes() != other.samples.tobytes()


def test_languages_differ_in_the_same_digits(espeak: Espeak) -> None:
    heard = {espeak.render(language, "0 4 7").samples.tobytes() for language in ORDER}
    assert len(heard) == len(ORDER)


def test_plain_language_is_slower(espeak: Espeak) -> None:
    plain, usual = (espeak.render(language, CALLS["de"]) for language in ("de-simple", "de"))
    assert seconds_of(plain) > 1.1 * seconds_of(usual)


def test_a_language_without_a_voice_is_said_to_be_one(espeak: Espeak) -> None:
    with pytest.raises(CannotSay, match="no voice tlh-x"):
        espeak.render("tlh-x", "nuqneH")
    assert seconds_of(espeak.render("de", "Guten Tag")) > 0.3


def test_a_killed_process_is_started_again(espeak: Espeak) -> None:
    espeak.render("de", "eins")
    first = espeak.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert seconds_of(espeak.render("de", "zwei")) > 0.2
    assert espeak.pid not in (None, first)


@pytest.mark.slow
def test_a_process_that_hangs_is_given_up_and_the_next_text_is_said() -> None:
    engine = Espeak(within_s=1.0)
    try:
        engine.render("de", "eins")
        assert engine.pid is not None
        os.kill(engine.pid, signal.SIGSTOP)
        assert seconds_of(engine.render("de", "zwei")) > 0.2  # by its successor, at the second try
    finally:
        engine.close()


def test_nothing_runs_before_the_first_word_and_after_the_end() -> None:
    engine = Espeak()
    assert engine.pid is None
    engine.render("de", "eins")
    pid = engine.pid
    assert pid is not None
    engine.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_it_does_not_outlive_a_server_that_is_killed() -> None:
    program = (
        "from queue_core.speech.espeak import Espeak; import threading\n"
        "engine = Espeak(); engine.render('de', 'eins'); print(engine.pid, flush=True); threading.Event().wait()"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        pid = int(server.stdout.readline())
        speaks = Path(f"/proc/{pid}/cmdline")
        assert "espeak_program" in speaks.read_text()
        server.kill()
    assert eventually_sync(lambda: not _is_speaking(speaks))


def _is_speaking(command_line: Path) -> bool:
    """A process that has ended has no command line, also while nobody has fetched its end."""
    try:
        return bool(command_line.read_text())
    except OSError:
        return False


HOSTILE = {
    "quotes": '"; rm -rf / #',
    "markup": "<speak><audio src='http://example.org/a.wav'/>Hallo</speak>",
    "phonemes": "[[h@l'oU]] Hallo",
    "json": '{"voice": "../../etc/passwd"}',
    "nul": "Hal\0lo",
    "lines": "Hallo\nWelt\r\n\x1b[2J",
    "marks": "‮Hallo‬" * 20,
    "emoji": "Hallo 👩‍👩‍👧‍👦 Welt",
    "combining": "H" + "\u0301" * 290,
    "long": "Donaudampfschifffahrt" * 14,
    "digits": "9" * 300,
    "percent": "%s%n%x Hallo",
    "surrogate": "Hallo \ud800 Welt",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_neither_break_nor_command_it(espeak: Espeak, name: str) -> None:
    espeak.render("de", cleaned(HOSTILE[name]))
    assert seconds_of(espeak.render("de", "Guten Tag")) > 0.3


def test_markup_is_read_not_obeyed(espeak: Espeak) -> None:
    slow = espeak.render("de", "<prosody rate='10%'>Hallo</prosody>")
    assert seconds_of(slow) < 8

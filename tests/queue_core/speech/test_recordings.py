"""A person's voice, put together from real files."""

from pathlib import Path

import pytest

from queue_core.speech.port import CannotSay
from queue_core.speech.recordings import Recordings
from tests.queue_core.speech.sounds import record, seconds_of

WORDS = ("nummer", "bitte", "schalter_3", "schalter", "a", "0", "1", "2", "3", "4", "7")
CALL = "Nummer A 0 4 7, bitte, Schalter 3."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    record(tmp_path, "de", *WORDS)
    return tmp_path


def test_a_call_is_put_together_from_its_words(folder: Path) -> None:
    sound = Recordings(folder).render("de", CALL)
    assert 7 * 0.3 < seconds_of(sound) < 7 * 0.3 + 2


def test_the_longest_recording_is_taken(folder: Path) -> None:
    record(folder, "de", "schalter_3", seconds=2.0)
    assert seconds_of(Recordings(folder).render("de", "Schalter 3")) > 2


def test_a_number_without_a_recording_is_said_by_its_digits(folder: Path) -> None:
    assert seconds_of(Recordings(folder).render("de", "Schalter 12")) > 3 * 0.3


def test_sentences_are_parted_by_silence(folder: Path) -> None:
    recordings = Recordings(folder)
    assert (
        seconds_of(recordings.render("de", "bitte. bitte")) > seconds_of(recordings.render("de", "bitte bitte")) + 0.3
    )


@pytest.mark.parametrize(("language", "text", "missing"), [("de", "Zimmer 3", "zimmer"), ("de", "Nummer B", "b")])
def test_a_missing_word_is_named(folder: Path, language: str, text: str, missing: str) -> None:
    with pytest.raises(CannotSay, match=f"no recording of “{missing}”"):
        Recordings(folder).render(language, text)


def test_plain_language_uses_the_recordings_of_its_language(folder: Path) -> None:
    assert seconds_of(Recordings(folder).render("de-simple", CALL)) > 2


def test_a_language_without_recordings_is_told(folder: Path) -> None:
    with pytest.raises(CannotSay, match="no recordings in en"):
        Recordings(folder).render("en", "please")


def test_no_folder_is_no_recordings(tmp_path: Path) -> None:
    with pytest.raises(CannotSay):
        Recordings(tmp_path / "away").render("de", CALL)


def test_a_file_that_is_no_sound_is_told(folder: Path) -> None:
    (folder / "de" / "bitte.wav").write_text("nothing")
    with pytest.raises(CannotSay, match="no WAV file"):
        Recordings(folder).render("de", "bitte")


def test_a_new_recording_is_another_edition(folder: Path) -> None:
    before = Recordings(folder).edition
    assert Recordings(folder).edition == before
    record(folder, "de", "zimmer")
    assert Recordings(folder).edition != before


def test_text_reaches_no_file_outside_the_folder(folder: Path) -> None:
    record(folder.parent, "secret", "a")
    with pytest.raises(CannotSay):
        Recordings(folder).render("de", "../secret/b")

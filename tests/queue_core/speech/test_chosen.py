"""The settings choose who speaks."""

from pathlib import Path

import pytest

from queue_core.settings import Settings
from queue_core.speech.chosen import speech_of
from queue_core.speech.port import CannotSay
from tests.queue_core.speech.sounds import record


async def test_espeak_speaks_by_default_and_its_sounds_are_kept_in_the_data_folder(tmp_path: Path) -> None:
    speech = speech_of(Settings(data=tmp_path))
    await speech.say("de", "eins")
    assert len(list((tmp_path / "speech").iterdir())) == 1
    await speech.close()


async def test_what_was_not_recorded_espeak_says(tmp_path: Path) -> None:
    record(tmp_path / "voices", "de", "bitte")
    settings = Settings(data=tmp_path, speech_engine="recordings", speech_recordings=tmp_path / "voices")
    speech = speech_of(settings)
    recorded = await speech.say("de", "bitte")
    assert (await speech.say("de", "danke")).wav != recorded.wav
    assert (await speech.say("en", "bitte")).wav != recorded.wav
    await speech.close()


async def test_a_command_that_fails_leaves_no_silence(tmp_path: Path) -> None:
    speech = speech_of(Settings(data=tmp_path, speech_engine="command", speech_command="/no/such/piper"))
    assert (await speech.say("de", "eins")).wav
    await speech.close()


async def test_a_house_may_be_silent(tmp_path: Path) -> None:
    speech = speech_of(Settings(data=tmp_path, speech_engine="off"))
    with pytest.raises(CannotSay):
        await speech.say("de", "eins")
    await speech.close()


@pytest.mark.parametrize(("engine", "needs"), [("command", "speech_command"), ("recordings", "speech_recordings")])
def test_an_engine_needs_what_it_needs(engine: str, needs: str) -> None:
    with pytest.raises(ValueError, match=f"needs {needs}"):
        Settings.model_validate({"speech_engine": engine})

"""A program of the house's own that speaks: real ones, written here."""

import sys
from pathlib import Path

import pytest

from queue_core.speech.command import Command
from queue_core.speech.port import CannotSay
from tests.queue_core.speech.sounds import seconds_of

PIPER = """
import array, math, os, sys, wave
text = sys.stdin.read().strip()
assert not [name for name in os.environ if name.startswith("WARTEZONE")]
with wave.open(sys.stdout.buffer, "wb") as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(16000)
    length = 16000 * len(text) // 10
    file.writeframes(array.array("h", [int(9000 * math.sin(i / 5)) for i in range(length)]).tobytes())
open(sys.argv[1] + "." + sys.argv[2], "w").write(text)
"""


def program(folder: Path, source: str) -> str:
    path = folder / "speaks.py"
    path.write_text(source)
    return f"{sys.executable} {path}"


def test_the_text_goes_in_and_the_sound_comes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_SECRET", "must not be seen")
    command = Command(f"{program(tmp_path, PIPER)} '{tmp_path / 'heard'}' {{language}}")
    sound = command.render("de", "Guten Tag!")
    assert seconds_of(sound) == pytest.approx(1.0)
    assert (tmp_path / "heard.de").read_text() == "Guten Tag!"


def test_no_shell_sees_the_text(tmp_path: Path) -> None:
    command = Command(f"{program(tmp_path, PIPER)} '{tmp_path / 'heard'}' {{language}}")
    command.render("de", f"$(touch {tmp_path}/broken); `id`")
    assert not (tmp_path / "broken").exists()


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import sys; sys.exit('no such model')", "ended with 1: no such model"),
        ("print('hello')", "no WAV file"),
        ("pass", "no WAV file"),
    ],
    ids=["fails", "prints", "silent"],
)
def test_a_program_that_does_not_speak_is_told_from_one_that_does(tmp_path: Path, source: str, fault: str) -> None:
    with pytest.raises(CannotSay, match=fault):
        Command(program(tmp_path, source)).render("de", "Hallo")


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(CannotSay, match="/no/such/piper: No such file"):
        Command("/no/such/piper --model x").render("de", "Hallo")


@pytest.mark.slow
def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    command = Command(program(tmp_path, "import threading; threading.Event().wait()"), within_s=1.0)
    with pytest.raises(CannotSay, match="nothing within 1 s"):
        command.render("de", "Hallo")

"""A program of the house's own choice that speaks: the text on its standard input, a WAV file on its standard output.

As piper does it: `piper --model /voices/{language}.onnx --output_file -`. No shell sees the text or the command.
"""

import os
import shlex
import signal
import subprocess
from collections.abc import Sequence

from queue_core.speech.port import PLAIN_ENVIRONMENT, CannotSay, Sound
from queue_core.speech.wave import read_wav

_WITHIN_S = 15.0
_LANGUAGE = "{language}"


class Command:
    """`{language}` in it becomes the language's tag."""

    def __init__(self, command: str, within_s: float = _WITHIN_S) -> None:
        self._command, self._within_s = command, within_s

    @property
    def edition(self) -> str:
        return f"command-{self._command}"

    def render(self, language: str, text: str) -> Sound:
        words = [word.replace(_LANGUAGE, language) for word in shlex.split(self._command)]
        return read_wav(self._output(words, f"{text}\n".encode()))

    def close(self) -> None:
        """It ends by itself after each text."""

    def _output(self, words: Sequence[str], text: bytes) -> bytes:
        try:
            process = subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=PLAIN_ENVIRONMENT,
                start_new_session=True,
            )
        except OSError as error:
            raise CannotSay(f"{words[0]}: {error.strerror}") from error
        with process:
            try:
                output, complaint = process.communicate(text, self._within_s)
            except subprocess.TimeoutExpired as error:
                os.killpg(process.pid, signal.SIGKILL)
                raise CannotSay(f"{words[0]} says nothing within {self._within_s:g} s") from error
        if process.returncode != 0:
            last = complaint.decode(errors="replace").strip().rpartition("\n")[2]
            raise CannotSay(f"{words[0]} ended with {process.returncode}: {last}")
        return output

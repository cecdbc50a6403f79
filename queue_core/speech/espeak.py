"""espeak-ng, from our side of the pipe: started at the first word, started again when it died."""

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import espeakng_loader  # type: ignore[import-untyped]
import numpy as np

from queue_core.speech.port import PLAIN_ENVIRONMENT, CannotSay, Sound

#: Our language tags -> espeak-ng's voices. Whatever is not here is asked for by its own tag.
VOICES = {"de-simple": "de"}
#: Words a minute, pitch of 100, pauses of 10 ms between words: a hall echoes, and nobody knows the words before.
_RATE, _PITCH, _GAP = 145, 48, 3
#: The same sentence lasts as long in each language; a plain one may take its time.
_RATES = {"de-simple": 125, "ar": 165, "uk": 190}
_WITHIN_S = 6.0
_CHUNK_BYTES = 65_536
_SECOND_TRY = 1
_PROGRAM = Path(__file__).with_name("espeak_program.py")


class Espeak:
    def __init__(self, within_s: float = _WITHIN_S) -> None:
        self._within_s = within_s
        self._process: subprocess.Popen[bytes] | None = None
        self._pending = b""

    @property
    def edition(self) -> str:
        return f"espeak-{version('espeakng-loader')}-{_RATE}-{_RATES}-{_PITCH}-{_GAP}"

    @property
    def pid(self) -> int | None:
        """Of the process that speaks; None while there is none."""
        return self._process.pid if self._process else None

    def render(self, language: str, text: str) -> Sound:
        request = {
            "voice": VOICES.get(language, language),
            "text": text,
            "rate": _RATES.get(language, _RATE),
            "pitch": _PITCH,
            "gap": _GAP,
        }
        for attempt in range(1 + _SECOND_TRY):
            try:
                return self._asked(request)
            except OSError as error:  # it died, now or since the last text
                self.close()
                if attempt == _SECOND_TRY:
                    raise CannotSay(f"espeak-ng does not answer: {error}") from error
        raise AssertionError("unreachable")

    def close(self) -> None:
        if self._process is None:
            return
        process, self._process, self._pending = self._process, None, b""
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def _asked(self, request: dict[str, Any]) -> Sound:
        deadline = time.monotonic() + self._within_s
        process = self._running()
        assert process.stdin is not None
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        answer = json.loads(self._line(process, deadline))
        if "fault" in answer:
            raise CannotSay(answer["fault"])
        samples = self._exactly(process, answer["bytes"], deadline)
        return Sound(np.frombuffer(samples, np.int16), answer["rate_hz"])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-I", "-S", str(_PROGRAM)),
                    *(espeakng_loader.get_library_path(), espeakng_loader.get_data_path()),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=PLAIN_ENVIRONMENT,
            )
        return self._process

    def _line(self, process: subprocess.Popen[bytes], deadline: float) -> bytes:
        while b"\n" not in self._pending:
            self._pending += self._some(process, deadline)
        line, _, self._pending = self._pending.partition(b"\n")
        return line

    def _exactly(self, process: subprocess.Popen[bytes], count: int, deadline: float) -> bytes:
        while len(self._pending) < count:
            self._pending += self._some(process, deadline)
        wanted, self._pending = self._pending[:count], self._pending[count:]
        return wanted

    def _some(self, process: subprocess.Popen[bytes], deadline: float) -> bytes:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError(f"nothing within {self._within_s} s")
        read = os.read(process.stdout.fileno(), _CHUNK_BYTES)
        if not read:
            raise BrokenPipeError("it ended")
        return read

"""espeak-ng in a process of its own: a fault in foreign C code, and its licence (GPL-3), stay on this side of a pipe.

Run as a file, `python -I -S espeak_program.py LIBRARY VOICES`. Requests come as lines of JSON
`{"voice", "text", "rate", "pitch", "gap"}`; the answer is a line `{"bytes", "rate_hz"}` and so many bytes of sound, or
`{"fault"}`. It ends with its input, and so with its parent, and when one text takes it too long.
"""

import ctypes
import json
import signal
import sys
from typing import Any, BinaryIO

_ONE_TEXT_MOST_S = 20

# espeak-ng/speak_lib.h
_AUDIO_OUTPUT_SYNCHRONOUS = 2
_DONT_EXIT_ON_ERROR = 0x8000
_CHARS_UTF8 = 1
_POSITION_CHARACTER = 1
_RATE, _PITCH, _WORD_GAP = 1, 3, 7

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class Voices:
    def __init__(self, library: str, voices: str) -> None:
        self._library = ctypes.CDLL(library)
        self._sound = bytearray()
        self._callback = _Callback(self._hear)  # kept: the library calls it
        folder = voices.encode()
        self.rate_hz = self._library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, 0, folder, _DONT_EXIT_ON_ERROR)
        if self.rate_hz <= 0:
            raise RuntimeError("espeak-ng does not start")
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, voice: str, text: str, rate: int, pitch: int, gap: int) -> bytes:
        self._must(self._library.espeak_SetVoiceByName(voice.encode()), f"no voice {voice}")
        for parameter, value in ((_RATE, rate), (_PITCH, pitch), (_WORD_GAP, gap)):
            self._must(self._library.espeak_SetParameter(parameter, value, 0), "no such manner")
        self._sound.clear()
        said = text.encode() + b"\0"
        made = self._library.espeak_Synth(said, len(said), 0, _POSITION_CHARACTER, 0, _CHARS_UTF8, None, None)
        self._must(made, "it cannot be said")
        return bytes(self._sound)

    def _hear(self, samples: int | None, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._sound += ctypes.string_at(samples, count * ctypes.sizeof(ctypes.c_short))
        return 0

    def _must(self, status: int, fault: str) -> None:
        if status != 0:
            raise ValueError(f"{fault} ({status})")


def main(library: str, voices: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends us
    serve(Voices(library, voices), sys.stdin.buffer, sys.stdout.buffer)


def serve(speaking: Voices, requests: BinaryIO, answers: BinaryIO) -> None:
    for line in requests:
        signal.alarm(_ONE_TEXT_MOST_S)
        answers.write(_answer(speaking, json.loads(line)))
        answers.flush()
        signal.alarm(0)


def _answer(speaking: Voices, request: dict[str, Any]) -> bytes:
    try:
        sound = speaking.speak(**request)
    except ValueError as error:
        return _line({"fault": str(error)})
    return _line({"bytes": len(sound), "rate_hz": speaking.rate_hz}) + sound


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode() + b"\n"


if __name__ == "__main__":
    main(*sys.argv[1:])

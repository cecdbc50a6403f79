"""A person's voice: a folder of recordings, `<language>/<words>.wav`, put together word by word.

`nummer.wav`, `a.wav`, `0.wav`, `bitte.wav`, `schalter_3.wav`: words in lower case, joined by `_`; the longest recording
that fits is taken. A number without a recording is said digit by digit. Way of speaking `de-simple` uses `de` where it
has no folder. docs/voice.md has the whole layout.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from queue_core.speech.port import CannotSay, Sound
from queue_core.speech.wave import SUFFIX, joined, read_wav_file, silence, trimmed

_BETWEEN = "_"
_PIECES = re.compile(r"\w+|[^\w\s]+")
_WORD = re.compile(r"\w")
_WORDS_MOST = 8
_SENTENCE_ENDS = frozenset(".!?;؟")
_GAP_S, _PAUSE_S, _END_PAUSE_S = 0.06, 0.2, 0.4


class Recordings:
    """The folder is looked at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def edition(self) -> str:
        found = [
            f"{p}{p.stat().st_mtime_ns}{p.stat().st_size}" for folder in self._files.values() for p in folder.values()
        ]
        return f"recordings-{hashlib.sha256(''.join(sorted(found)).encode()).hexdigest()[:16]}"

    def render(self, language: str, text: str) -> Sound:
        files = self._files.get(language) or self._files.get(language.partition("-")[0]) or {}
        if not files:
            raise CannotSay(f"there are no recordings in {language}")
        return joined(list(_put_together(files, text.casefold())))

    def close(self) -> None:
        """It starts nothing."""

    @cached_property
    def _files(self) -> Mapping[str, Mapping[str, Path]]:
        if not self._folder.is_dir():
            return {}
        return {
            folder.name: {path.stem.casefold(): path for path in folder.glob(f"*{SUFFIX}")}
            for folder in self._folder.iterdir()
            if folder.is_dir()
        }


def _put_together(files: Mapping[str, Path], text: str) -> Iterator[Sound]:
    pieces = _PIECES.findall(text)
    while pieces:
        if not _WORD.match(pieces[0]):
            yield silence(_END_PAUSE_S if set(pieces.pop(0)) & _SENTENCE_ENDS else _PAUSE_S)
            continue
        count, names = _longest(files, pieces)
        del pieces[:count]
        for name in names:
            yield trimmed(read_wav_file(files[name]))
            yield silence(_GAP_S)


def _longest(files: Mapping[str, Path], pieces: list[str]) -> tuple[int, list[str]]:
    """How many words the longest recording has, and the names of what is played for them."""
    for count in range(min(_WORDS_MOST, len(pieces)), 0, -1):
        name = _BETWEEN.join(pieces[:count])
        if name in files:
            return count, [name]
    digits = list(pieces[0])
    if pieces[0].isdecimal() and all(digit in files for digit in digits):
        return 1, digits
    raise CannotSay(f"there is no recording of “{pieces[0]}”")

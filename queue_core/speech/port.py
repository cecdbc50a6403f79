"""An engine that speaks, as everything else sees it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Sound:
    """One channel, 16 bit."""

    samples: Samples
    rate_hz: int


class CannotSay(Exception):
    """The engine has no voice for the language, lacks a word, or failed; another engine may do better."""


class Engine(Protocol):
    """Called from one thread at a time, never from an event loop's."""

    @property
    def edition(self) -> str:
        """Engine, version and manner of speaking: what it made under another edition sounds different."""

    def render(self, language: str, text: str) -> Sound:
        """The text in the language. Raises `CannotSay`."""

    def close(self) -> None:
        """Ends what it started; it may be asked again and then starts anew."""

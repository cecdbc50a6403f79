"""An engine that speaks, as everything else sees it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]

#: What a speaking program sees of ours: none of the secrets.
PLAIN_ENVIRONMENT: Mapping[str, str] = {"PATH": os.defpath, "LANG": "C.UTF-8"}


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

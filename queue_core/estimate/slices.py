"""Work in slices of about a millisecond, between which a server's loop answers requests."""

from collections.abc import Callable, Generator
from typing import TypeVar

_Found = TypeVar("_Found")

#: What an event disturbs is begun anew so often; then it is done at once.
DRAWN_ANEW = 3


def finished(slices: Generator[None, None, _Found]) -> _Found:
    """All slices at once."""
    while True:
        try:
            next(slices)
        except StopIteration as done:
            found: _Found = done.value
            return found


def undisturbed(
    slices: Generator[None, None, _Found], still: Callable[[], bool]
) -> Generator[None, None, _Found | None]:
    """None as soon as what they are made from is no longer what it was."""
    while still():
        try:
            next(slices)
        except StopIteration as done:
            found: _Found = done.value
            return found
        yield
    return None

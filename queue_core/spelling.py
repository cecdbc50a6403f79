"""The word that somebody probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` most resembles, also in another case; None when none is near."""
    by_folded = {k.casefold(): k for k in sorted(known)}
    close = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def did_you_mean(suggestion: str | None) -> str:
    """` (did you mean …?)` to append to a message, or nothing."""
    return f" (did you mean {suggestion}?)" if suggestion else ""

"""Texts before they are spoken: nothing that an engine could take for an order, numbers by the digit."""

import unicodedata

TEXT_MOST = 300
_MARKS = str.maketrans(dict.fromkeys("<>[]{}|\\^`", " "))


def cleaned(text: str) -> str:
    """One line without control characters, markup's brackets or an engine's own commands."""
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    visible = "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Co", "Cn"))
    return " ".join(visible.translate(_MARKS).split())


def said_number(number: str, language: str) -> str:  # noqa: ARG001
    """A047 -> A 0 4 7."""
    return " ".join(c for c in number if not c.isspace())

"""Texts before they are spoken: nothing that an engine could take for an order, numbers by the digit."""

import unicodedata
from collections.abc import Mapping

TEXT_MOST = 300
_MARKS = str.maketrans(dict.fromkeys("<>[]{}|\\^`", " "))
_BREAKS = frozenset({"Cc", "Cs", "Zl", "Zp"})
_UNSEEN = frozenset({"Cf", "Co", "Cn"})
#: What joins letters of a word in Persian: no sign of its own, but no word without it.
_JOINERS = frozenset("\u200c\u200d")


def _letters(names: str) -> Mapping[str, str]:
    return dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", names.split(), strict=True))


#: Where a voice would change to English in the middle of a sentence. Elsewhere it knows the letters' names.
_LETTERS: Mapping[str, Mapping[str, str]] = {
    "ru": _letters("а бэ цэ дэ е эф гэ аш и йот ка эль эм эн о пэ ку эр эс тэ у вэ дубль-вэ икс игрек зет"),
    "uk": _letters("а бе це де е еф ґе аш і йот ка ель ем ен о пе ку ер ес те у ве дубль-ве ікс ігрек зет"),
}


def cleaned(text: str) -> str:
    """One line without control characters, markup's brackets or an engine's own commands."""
    plain = "".join(_visible(c) for c in unicodedata.normalize("NFC", text))
    return " ".join(plain.translate(_MARKS).split())


def said_number(number: str, language: str) -> str:
    """A047 -> A 0 4 7, with the letters' names where the language's voice does not know them."""
    letters = _LETTERS.get(language, {})
    return " ".join(letters.get(c, c) for c in number.upper() if not c.isspace())


def _visible(c: str) -> str:
    kind = unicodedata.category(c)
    if kind in _BREAKS:
        return " "
    return "" if kind in _UNSEEN and c not in _JOINERS else c

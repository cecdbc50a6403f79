"""Codes of appointments: what is printed in a letter, and what a finger or a scanner makes of it. Pure.

A code of ours has eight characters that nobody takes for each other, 40 random bits. It has no check character: the
codes of other booking systems are taken as they are, so a wrong one could not be told from a foreign one.
"""

import re
import secrets
from urllib.parse import parse_qsl

from queue_core.domain.model import BookingId

#: Of codes that we make: no 0 and O, no 1 and I.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: What must be offered to type any code: O and I are read as 0 and 1.
KEYS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8
LEAST, MOST = 4, 32
#: Under which name an address carries one.
CODE_QUERY = "code"
_GROUP = 4
_LOOKALIKES = str.maketrans("OI", "01")
#: ISO 15424: scanners may name the kind of the code first, "]Q1" for a QR code.
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_ADDRESS = re.compile(r"^https?://[^/]+/(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?", re.IGNORECASE)
#: Dashes as keyboards, word processors and people write them.
_BETWEEN = re.compile(r"[\s\-_.\u2010-\u2015\u2212]+")
_CODE = re.compile(rf"^[{KEYS}]{{{LEAST},{MOST}}}$")


def random_code() -> BookingId:
    return BookingId("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def make() -> str:
    """A new code, as people read it: K7M2-9QXT."""
    return grouped(random_code())


def grouped(booking: BookingId) -> str:
    """In groups of four where it is as long as ours, else as it is."""
    return f"{booking[:_GROUP]}-{booking[_GROUP:]}" if len(booking) == LENGTH else booking


def normalised(text: str) -> BookingId | None:
    """The one form of a code: from lower case, spaces, dashes, lookalikes, and whatever `spelled` reads. None for what
    can be no code."""
    code = as_typed(spelled(text))
    return BookingId(code) if _CODE.match(code) else None


def spelled(text: str) -> str:
    """The code as it stands there: without a scanner's prefix and suffix, and out of an address of ours that ends in it
    or has it as `code`."""
    plain = _SYMBOLOGY.sub("", text.strip())
    address = _ADDRESS.match(plain)
    if not address:
        return plain
    asked = dict(parse_qsl(address["query"] or ""))
    return asked.get(CODE_QUERY) or address["path"].rstrip("/").rpartition("/")[2]


def as_typed(text: str) -> str:
    """A code or number in the one form of all that fingers make of it; "" for what has other letters than ours."""
    typed = _BETWEEN.sub("", text)
    return typed.upper().translate(_LOOKALIKES) if typed.isascii() else ""

"""How a device without a credential is let in: it shows a code, and an admin who stands before it types that in."""

import hashlib
from enum import StrEnum

#: Without 0, O, 1 and I, which look alike on a screen across the room.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_CHARACTERS = 8
CODE_VALID_MS = 10 * 60_000
#: After so many wrong codes every code of the device is void; it shows a new one.
WRONG_CODES_MOST = 5
#: More browsers cannot wait for one device's place.
WAITING_MOST = 20


class Approval(StrEnum):
    """SPENT: too many were wrong; the device shows another code now."""

    APPROVED = "approved"
    WRONG = "wrong"
    SPENT = "spent"


def code_of(secret: str) -> str:
    """The code that stands for a secret: whoever sees it can approve the secret, and never learns it."""
    number = int.from_bytes(hashlib.sha256(f"pairing code {secret}".encode()).digest())
    letters = []
    for _ in range(CODE_CHARACTERS):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def typed(text: str) -> str:
    """A code as somebody types it: small letters, blanks and dashes do not matter."""
    return "".join(letter for letter in text.upper() if letter.isalnum())

"""What a letter says and a finger types: the number of a case and its PIN, each in its one form. Pure.

Spaces, hyphens, slashes and dots are not part of either: people type them or not. Case does not count.
"""

import re

NUMBER_LEAST, NUMBER_MOST = 4, 40
PIN_LEAST, PIN_MOST = 5, 12
#: More than any writing of a number or PIN needs; nobody looks at longer texts.
TYPED_MOST = 80
_BETWEEN = re.compile(r"[\s\-_./\u2010-\u2015\u2212]+")
_NUMBER = re.compile(rf"^[0-9A-Z]{{{NUMBER_LEAST},{NUMBER_MOST}}}$")
_PIN = re.compile(rf"^[0-9A-Z]{{{PIN_LEAST},{PIN_MOST}}}$")


def case_number(text: str) -> str | None:
    """None for what can be none."""
    return _fitting(_NUMBER, text)


def case_pin(text: str) -> str | None:
    """None for what can be none."""
    return _fitting(_PIN, text)


def _fitting(form: re.Pattern[str], text: str) -> str | None:
    plain = _BETWEEN.sub("", _ascii_digits(text)).upper() if len(text) <= TYPED_MOST else ""
    return plain if form.match(plain) else None


def _ascii_digits(text: str) -> str:
    """Keyboards of some languages type digits of their own."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)

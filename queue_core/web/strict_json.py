"""JSON as we accept it: one reading only, nothing that later stages could stumble over.

Refused (400): what is no UTF-8 or no JSON, keys that come twice, NaN and infinities, numbers beyond any use, nesting
deeper than any request of ours, NUL and half surrogates within texts.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

from queue_core.web.problems import Problem

_DEEPEST = 12
_OBJECT_OR_LIST = (dict, list)
_HALF_SURROGATE = re.compile("[\ud800-\udfff]")


def parse(body: bytes) -> Any:
    """Raises `Problem` 400 (`not_json`, `duplicate_key`, `too_deep`, `unusable_text`)."""
    try:
        value = _DECODER.decode(body.decode())
    except UnicodeDecodeError as e:
        raise Problem(400, "not_json", f"The body is not UTF-8: byte {e.start} does not fit.") from e
    except json.JSONDecodeError as e:
        raise Problem(400, "not_json", f"{e.msg} at line {e.lineno}, column {e.colno}.") from e
    except RecursionError as e:
        raise _too_deep() from e
    except ValueError as e:
        raise Problem(400, "not_json", "A number is longer than any number may be.") from e
    for text in _texts(value, 0):
        _require_usable(text)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise Problem(400, "duplicate_key", f"The key {twice!r} comes twice.")
    return found


def _no_constant(word: str) -> NoReturn:
    raise Problem(400, "not_json", f"{word} is no JSON.")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise Problem(400, "not_json", "A number is larger than any number may be.")
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite)


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, _OBJECT_OR_LIST):
        if depth >= _DEEPEST:
            raise _too_deep()
        yield from value if isinstance(value, dict) else ()
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner, depth + 1)


def _too_deep() -> Problem:
    return Problem(400, "too_deep", f"Nested deeper than {_DEEPEST} levels.")


def _require_usable(text: str) -> None:
    if "\0" in text:
        raise Problem(400, "unusable_text", "A text holds a NUL character.")
    if _HALF_SURROGATE.search(text):
        raise Problem(400, "unusable_text", "A text holds half of a surrogate pair.")

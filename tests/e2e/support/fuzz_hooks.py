"""Runs in schemathesis' process, before each of its requests: what is well-formed also hits something, mostly.

Random ids would be answered 404 before anything else is looked at. `WARTEZONE_FUZZ_KNOWN` names for each parameter what
there is in the office, as JSON.
"""

import json
import os
import random
import uuid
from typing import Any

import schemathesis
from schemathesis import Case, HookContext
from schemathesis.generation.modes import GenerationMode

KNOWN: dict[str, list[str]] = json.loads(os.environ["WARTEZONE_FUZZ_KNOWN"])
KEY_HEADER = "Idempotency-Key"
#: How often a well-formed request keeps what was invented for it.
INVENTED = 0.2
_random = random.Random(1)


@schemathesis.hook
def before_call(_context: HookContext, case: Case[Any], _kwargs: dict[str, Any]) -> None:
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if case.headers and KEY_HEADER in case.headers:
        case.headers[KEY_HEADER] = uuid.UUID(int=_random.getrandbits(128)).hex
    if _random.random() >= INVENTED:
        for values in (case.path_parameters, case.query, case.body):
            if isinstance(values, dict):
                _know(values)


def _know(values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name in KNOWN and isinstance(value, str):
            values[name] = _random.choice(KNOWN[name])
        elif name in KNOWN and isinstance(value, list):
            values[name] = _random.sample(KNOWN[name], min(len(value), len(KNOWN[name])))

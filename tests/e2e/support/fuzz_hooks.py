"""Runs in schemathesis' process, before each of its requests: what is well-formed also hits something, mostly.

Random ids would be answered 404 before anything else is looked at, and a counter that holds nobody refuses most moves.
`WARTEZONE_FUZZ_KNOWN` names for each parameter what there is in the office, as JSON; `WARTEZONE_FUZZ_ZONE` is the
zone's address, `WARTEZONE_FUZZ_TOKEN` what opens it.
"""

import json
import os
import random
import uuid
from typing import Any

import httpx
import schemathesis
from schemathesis import Case, HookContext
from schemathesis.generation.modes import GenerationMode

KNOWN: dict[str, list[str]] = json.loads(os.environ["WARTEZONE_FUZZ_KNOWN"])
ZONE = httpx.Client(
    base_url=os.environ["WARTEZONE_FUZZ_ZONE"],
    headers={"Authorization": f"Bearer {os.environ['WARTEZONE_FUZZ_TOKEN']}"},
    timeout=60,
)
KEY_HEADER = "Idempotency-Key"
AT_COUNTERS = "/counters/{counter}/"
#: What goes before a move at a counter, so that it fits.
BEFORE = {
    "open": ("finish", "close"),
    "call-next": ("finish", "open"),
    **dict.fromkeys(("recall", "start", "finish", "miss", "park", "undo"), ("open", "call-next")),
    **dict.fromkeys(("serve", "pause", "close"), ("finish", "open")),
}
#: How often a well-formed request keeps what was invented for it.
INVENTED = 0.2
_random = random.Random(1)


@schemathesis.hook
def before_call(_context: HookContext, case: Case[Any], _kwargs: dict[str, Any]) -> None:
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if case.headers and KEY_HEADER in case.headers:
        case.headers[KEY_HEADER] = _key()
    if _random.random() >= INVENTED:
        for values in (case.path_parameters, case.query, case.body):
            if isinstance(values, dict):
                _know(values)
        _go_before(case)


def _know(values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name in KNOWN and isinstance(value, str):
            values[name] = _random.choice(KNOWN[name])
        elif name in KNOWN and isinstance(value, list):
            values[name] = _random.sample(KNOWN[name], min(len(value), len(KNOWN[name])))


def _go_before(case: Case[Any]) -> None:
    """Moves that do not fit themselves are refused, which is as good: then they are not needed."""
    _, _, verb = case.path.partition(AT_COUNTERS)
    counter = (case.path_parameters or {}).get("counter")
    for move in BEFORE.get(verb, ()) if counter in KNOWN["counter"] else ():
        ZONE.post(f"/counters/{counter}/{move}", json={}, headers={KEY_HEADER: _key()})


def _key() -> str:
    return uuid.UUID(int=_random.getrandbits(128)).hex

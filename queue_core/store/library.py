"""The function library: Lua files of this package joined into one source and loaded into the store.

States, transitions and refusals exist once, in Python, and are written into the head of the library. Library and
function names carry the version: names are global in a store, and two releases may share it during an upgrade.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from queue_core.domain.commands import BY_LAPSE
from queue_core.domain.errors import Refusal
from queue_core.domain.events import TRANSITIONS
from queue_core.domain.model import (
    AT_COUNTER,
    BLOCKS_MOST,
    CLOSED,
    HOLDS_KEPT_MS,
    LAST_CALLS_KEPT,
    LENT_KEPT_MS,
    CounterState,
    Current,
    ReturnMode,
    TicketState,
    Within,
)
from queue_core.domain.office import MissedReturn
from queue_core.domain.slots import SLOT_MOST_MS
from queue_core.store.away import store_errors
from queue_core.store.keys import FIELD, FIXED

VERSION = 1
LIBRARY = f"wz{VERSION}"
#: Moves that run whatever the business day is.
BEGINS_DAY = ("roll_day", "begin_epoch")
#: Functions that change something and are no moves: they append no events.
_BESIDE_MOVES = ("set_clock", "begin_try", "forgive_try", "swap_phones")


@cache
def function(name: str) -> str:
    return f"{LIBRARY}_{name}"


@cache
def source() -> str:
    folder = files("queue_core.store").joinpath("lua")
    shared = sorted((f for f in folder.joinpath("shared").iterdir() if f.name.endswith(".lua")), key=lambda f: f.name)
    moves = sorted((f for f in folder.iterdir() if f.name.endswith(".lua")), key=lambda f: f.name)
    return "\n".join(
        [
            f"#!lua name={LIBRARY}",
            _constants(),
            *(f"do\n{f.read_text()}\nend" for f in shared),
            *(f"WZ.moves.{f.name.removesuffix('.lua')} = (function()\n{f.read_text()}\nend)()" for f in moves),
            *(_register(f.name.removesuffix(".lua")) for f in moves),
            f"redis.register_function{{function_name='{function('read_zone')}', callback=WZ.read_zone, "
            "flags={'no-writes'}}",
            *(f"redis.register_function('{function(name)}', WZ.{name})" for name in _BESIDE_MOVES),
        ]
    )


async def load(client: Redis) -> None:
    """Loads the library unless the store holds the same source already."""
    present = await client.function_list(library=LIBRARY, withcode=True)
    if source() not in _codes(present):
        await client.function_load(source(), replace=True)


async def call(client: Redis, name: str, keys: Sequence[str], *words: str | int) -> Any:
    """What a function that is no move answers; a store that has lost the library gets it anew."""
    async with store_errors():
        try:
            return await client.fcall(function(name), len(keys), *keys, *words)
        except ResponseError as e:
            if not is_lost(e):
                raise
            await load(client)
            return await client.fcall(function(name), len(keys), *keys, *words)


def is_lost(error: ResponseError) -> bool:
    """The store has lost the library: it must be loaded again."""
    return "Function not found" in str(error)


def _codes(listing: Iterable[Any]) -> set[str]:
    """The library codes of a FUNCTION LIST reply, which is a list of maps (RESP3) or of flat lists (RESP2)."""
    codes = set()
    for entry in listing:
        pairs = entry if isinstance(entry, Mapping) else dict(zip(entry[::2], entry[1::2], strict=True))
        codes.add(str(pairs["library_code"]))
    return codes


def _constants() -> str:
    leads_to = {kind.value: state.value for kind, (_, state) in TRANSITIONS.items()}
    came_from = {kind.value: sorted(states) for kind, (states, _) in TRANSITIONS.items()}
    return "\n".join(
        [
            "local WZ = {moves = {}, apply = {}}",
            f"WZ.key_names = {{{', '.join(repr(name) for name in FIXED)}}}",
            f"WZ.field = {FIELD!r}",
            f"WZ.by_lapse = {BY_LAPSE!r}",
            f"WZ.last_calls_kept = {LAST_CALLS_KEPT}",
            f"WZ.lent_kept_ms = {LENT_KEPT_MS}",
            f"WZ.holds_kept_ms = {HOLDS_KEPT_MS}",
            f"WZ.blocks_most = {BLOCKS_MOST}",
            f"WZ.slot_most_ms = {SLOT_MOST_MS}",
            f"WZ.at_counter = {_set(sorted(AT_COUNTER))}",
            f"WZ.closed = {_set(sorted(CLOSED))}",
            f"WZ.leads_to = {{{', '.join(f'{k} = {v!r}' for k, v in leads_to.items())}}}",
            f"WZ.from = {{{', '.join(f'{k} = {_set(v)}' for k, v in came_from.items())}}}",
            _names("R", Refusal),
            _names("STATE", TicketState),
            _names("COUNTER", CounterState),
            _names("CURRENT", Current),
            _names("RETURN", ReturnMode),
            _names("MISSED_RETURN", MissedReturn),
            _names("WITHIN", Within),
        ]
    )


def _register(move: str) -> str:
    begins_day = str(move in BEGINS_DAY).lower()
    return f"redis.register_function('{function(move)}', WZ.run(WZ.moves.{move}, {begins_day}))"


def _set(names: Iterable[str]) -> str:
    return "{" + ", ".join(f"[{str(name)!r}] = true" for name in names) + "}"


def _names(table: str, values: type[StrEnum]) -> str:
    """A Lua table that holds the enum's values by themselves (Redis' Lua has no metatables to refuse others)."""
    pairs = ", ".join(f"[{v.value!r}] = {v.value!r}" for v in values)
    return f"local {table} = {{{pairs}}}"

"""How a view's state changes: what to send, and how a client applies it.

A patch has the shape of the state: plain values that changed, and for each list of records the changed ones, with `id`
and the fields that changed. `gone` names records that are no longer there: {section: [ids]}. Applying a patch twice, or
a run of patches again from somewhere in its middle, ends in the same state.
queue_core/web/static/js/stream.js does the same in the browser.
"""

from collections.abc import Sequence
from itertools import compress, count
from operator import is_not
from typing import Any

Json = dict[str, Any]

GONE = "gone"
#: Lists whose new records come first; those of other lists come last.
NEWEST_FIRST = frozenset({"calls"})
#: Lists that are kept in order of these fields.
SORTED_BY = {"tickets": ("rank_ms", "ordinal"), "bookings": ("slot_ms", "id")}


def diff(before: Json, after: Json) -> Json:
    """What `before` lacks to be `after`: {} when nothing. Both are states of one view."""
    patch: Json = {}
    gone: Json = {}
    for name, value in after.items():
        if not isinstance(value, list):
            if before.get(name) != value:
                patch[name] = value
            continue
        differing_old, differing_new = _differing(before.get(name, []), value)
        old, new = _by_id(differing_old), _by_id(differing_new)
        changed = [_changes(old.get(i), record) for i, record in new.items() if old.get(i) != record]
        if changed:
            patch[name] = changed
        if lost := [i for i in old if i not in new]:
            gone[name] = lost
    return {**patch, GONE: gone} if gone else patch


def _differing(old: Sequence[Json], new: Sequence[Json]) -> tuple[Sequence[Json], Sequence[Json]]:
    """Both without the records at their beginnings and ends that are the very same: of a long queue little remains."""
    least = min(len(old), len(new))
    head = next(compress(count(), map(is_not, old, new)), least)
    tail = next(compress(count(), map(is_not, reversed(old), reversed(new))), least)
    tail = min(tail, least - head)
    return old[head : len(old) - tail], new[head : len(new) - tail]


def merge(state: Json, patch: Json) -> Json:
    """The state after the patch; `state` stays as it is."""
    merged = dict(state)
    for name, value in patch.items():
        if name != GONE:
            merged[name] = _merged(name, merged.get(name, []), value) if isinstance(value, list) else value
    for name, ids in patch.get(GONE, {}).items():
        merged[name] = [record for record in merged[name] if record["id"] not in ids]
    return merged


def _merged(section: str, records: list[Json], changes: list[Json]) -> list[Json]:
    known = _by_id(records)
    new = [c for c in changes if c["id"] not in known]
    for change in changes:
        if change["id"] in known:
            known[change["id"]] = known[change["id"]] | change
    kept = list(known.values())
    merged = new + kept if section in NEWEST_FIRST else kept + new
    if order := SORTED_BY.get(section):
        merged.sort(key=lambda record: [record.get(name, 0) for name in order])
    return merged


def _changes(old: Json | None, new: Json) -> Json:
    if old is None:
        return new
    return {"id": new["id"], **{name: value for name, value in new.items() if old.get(name) != value}}


def _by_id(records: Sequence[Json]) -> dict[str, Json]:
    return {record["id"]: record for record in records}

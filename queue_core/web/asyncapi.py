"""The AsyncAPI 3 document of the live stream, made from the views, the events that they show, and their states."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from pydantic.json_schema import models_json_schema

from queue_core.domain.views.glimpse import shown_in
from queue_core.domain.views.patch import GONE
from queue_core.domain.views.view import FOR_EVERYBODY, View
from queue_core.web.api.states import STATES
from queue_core.web.operation import SCHEMA_REF

Json = dict[str, Any]

_STRING: Json = {"type": "string"}
_INTEGER: Json = {"type": "integer"}
_TIME: Json = {"type": "integer", "description": "UTC epoch milliseconds."}
_STRINGS: Json = {"type": "array", "items": _STRING}
_FIELDS: Mapping[str, Json] = {
    "recalls": _INTEGER,
    "undoes_seq": _INTEGER,
    "undoes_count": _INTEGER,
    "numbers": _STRINGS,
    "services": _STRINGS,
    "further": _STRINGS,
    "onward": {"type": "boolean"},
    "direct": {"type": "boolean"},
}
_PULSE: Mapping[str, Json] = {
    "epoch": _INTEGER,
    "as_of_seq": _INTEGER,
    "current": {"type": "boolean", "description": "false while the store is away"},
    "build": _STRING,
    "sent_ms": _TIME,
    "zone_ms": _TIME,
    "rate": {"type": "number"},
}
_HERE: Mapping[str, Json] = {"epoch": _INTEGER, "seq": _INTEGER, "sent_ms": _TIME}
_IN_HOUSE = tuple(view for view in View if view is not View.OWN)
_OPEN = tuple(view for view in _IN_HOUSE if view in FOR_EVERYBODY)


def asyncapi_document() -> Json:
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Wartezone live stream",
            "version": version("wartezone"),
            "description": "A snapshot, then what changes: gapless, or with a new snapshot in between. docs/stream.md",
            "license": {"name": "EUPL-1.2"},
        },
        "channels": {
            "stream": _channel("/api/v1/zones/{zone}/stream", ("zone",), _IN_HOUSE, ("error", "auth", "rendered")),
            "events": _channel("/api/v1/zones/{zone}/events", ("zone",), _OPEN, ("bye",)),
            "own": _channel("/t/{link}/events", ("link",), (View.OWN,), ("bye",)),
        },
        "operations": {
            "sendStream": _operation("send", "stream", _sent(_IN_HOUSE, "error")),
            "receiveStream": _operation("receive", "stream", ("auth", "rendered")),
            "sendEvents": _operation("send", "events", _sent(_OPEN, "bye")),
            "sendOwn": _operation("send", "own", _sent((View.OWN,), "bye")),
        },
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def message_name(kind: str, view: View) -> str:
    """Of a frame: those with matter of a view have a message for each."""
    return f"{kind}-{view}" if kind in ("snapshot", "event", "estimates") else kind


def _channel(address: str, parameters: tuple[str, ...], views: tuple[View, ...], more: tuple[str, ...]) -> Json:
    names = dict.fromkeys([*_sent(views), *more])
    asked: Json = {
        "view": {"type": "string", "enum": [view.value for view in views]},
        "epoch": _INTEGER,
        "seq": _INTEGER,
    }
    query = {"type": "object", "properties": asked if views != (View.OWN,) else {}}
    is_socket = "error" in more
    return {
        "address": address,
        "parameters": {name: {} for name in parameters},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"ws": {"method": "GET", "query": query}} if is_socket else {},
        "description": "WebSocket, subprotocol wartezone.v1." if is_socket else "Server-sent events.",
    }


def _operation(action: str, channel: str, names: tuple[str, ...]) -> Json:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in names],
    }


def _sent(views: tuple[View, ...], *more: str) -> tuple[str, ...]:
    kinds = ("hello", "snapshot", "event", "estimates", "heartbeat")
    return (*dict.fromkeys(message_name(kind, view) for kind in kinds for view in views), *more)


def _messages() -> Json:
    plain = {
        "hello": _frame(
            "hello",
            {"zone": _STRING, "view": _STRING, "resumed": {"type": "boolean"}, "heartbeat_ms": _INTEGER, **_PULSE},
        ),
        "heartbeat": _frame("heartbeat", _PULSE),
        "bye": _frame("bye", {"retry_ms": _INTEGER}),
        "error": _frame("error", {"code": _STRING, "detail": _STRING}),
        "auth": _frame("auth", {"token": _STRING}),
        "rendered": _frame("rendered", {"epoch": _INTEGER, "seq": _INTEGER}),
    }
    return plain | {name: message for view in View for name, message in _of_view(view).items()}


def _of_view(view: View) -> Json:
    state = {"$ref": SCHEMA_REF.format(model=STATES[view].__name__)}
    patch = {"$ref": SCHEMA_REF.format(model=_patch_name(view))}
    changed = {"epoch": _INTEGER, "as_of_seq": _INTEGER, "sent_ms": _TIME, "patch": patch}
    happened = {**_HERE, "prev": _INTEGER, "event": {"oneOf": _events(view)}, "patch": patch}
    return {
        message_name("snapshot", view): _frame("snapshot", {**_HERE, "state": state}),
        message_name("event", view): _frame("event", happened),
        message_name("estimates", view): _frame("estimates", changed),
    }


def _frame(kind: str, fields: Mapping[str, Json]) -> Json:
    payload = _object({"type": {"const": kind}, **fields}, required=("type", *fields))
    return {"name": kind, "contentType": "application/json", "payload": payload}


def _events(view: View) -> list[Json]:
    """One form for each type; beside type and time it has those fields that there is something to say of."""
    return [
        _object({"type": {"const": kind.value}, "at_ms": _TIME, **{name: _field(name) for name in sorted(fields)}})
        for kind, fields in sorted(shown_in(view).items())
    ]


def _field(name: str) -> Json:
    return _TIME if name.endswith("_ms") else dict(_FIELDS.get(name, _STRING))


def _object(properties: Mapping[str, Json], required: tuple[str, ...] = ("type", "at_ms")) -> Json:
    return {"type": "object", "properties": dict(properties), "required": list(required)}


def _schemas() -> Json:
    models = [(model, "serialization") for model in STATES.values()]
    _, found = models_json_schema(models, ref_template=SCHEMA_REF)  # type: ignore[arg-type]
    schemas: Json = dict(found["$defs"])
    return schemas | {_patch_name(view): _patch(schemas, view) for view in View}


def _patch_name(view: View) -> str:
    return f"{STATES[view].__name__}Patch"


def _patch(schemas: Json, view: View) -> Json:
    """A state of which every part may be missing: of records in lists all but the id."""
    state = schemas[STATES[view].__name__]["properties"]
    lists = {n: _resolved(schemas, s["items"]) for n, s in state.items() if "$ref" in s.get("items", {})}
    parts = {name: {"type": "array", "items": {**record, "required": ["id"]}} for name, record in lists.items()}
    gone = {"type": "object", "properties": dict.fromkeys(lists, _STRINGS)}
    return {"type": "object", "properties": {**state, **parts, GONE: gone}}


def _resolved(schemas: Json, ref: Json) -> Json:
    resolved: Json = schemas[ref["$ref"].rpartition("/")[2]]
    return resolved

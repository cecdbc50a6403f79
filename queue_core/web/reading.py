"""How a request is read: its body into the operation's model, its Idempotency-Key."""

from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive

from queue_core.domain.principal import Principal
from queue_core.engine import Once
from queue_core.spelling import nearest
from queue_core.web.edition import JSON
from queue_core.web.problems import Problem
from queue_core.web.strict_json import parse

KEY_HEADER = "Idempotency-Key"
KEY_MOST = 128
FAULTS_TOLD_MOST = 20


def once(request: Request, principal: Principal | None) -> Once:
    """The command's idempotency, within the credential. Raises `Problem` 400."""
    key = request.headers.get(KEY_HEADER, "")
    if not key:
        raise Problem(400, "key_missing", f"Send a fresh {KEY_HEADER} with every command; repeat it only to try again.")
    if len(key) > KEY_MOST or not key.isascii() or not key.isprintable():
        raise Problem(400, "key_invalid", f"{KEY_HEADER} is 1 to {KEY_MOST} printable ASCII characters.")
    return Once(principal.id if principal else "", key)


async def read_body(request: Request, model: type[BaseModel]) -> BaseModel:
    """No body is an empty object. Raises `Problem` 400, 413, 415 or 422."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await (_whole(request.receive) if media_type == JSON else request.body())
    if body and media_type != JSON:
        raise Problem(415, "not_json_type", f"Send {JSON}, not {media_type or 'an unnamed type'}.", accept=JSON)
    value = parse(body) if body else {}
    try:
        return model.model_validate(value)
    except ValidationError as e:
        raise _unfit(model, e) from None


async def _whole(receive: Receive) -> bytes:
    """What `Request.body` does, without a generator: for a body that nobody can have begun to read."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _unfit(model: type[BaseModel], error: ValidationError) -> Problem:
    found = error.errors(include_url=False, include_input=False, include_context=False)
    errors = [_told(model, e) for e in found[:FAULTS_TOLD_MOST]]
    unknown = any(e.get("unknown") for e in errors)
    code = "unknown_field" if unknown else "invalid_field"
    detail = "; ".join(f"{e['field']}: {e['message']}" for e in errors)
    return Problem(422, code, detail, errors=errors)


def _told(model: type[BaseModel], error: ErrorDetails) -> dict[str, Any]:
    field = ".".join(map(str, error["loc"])) or "body"
    if error["type"] != "extra_forbidden":
        return {"field": field, "message": error["msg"].removeprefix("Value error, ")}
    suggestion = nearest(field, model.model_fields)
    message = "There is no such field." + (f" Did you mean {suggestion}?" if suggestion else "")
    return {"field": field, "message": message, "unknown": True, "did_you_mean": suggestion}

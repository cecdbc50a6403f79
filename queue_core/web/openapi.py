"""The OpenAPI 3.1 document, made from the declared operations."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from queue_core.web.api.operations import OPERATIONS
from queue_core.web.api.replies import ProblemReply
from queue_core.web.face import load_faces
from queue_core.web.operation import SCHEMA_REF, Header, Operation, Query
from queue_core.web.problems import PROBLEM_TYPE, SENTENCES, STATUS
from queue_core.web.reading import KEY_HEADER, KEY_MOST

_PARAMETER = re.compile(r"\{(\w+)\}")
_SECURITY: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]
_KEY = Header(
    KEY_HEADER,
    "Random, fresh for every command; the same again only to repeat one. The answer is then the same.",
    {"type": "string", "minLength": 1, "maxLength": KEY_MOST},
)
_WORDS: Mapping[int, str] = {
    400: "The request cannot be read, or its Idempotency-Key is missing or unusable.",
    401: "No credential, or one that does not count (any more).",
    403: "The role, the zone or the form's token does not allow it.",
    404: "No such zone, or no such thing in it.",
    408: "The body did not arrive in time; nothing has happened.",
    409: "The state does not allow it; further members say how it is.",
    410: "The Idempotency-Key belongs to a command of a purged day.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "A field is unknown or unfit, or the Idempotency-Key was used for another request.",
    429: "Too fast; Retry-After says when to come back.",
    503: "The store is away; repeat with the same Idempotency-Key after Retry-After.",
}


def openapi_document(operations: Iterable[Operation] | None = None) -> dict[str, Any]:
    """Of these operations; without any, of the frame's and of all installed faces'."""
    every = list(all_operations() if operations is None else operations)
    paths: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for operation in every:
        paths[operation.path][operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Wartezone",
            "version": version("wartezone"),
            "summary": "Draw, call and follow tickets of waiting zones.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "paths": dict(paths),
        "components": {"schemas": _schemas(every), "securitySchemes": _security_schemes()},
    }


def all_operations() -> list[Operation]:
    return [*OPERATIONS, *(operation for face in load_faces() for operation in face.operations)]


def _operation(o: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": o.name,
        "summary": o.summary,
        "tags": [o.tag],
        "parameters": [*_path_parameters(o.path), *map(_query_parameter, o.query), *_header_parameters(o)],
        "responses": {str(o.status): _reply(o), **_nothing(o), **_problems(o)},
        "security": _SECURITY if o.roles is not None else [],
    }
    if o.roles is not None:
        described["description"] = f"For: {', '.join(sorted(o.roles))}."
    if o.request:
        content: dict[str, Any] = {"schema": _ref(o.request)}
        if o.example:
            content["example"] = dict(o.example)
        required = bool(o.request.model_json_schema().get("required"))
        described["requestBody"] = {"required": required, "content": {"application/json": content}}
    return described


def _reply(o: Operation) -> dict[str, Any]:
    schema = _ref(o.reply) if o.reply else {}
    forms = {o.media_type: {"schema": schema}, **{other: {"schema": {}} for other in o.or_as}}
    return {"description": o.summary, **({} if o.status == 101 else {"content": forms})}


def _nothing(o: Operation) -> dict[str, Any]:
    if not o.nothing:
        return {}
    until = {"description": "When the first becomes eligible.", "schema": {"type": "string", "format": "date-time"}}
    return {"204": {"description": "Nobody is eligible.", "headers": {"Next-Not-Before": until}}}


def _problems(o: Operation) -> dict[str, Any]:
    codes: defaultdict[int, list[str]] = defaultdict(list)
    for refusal in o.refusals:
        codes[STATUS[refusal]].append(f"`{refusal.value}`: {SENTENCES[refusal]}")
    problem = {"content": {PROBLEM_TYPE: {"schema": _ref(ProblemReply)}}}
    told = {
        str(status): {"description": " ".join([_WORDS[status], *codes[status]]), **problem}
        for status in sorted({*codes, *_usual(o)})
    }
    return {**told, "default": {"description": "Whatever else is wrong, with its stable `code`.", **problem}}


def _usual(o: Operation) -> set[int]:
    """What any operation of this kind may answer."""
    usual = {401, 403} if o.roles is not None else set()
    usual |= {404} if "{" in o.path else set()
    usual |= {400, 408, 413, 415, 422} if o.request else set()
    usual |= {410, 422, 503} if o.command else set()
    return usual | ({429} if o.throttled else set())


def _path_parameters(path: str) -> list[dict[str, Any]]:
    schema = {"type": "string"}
    return [{"name": n, "in": "path", "required": True, "schema": schema} for n in _PARAMETER.findall(path)]


def _query_parameter(query: Query) -> dict[str, Any]:
    schema: dict[str, Any] = {**query.form, **({"enum": list(query.values)} if query.values else {})}
    named = {"name": query.name, "in": "query", "required": query.required}
    return {**named, "description": query.description, "schema": schema}


def _header_parameters(o: Operation) -> Sequence[dict[str, Any]]:
    headers = [*([_KEY] if o.command else ()), *([o.header] if o.header else ())]
    return [
        {"name": h.name, "in": "header", "required": True, "description": h.description, "schema": dict(h.form)}
        for h in headers
    ]


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": SCHEMA_REF.format(model=model.__name__)}


def _schemas(operations: Iterable[Operation]) -> dict[str, Any]:
    requests = {o.request for o in operations if o.request}
    replies = {o.reply for o in operations if o.reply} | {ProblemReply}
    modes = [*((m, "validation") for m in requests), *((m, "serialization") for m in replies)]
    ordered = sorted(modes, key=lambda pair: pair[0].__name__)
    _, schema = models_json_schema(ordered, ref_template=SCHEMA_REF)  # type: ignore[arg-type]
    return dict(schema["$defs"])


def _security_schemes() -> dict[str, Any]:
    return {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of `wartezone token create`."},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-wartezone",
            "description": "A staff login; commands also send X-CSRF-Token. Without TLS: `wartezone`.",
        },
    }

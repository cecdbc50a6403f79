"""The OpenAPI document: valid, complete, and made from what is served."""

import re
from typing import Any

import orjson
import pytest
from openapi_pydantic import OpenAPI
from openapi_spec_validator import validate

from queue_core.web.access import policies
from queue_core.web.openapi import all_operations, openapi_document
from queue_core.web.problems import PROBLEM_TYPE
from tests.support.web_office import WebOffice

_PARAMETER = re.compile(r"\{(\w+)[^}]*\}")
#: Alarms and the end of a block: there is no state that these do not fit to.
_FITS_ALWAYS = re.compile(r"/(alarms|slots/unblock)\b")
_FOR_PROGRAMS = ("/api/", "/feed/", "/livez", "/readyz", "/metrics", "/openapi.json", "/asyncapi.json", "/widget/v1")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document()


@pytest.mark.slow
def test_it_is_valid(document: dict[str, Any]) -> None:
    assert OpenAPI.model_validate(document).openapi == "3.1.0"
    validate(document)


def test_every_operation_says_what_it_tells_when_something_is_wrong(document: dict[str, Any]) -> None:
    operations = [o for methods in document["paths"].values() for o in methods.values()]
    problem = {"schema": {"$ref": "#/components/schemas/ProblemReply"}}
    assert [o["operationId"] for o in operations if o["responses"]["default"]["content"][PROBLEM_TYPE] != problem] == []


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    named = set(re.findall(r"#/components/schemas/(\w+)", orjson.dumps(document).decode()))
    assert named <= set(document["components"]["schemas"])


def test_operation_ids_are_unique() -> None:
    names = [operation.name for operation in all_operations()]
    assert len(names) == len(set(names))


def test_every_command_wants_a_key(document: dict[str, Any]) -> None:
    commands = [_PARAMETER.sub(r"{\1}", operation.path) for operation in all_operations() if operation.command]
    assert len(commands) > 15
    for path in commands:
        post = document["paths"][path]["post"]
        assert "Idempotency-Key" in [parameter["name"] for parameter in post["parameters"]]
        moves = set() if _FITS_ALWAYS.search(path) else {"409"}
        credential = {"401", "403"} if post["security"] else set()
        assert {"400", "404", "503"} | credential | moves <= set(post["responses"])


async def test_every_route_for_programs_is_in_it_and_served(office: WebOffice) -> None:
    served = orjson.loads((await office.http.get("/openapi.json")).content)
    routes = {(g.method.lower(), _PARAMETER.sub(r"{\1}", g.path)) for g in policies(office.app.routes)}
    wanted = {(method, path) for method, path in routes if path.startswith(_FOR_PROGRAMS)}
    assert {(method, path) for path, methods in served["paths"].items() for method in methods} == wanted

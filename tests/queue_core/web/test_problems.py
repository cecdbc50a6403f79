"""Every error of the domain has one meaning in HTTP."""

from typing import Any

import orjson
import pytest
from starlette.exceptions import HTTPException

from queue_core.domain.errors import Refusal, Refused, StoreAway, UnknownZone
from queue_core.web.problems import SENTENCES, STATUS, problem_of
from tests.support.zones import zone


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_has_a_status_and_a_sentence(refusal: Refusal) -> None:
    assert 400 <= STATUS[refusal] < 500
    assert SENTENCES[refusal].endswith(".")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (UnknownZone("x"), 404, "unknown_zone"),
        (StoreAway("gone"), 503, "store_away"),
        (TimeoutError(), 503, "store_away"),
        (HTTPException(404), 404, "not_found"),
        (HTTPException(405, headers={"Allow": "GET"}), 405, "method_not_allowed"),
        (HTTPException(400, "odd"), 400, "http_error"),
        (ZeroDivisionError(), 500, "internal_error"),
    ],
)
def test_every_error_has_a_problem(error: Exception, status: int, code: str) -> None:
    problem = problem_of(error)
    assert (problem.status, problem.code) == (status, code)


def test_times_leave_in_iso_with_the_zones_offset() -> None:
    error = Refused(Refusal.OUTSIDE_HOURS, {"service": "new", "opens_ms": 1_795_352_700_000})
    assert problem_of(error, zone()).more == {"service": "new", "opens": "2026-11-22T14:05:00.000+01:00"}


def test_details_never_overwrite_the_problem_itself() -> None:
    answer: dict[str, Any] = orjson.loads(
        bytes(problem_of(Refused(Refusal.WRONG_STATE, {"status": "x"})).response().body)
    )
    assert (answer["status"], answer["status_"]) == (409, "x")


def test_an_internal_error_tells_nothing_of_its_inside() -> None:
    assert "secret" not in str(problem_of(RuntimeError("secret")).to_json())

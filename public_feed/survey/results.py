"""What staff may see of the survey: a page, and the same as JSON or CSV."""

import csv
from io import StringIO
from typing import Any

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from queue_core.domain.model import ZoneId
from queue_core.domain.principal import WATCHERS
from queue_core.domain.survey import FEWEST, WEEKS_KEPT, Result
from queue_core.web.access import Endpoint
from queue_core.web.api.answers import json_response
from queue_core.web.call import Call
from queue_core.web.face import Frame
from queue_core.web.operation import Operation, Query, whole_number
from queue_core.web.problems import Problem

_SHOWN_DAYS = 28
_DAYS_MOST = 7 * WEEKS_KEPT
_FORMATS = ("json", "csv")
_CSV = "text/csv; charset=utf-8"


class WeekOfService(BaseModel):
    """`week` is its Monday; `service` is "" for those that had too few answers of their own, put together."""

    model_config = ConfigDict(extra="forbid")

    week: str
    service: str
    answers: int
    visit_good: int
    visit_fair: int
    visit_poor: int
    wait_shorter: int
    wait_as_told: int
    wait_longer: int


class SurveyReply(BaseModel):
    model_config = ConfigDict(extra="forbid")

    zone: str
    days: int
    fewest: int
    weeks: list[WeekOfService]


async def survey(call: Call) -> Response:
    days, written = _days(call.request), _format(call.request)
    rows = await _rows(call.frame, call.in_zone.id, days)
    if written == "csv":
        name = f'attachment; filename="survey-{call.in_zone.id}.csv"'
        return Response(csv_of(rows), media_type=_CSV, headers={"Content-Disposition": name})
    return json_response({"zone": call.in_zone.id, "days": days, "fewest": FEWEST, "weeks": rows})


def page(frame: Frame) -> Endpoint:
    async def page(request: Request) -> Response:
        zone, days = frame.engine.zone(request.path_params["zone"]), _days(request)
        found = await frame.engine.survey(zone.id, days)
        context = {"zone": zone, "results": found, "days": days, "fewest": FEWEST}
        return frame.page(request, "results.html", context)

    return page


def csv_of(rows: list[dict[str, Any]]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, tuple(WeekOfService.model_fields))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


async def _rows(frame: Frame, zone: ZoneId, days: int) -> list[dict[str, Any]]:
    return [_row(result) for result in await frame.engine.survey(zone, days)]


def _row(result: Result) -> dict[str, Any]:
    visit = {f"visit_{answer}": n for answer, n in result.visit.items()}
    wait = {f"wait_{answer}": n for answer, n in result.wait.items()}
    return {"week": result.week, "service": result.service, "answers": result.answers, **visit, **wait}


def _days(request: Request) -> int:
    asked = request.query_params.get("days", str(_SHOWN_DAYS))
    if not (asked.isascii() and asked.isdigit() and len(asked) <= len(str(_DAYS_MOST)) and int(asked) <= _DAYS_MOST):
        raise Problem(422, "invalid_field", f"`days` is a number from 0 to {_DAYS_MOST}.", field="days")
    return int(asked)


def _format(request: Request) -> str:
    written = request.query_params.get("format", _FORMATS[0])
    if written not in _FORMATS:
        raise Problem(422, "invalid_field", f"`format` is one of {', '.join(_FORMATS)}.", field="format")
    return written


OPERATIONS = (
    Operation(
        "GET",
        "/api/v1/zones/{zone}/survey",
        survey,
        "What visitors said after the visit, as counts of weeks that are over",
        WATCHERS,
        reply=SurveyReply,
        or_as=("text/csv",),
        query=(
            Query(
                "days",
                f"Weeks that ended within so many days; {_SHOWN_DAYS} without it.",
                form=whole_number(0, _DAYS_MOST),
            ),
            Query("format", "csv: the same as a table", values=_FORMATS),
        ),
        tag="survey",
    ),
)

"""Where applications stand: news of case systems, and what staff look at, correct and erase. docs/cases.md.

A case's number stands in bodies alone, never in an address: addresses end up in logs.
"""

from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from queue_core.casework.casework import Casework, OtherSecret, Pushed
from queue_core.domain.calendar import iso
from queue_core.domain.case_number import case_number, case_pin
from queue_core.domain.cases import Case, CaseRules, News, Unfit, is_ahead, unfit
from queue_core.domain.principal import CHIEFS
from queue_core.spelling import did_you_mean, nearest
from queue_core.web.access import require_site
from queue_core.web.api import requests as asked
from queue_core.web.api.answers import json_response
from queue_core.web.api.case_bodies import (
    CaseCounts,
    CaseNews,
    CaseReply,
    CorrectCase,
    ErasedReply,
    FindCase,
    PushCases,
    PushReply,
)
from queue_core.web.call import Call
from queue_core.web.operation import Operation
from queue_core.web.problems import Problem
from queue_core.web.reading import FAULTS_TOLD_MOST

_TAG = "cases"
CASES_PATH = "/api/v1/cases"


async def push_cases(call: Call) -> Response:
    body: PushCases = call.body
    work, rules = _work(call), _rules(call)
    faults = [fault for n, news in enumerate(body.cases) for fault in _faults(f"cases.{n}", news, rules, work.now_ms())]
    faults += _repeated(body.cases)
    if faults:
        raise _unfit(faults)
    try:
        effects = await work.push([_pushed(news) for news in body.cases], call.by.id)
    except OtherSecret as e:
        raise Problem(409, "cases_sealed", str(e)) from None
    return json_response({"effects": [effect.value for effect in effects]})


async def find_case(call: Call) -> Response:
    case = await _work(call).look(_key(call, call.body.case), call.by.id)
    return _answered(call, case)


async def correct_case(call: Call) -> Response:
    body: CorrectCase = call.body
    work = _work(call)
    news = News(body.stage, work.now_ms(), "", body.next_step or "", tuple(body.documents_missing))
    if faults := [_told("", wrong) for wrong in unfit(news, _rules(call))]:
        raise _unfit(faults)
    return _answered(call, await work.correct(_key(call, body.case), news, call.by.id))


async def erase_case(call: Call) -> Response:
    return json_response({"erased": await _work(call).erase(_key(call, call.body.case), call.by.id)})


async def count_cases(call: Call) -> Response:
    work = _work(call)
    counts, lengths = await work.counts(), await work.lengths()
    told = []
    for kind, stage in sorted({*counts, *lengths}):
        usual = lengths.get((kind, stage))
        known = (
            {"half_days": usual.half_days, "nine_of_ten_days": usual.most_days, "cases": usual.cases} if usual else None
        )
        told.append({"kind": kind, "stage": stage, "cases": counts[kind, stage], "usual": known})
    return json_response({"counts": told})


def _work(call: Call) -> Casework:
    """Raises `Problem` 403 for whoever is not of this site."""
    require_site(call.by, call.frame.engine.office)
    return call.frame.cases.work


def _rules(call: Call) -> CaseRules:
    rules = call.frame.cases.work.rules
    if not rules.stages:
        raise Problem(409, "cases_not_offered", "This office has no stages of cases: see [site.cases] of its files.")
    return rules


def _key(call: Call, typed: str) -> str:
    number = case_number(typed)
    if number is None:
        raise Problem(422, "invalid_field", "case: This is no number of a case.")
    return call.frame.cases.work.key(number)


def _pushed(news: CaseNews) -> Pushed:
    return Pushed(case_number(news.case) or "", _news(news), case_pin(news.pin or "") or "")


def _news(news: CaseNews) -> News:
    at_ms = asked.epoch_ms(news.updated_at)
    return News(news.stage, at_ms, news.kind or "", news.next_step or "", tuple(news.documents_missing))


def _faults(at: str, news: CaseNews, rules: CaseRules, now_ms: int) -> Iterator[dict[str, Any]]:
    if case_number(news.case) is None:
        yield {"field": f"{at}.case", "message": "This is no number of a case."}
    if news.pin is not None and case_pin(news.pin) is None:
        yield {"field": f"{at}.pin", "message": "5 to 12 letters and digits are wanted."}
    if is_ahead(_news(news), now_ms):
        yield {"field": f"{at}.updated_at", "message": "This is in the future."}
    yield from (_told(f"{at}.", wrong) for wrong in unfit(_news(news), rules))


def _told(at: str, wrong: Unfit) -> dict[str, Any]:
    suggestion = nearest(wrong.value, wrong.known)
    message = f"The office has no such id{did_you_mean(suggestion)}"
    return {"field": f"{at}{wrong.name}", "message": message, "did_you_mean": suggestion}


def _repeated(cases: list[CaseNews]) -> Iterator[dict[str, Any]]:
    """Which of the two would be right nobody knows."""
    seen: dict[str | None, int] = {}
    for n, news in enumerate(cases):
        if (before := seen.setdefault(case_number(news.case), n)) != n:
            yield {"field": f"cases.{n}.case", "message": f"This is the same case as cases.{before}."}


def _unfit(faults: list[dict[str, Any]]) -> Problem:
    told = faults[:FAULTS_TOLD_MOST]
    detail = "; ".join(f"{fault['field']}: {fault['message']}" for fault in told)
    return Problem(422, "invalid_field", detail, errors=told)


def _answered(call: Call, case: Case | None) -> Response:
    if case is None:
        raise Problem(404, "unknown_case", "No case with this number is known.")
    zone = next(iter(call.frame.engine.office.values()))
    return json_response(
        {
            "case": {
                "kind": case.kind,
                "stage": case.stage,
                "ended": call.frame.cases.work.rules.ends(case.stage),
                "since": iso(zone, case.since_ms),
                "updated_at": iso(zone, case.updated_ms),
                "next_step": case.next_step or None,
                "documents_missing": list(case.documents),
            }
        }
    )


OPERATIONS = (
    Operation(
        "PUT",
        CASES_PATH,
        push_cases,
        "News of cases, all of them or none; sending them again is harmless",
        CHIEFS,
        request=PushCases,
        reply=PushReply,
        example={
            "cases": [
                {
                    "case": "12345BG0067890",
                    "pin": "40317",
                    "stage": "checking",
                    "updated_at": "2026-11-20T10:15:00+01:00",
                    "documents_missing": ["lease"],
                }
            ]
        },
        tag=_TAG,
    ),
    Operation(
        "GET",
        f"{CASES_PATH}/counts",
        count_cases,
        "How many cases are in which stage, and how long that usually takes",
        CHIEFS,
        reply=CaseCounts,
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{CASES_PATH}/find",
        find_case,
        "How a case stands; 404 `unknown_case`. The audit keeps who looked",
        CHIEFS,
        request=FindCase,
        reply=CaseReply,
        example={"case": "12345BG0067890"},
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{CASES_PATH}/correct",
        correct_case,
        "A person sets how a case stands, until the case system tells something newer",
        CHIEFS,
        request=CorrectCase,
        reply=CaseReply,
        example={"case": "12345BG0067890", "stage": "checking"},
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{CASES_PATH}/erase",
        erase_case,
        "Erases what is known of a case",
        CHIEFS,
        request=FindCase,
        reply=ErasedReply,
        example={"case": "12345BG0067890"},
        tag=_TAG,
    ),
)

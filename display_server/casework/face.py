"""The case page: a case by its number, as its citizen sees it; corrections; how many cases are in which stage.

The number is sent once, in a form. From then on the case is known by its key, which names nobody and opens nothing to
whoever may not come in here anyway. Every look is in the audit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from queue_core.domain.case_number import case_number
from queue_core.domain.cases import Case, News, Stage, Usual, unfit
from queue_core.domain.office import Text
from queue_core.domain.principal import CHIEFS
from queue_core.web.access import principal_of, require_site, requires, resource
from queue_core.web.case_standing import standing
from queue_core.web.face import Face, Frame
from queue_core.web.login import with_forms
from queue_core.web.pages import with_language
from queue_core.web.problems import Problem, not_found

_PATH = "/cases"
_ERASED, _SAVED = "erased", "saved"


@dataclass(frozen=True, slots=True)
class Row:
    """A stage and kind, how many cases are there and how long it usually takes."""

    kind: Text
    stage: Stage
    cases: int
    usual: Usual | None


def routes(frame: Frame) -> Sequence[BaseRoute]:
    page = CasePage(frame)
    chiefs = requires(*CHIEFS)
    return [
        resource(_PATH, {"GET": chiefs(page.overview), "POST": chiefs(page.find)}),
        Route(f"{_PATH}/{{key}}", chiefs(page.case)),
        Route(f"{_PATH}/{{key}}/correct", chiefs(page.correct), methods=["POST"]),
        Route(f"{_PATH}/{{key}}/erase", chiefs(page.erase), methods=["POST"]),
    ]


class CasePage:
    def __init__(self, frame: Frame) -> None:
        self._frame, self._work = frame, frame.cases.work

    async def overview(self, request: Request) -> Response:
        return await self._overview(request)

    async def find(self, request: Request) -> Response:
        number = case_number(str((await request.form()).get("case", "")))
        key = self._work.key(number) if number else ""
        if not number or await self._work.look(key, self._chief(request)) is None:
            return await self._overview(request, unknown=True, status=404)
        return self._to(request, f"{_PATH}/{key}")

    async def case(self, request: Request) -> Response:
        case = await self._work.look(request.path_params["key"], self._chief(request))
        if case is None:
            raise not_found("No such case is known any more.")
        context = {
            "standing": await standing(self._frame, case),
            "case": case,
            "rules": self._work.rules,
            "key": request.path_params["key"],
            "saved": _SAVED in request.query_params,
        }
        return with_forms(self._frame.page(request, "case.html", context))

    async def correct(self, request: Request) -> Response:
        news = _news(await request.form(), self._work.now_ms())
        if unfit(news, self._work.rules):
            raise Problem(422, "invalid_field", "The office has no such stage, step or document.")
        case: Case | None = await self._work.correct(request.path_params["key"], news, self._chief(request))
        if case is None:
            raise not_found("No such case is known any more.")
        return self._to(request, f"{_PATH}/{request.path_params['key']}?{_SAVED}=1")

    async def erase(self, request: Request) -> Response:
        await self._work.erase(request.path_params["key"], self._chief(request))
        return self._to(request, f"{_PATH}?{_ERASED}=1")

    def _chief(self, request: Request) -> str:
        """Who asks, for the audit. Raises `Problem` 403 for whoever is not of this site."""
        chief = principal_of(request)
        require_site(chief, self._frame.engine.office)
        return chief.id

    async def _overview(self, request: Request, *, unknown: bool = False, status: int = 200) -> Response:
        self._chief(request)
        context: dict[str, Any] = {
            "offered": bool(self._work.rules.stages),
            "rows": await self._rows(),
            "unknown": unknown,
            "erased": _ERASED in request.query_params,
        }
        return with_forms(self._frame.page(request, "cases.html", context, status))

    async def _rows(self) -> list[Row]:
        """Every stage of every kind, in the office's order; what the office no longer has is left out."""
        counts, lengths, rules = await self._work.counts(), await self._work.lengths(), self._work.rules
        kinds = rules.kinds or {"": {}}
        return [
            Row(name, stage, counts[kind, stage.id], lengths.get((kind, stage.id)))
            for kind, name in kinds.items()
            for stage in rules.stages.values()
        ]

    @staticmethod
    def _to(request: Request, path: str) -> Response:
        return RedirectResponse(with_language(request, path), 303)


def _news(form: FormData, now_ms: int) -> News:
    documents = tuple(str(document) for document in form.getlist("document"))
    return News(str(form.get("stage", "")), now_ms, "", str(form.get("step", "")), documents)


face = Face("casework", "display_server.casework", routes)

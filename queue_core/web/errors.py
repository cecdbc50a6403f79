"""How errors are answered: problem details for programs, a page with advice for people."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from queue_core.domain.model import ZoneId
from queue_core.domain.office import Zone
from queue_core.web.frame import Frame
from queue_core.web.problems import Problem
from queue_core.web.words import WEB, chosen_language, translations

_FOR_PROGRAMS = (
    *("/api/", "/feed/", "/widget/v1", "/static/"),
    *("/livez", "/readyz", "/metrics", "/openapi.json", "/asyncapi.json"),
)


def N_(words: str) -> str:
    """Marks words for the catalogues; they are translated when they are shown."""
    return words


#: status -> title and advice for people.
ADVICE: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        401: (N_("Please log in"), N_("This page is for staff.")),
        403: (N_("Not allowed"), N_("You may not open this page or do this. If you should, ask your administration.")),
        404: (N_("Nothing here"), N_("This address does not exist, or no longer does.")),
        405: (N_("Not this way"), N_("This address cannot be used like that.")),
        409: (N_("Not possible now"), N_("Things have changed in the meantime. Look at the page again.")),
        410: (N_("No longer valid"), N_("This link was used already, or has expired.")),
        413: (N_("Too much at once"), N_("What was sent is too large.")),
        422: (N_("Not understood"), N_("Something in the form is missing or wrong.")),
        429: (N_("Too many attempts"), N_("Please wait a little and try again.")),
        503: (N_("One moment, please"), N_("The system cannot be reached right now. Try again in a few seconds.")),
    }
)
_OTHERWISE = (N_("Something went wrong"), N_("Please try again. If it stays like this, tell the staff."))


def shown(frame: Frame, request: Request, problem: Problem) -> Response:
    """The problem in the form that its reader understands."""
    if not for_people(request):
        return problem.response()
    if problem.status == 401 and request.method == "GET":
        return RedirectResponse(f"/login?{urlencode({'next': _here(request)})}", 303)
    language = chosen_language(request)
    words = translations(WEB, language).gettext
    title, advice = ADVICE.get(problem.status, _OTHERWISE)
    context = {"title": words(title), "advice": words(advice), "problem": problem}
    page = frame.page(request, "error.html", context, problem.status)
    page.headers.update(problem.headers)
    return page


def for_people(request: Request) -> bool:
    wants_page = "text/html" in request.headers.get("accept", "")
    return wants_page and not request.url.path.startswith(_FOR_PROGRAMS)


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def zone_of(frame: Frame, request: Request) -> Zone | None:
    """The zone that the path names, if there is one."""
    zone = request.path_params.get("zone")
    return frame.engine.zone(zone) if zone is not None and ZoneId(zone) in frame.engine.office else None

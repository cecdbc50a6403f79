"""Telling this phone that there is news: asked for by whoever sees the case, and forgotten with it."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from queue_core.casework.telling import NEWS, LookOver
from queue_core.push.phones import Phones, PhoneUnusable
from queue_core.web.access import Endpoint, public
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.problems import not_found
from queue_core.web.subscription import asked_phone, ended_endpoint, too_many, unusable
from queue_core.web.words import translations

PACKAGE = "public_feed.cases"


def begin(frame: Frame) -> Endpoint:
    @public
    async def begin(request: Request) -> Response:
        require_own_site(request)
        language = frame.language(request)
        phone = await asked_phone(request, language, words(translations(PACKAGE, language).gettext))
        phones = _offered(frame)
        try:
            phones.require_usable(phone)
            begun = await frame.cases.telling.begin(request.path_params["look"], phone)
        except PhoneUnusable as e:
            raise unusable(e) from None
        except LookOver:
            raise not_found() from None
        if not begun:
            raise too_many("application")
        return Response(status_code=204)

    return begin


def end(frame: Frame) -> Endpoint:
    @public
    async def end(request: Request) -> Response:
        require_own_site(request)
        endpoint = await ended_endpoint(request)
        _offered(frame)
        try:
            await frame.cases.telling.end(request.path_params["look"], endpoint)
        except LookOver:
            raise not_found() from None
        return Response(status_code=204)

    return end


def words(_: Callable[[str], str]) -> dict[str, tuple[str, str]]:
    """What anybody may read who sees the phone lie there: neither which application nor what is new."""
    return {NEWS: (_("There is news about your application"), _("Enter number and PIN to read it."))}


def _offered(frame: Frame) -> Phones:
    if frame.phones is None or not frame.site.cases.stages:
        raise not_found()
    return frame.phones

"""Telling this phone: it says where its browser's push service is, and is forgotten with the ticket."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from public_feed.own.mine import PACKAGE, Mine, mine_of
from queue_core.push.phones import Phones, PhoneUnusable, TooManyPhones
from queue_core.web.access import Endpoint, public
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.problems import not_found
from queue_core.web.subscription import asked_phone, ended_endpoint, too_many, unusable
from queue_core.web.words import translations


def begin(frame: Frame) -> Endpoint:
    @public
    async def begin(request: Request) -> Response:
        require_own_site(request)
        language = frame.language(request)
        phone = await asked_phone(request, language, words(translations(PACKAGE, language).gettext))
        phones, mine = _asked(frame, request)
        try:
            await phones.add(mine.own.zone, mine.own.ticket, phone)
        except PhoneUnusable as e:
            raise unusable(e) from None
        except TooManyPhones:
            raise too_many("ticket") from None
        return Response(status_code=204)

    return begin


def end(frame: Frame) -> Endpoint:
    @public
    async def end(request: Request) -> Response:
        require_own_site(request)
        endpoint = await ended_endpoint(request)
        phones, mine = _asked(frame, request)
        await phones.remove(mine.own.zone, mine.own.ticket, endpoint)
        return Response(status_code=204)

    return end


def words(_: Callable[[str], str]) -> dict[str, tuple[str, str]]:
    """Title and text of each message, in the words of a language."""
    return {
        "soon": (_("{number}: soon it is your turn"), _("Please come back to the waiting area.")),
        "called": (_("{number}: please come now"), _("You are called to: {counter}")),
        "recalled": (_("{number}: you are called again"), _("Please come now: {counter}")),
    }


def _asked(frame: Frame, request: Request) -> tuple[Phones, Mine]:
    """Raises `Problem` 404 for what is over or not offered."""
    mine = mine_of(frame, request)
    if mine is None or frame.phones is None:
        raise not_found()
    return frame.phones, mine

"""Telling this phone: it says where its browser's push service is, and is forgotten with the ticket."""

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from public_feed.own.mine import PACKAGE, Mine, mine_of
from queue_core.push.phones import Phone, Phones, PhoneUnusable, TooManyPhones
from queue_core.web.access import Endpoint, public
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.problems import Problem, not_found
from queue_core.web.reading import read_body
from queue_core.web.words import translations


class Keys(BaseModel):
    """What the browser made for us, in base64url."""

    model_config = ConfigDict(extra="forbid")

    p256dh: str = Field(max_length=128)
    auth: str = Field(max_length=64)


class Subscription(BaseModel):
    model_config = ConfigDict(extra="forbid")

    endpoint: str = Field(max_length=1024)
    keys: Keys


class Ended(BaseModel):
    model_config = ConfigDict(extra="forbid")

    endpoint: str = Field(max_length=1024)


def begin(frame: Frame) -> Endpoint:
    @public
    async def begin(request: Request) -> Response:
        require_own_site(request)
        wanted = await read_body(request, Subscription)
        assert isinstance(wanted, Subscription)
        phones, mine = _asked(frame, request)
        language = frame.language(request)
        keys = wanted.keys
        phone = Phone(wanted.endpoint, keys.p256dh, keys.auth, language, words(translations(PACKAGE, language).gettext))
        try:
            await phones.add(mine.own.zone, mine.own.ticket, phone)
        except PhoneUnusable as e:
            raise Problem(422, "phone_unusable", f"{e}.") from None
        except TooManyPhones:
            raise Problem(409, "too_many_phones", "No more phones can be told of this ticket.") from None
        return Response(status_code=204)

    return begin


def end(frame: Frame) -> Endpoint:
    @public
    async def end(request: Request) -> Response:
        require_own_site(request)
        ended = await read_body(request, Ended)
        assert isinstance(ended, Ended)
        phones, mine = _asked(frame, request)
        await phones.remove(mine.own.zone, mine.own.ticket, ended.endpoint)
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

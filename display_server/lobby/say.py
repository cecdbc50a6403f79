"""The route by which a display hears its calls: it names them, the server knows the words.

A display can so be made to say nothing but calls; the first byte of sound needs no round trip before it.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from display_server.lobby.display import Display, display_named, may_show
from display_server.lobby.spoken import CALLS_MOST, SpokenCall, phrase, voice_languages
from queue_core.domain.model import CounterId
from queue_core.web.access import public
from queue_core.web.face import Frame
from queue_core.web.problems import Problem, not_found, unauthenticated
from queue_core.web.speech import CALLS_PER_MINUTE, spoken
from queue_core.web.throttle import Throttle
from queue_core.web.words import translations

#: A counter may get another name: after so long the words are asked for again, and usually are the same.
_CACHE_CONTROL = "private, max-age=60"
_NUMBER_MOST = 12


def routes(frame: Frame) -> Sequence[BaseRoute]:
    return [Route("/lobby/{display}/say/{language}.wav", public(Saying(frame).say))]


class Saying:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._throttle = Throttle(CALLS_PER_MINUTE)

    async def say(self, request: Request) -> Response:
        """`call=<zone>:<number>:<counter>`, once or several times; `again=1` for a recall."""
        display = display_named(self._frame, request.path_params["display"])
        if not await may_show(self._frame, request, display):
            raise unauthenticated()
        language = request.path_params["language"]
        if language not in voice_languages(display):
            raise not_found("This display does not speak that language.")
        words = translations(self._frame.package, language)
        text = phrase(_calls(request, display), request.query_params.get("again") == "1", words, language)
        return await spoken(self._frame, request, language, text, self._throttle, _CACHE_CONTROL)


def _calls(request: Request, display: Display) -> list[SpokenCall]:
    named = request.query_params.getlist("call")
    if not 1 <= len(named) <= CALLS_MOST:
        raise _wrong(f"Name one to {CALLS_MOST} calls by `call`.")
    return [_call(name, display) for name in named]


def _call(name: str, display: Display) -> SpokenCall:
    zone_id, _, rest = name.partition(":")
    number, _, counter_id = rest.partition(":")
    zone = next((zone for zone in display.zones if zone.id == zone_id), None)
    counter = zone.counters.get(CounterId(counter_id)) if zone else None
    if counter is None:
        raise _wrong("A call is <zone>:<number>:<counter>, of this display's zones.")
    if not 1 <= len(number) <= _NUMBER_MOST or not number.isalnum():
        raise _wrong("No number of a ticket looks like this.")
    return SpokenCall(number, counter)


def _wrong(detail: str) -> Problem:
    return Problem(400, "invalid_call", detail)

"""The route that says a text aloud, for kiosks and displays."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queue_core.domain.principal import WATCHERS, Role
from queue_core.speech.port import CannotSay
from queue_core.speech.speech import SpeechBusy, Spoken
from queue_core.speech.text import TEXT_MOST, cleaned
from queue_core.web.access import public
from queue_core.web.address import client_address, is_this_machine
from queue_core.web.device import enrolled_anywhere
from queue_core.web.frame import Frame
from queue_core.web.problems import Problem, not_found, unauthenticated
from queue_core.web.throttle import Throttle
from queue_core.web.words import ORDER

WAV = "audio/wav"
_IMMUTABLE = "private, max-age=31536000, immutable"
_RETRY_AFTER_S = 1
#: New texts, of one address: more than all of a house's screens ever need.
CALLS_PER_MINUTE = 600
#: The longest take the engine a quarter of a second.
_TEXTS_PER_MINUTE = 240
_MAY_HEAR = WATCHERS | {Role.DEVICE}


def routes(frame: Frame) -> Sequence[BaseRoute]:
    return [Route("/speech/{language}.wav", public(_speech(frame)))]


def _speech(frame: Frame) -> Callable[[Request], Awaitable[Response]]:
    throttle = Throttle(_TEXTS_PER_MINUTE)

    async def speech(request: Request) -> Response:
        if not await _may_hear(frame, request):
            raise unauthenticated()
        language = spoken_language(request.path_params["language"])
        text = _text(request)
        return await spoken(frame, request, language, text, throttle, _IMMUTABLE, is_call=False)

    return speech


def spoken_language(language: str) -> str:
    """Raises `Problem` 404 for one that this house does not speak."""
    if language not in ORDER:
        raise not_found("This house does not speak that language.")
    return language


async def spoken(
    frame: Frame,
    request: Request,
    language: str,
    text: str,
    throttle: Throttle,
    cache_control: str,
    is_call: bool = True,
) -> Response:
    """The text as a WAV file, or as 304 for who has it. Raises `Problem`."""
    found = frame.speech.known(language, text)
    if found is None:
        throttle.take(client_address(request, frame.settings))
        found = await _made(frame, language, text, is_call)
    headers = {"ETag": f'"{found.key}"', "Cache-Control": cache_control}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(found.wav, media_type=WAV, headers=headers)


async def _made(frame: Frame, language: str, text: str, is_call: bool) -> Spoken:
    try:
        return await frame.speech.say(language, text, is_call)
    except SpeechBusy as error:
        detail = "Too many texts wait to be spoken."
        raise Problem(503, "speech_busy", detail, {"Retry-After": str(_RETRY_AFTER_S)}) from error
    except CannotSay as error:
        raise Problem(503, "speech_unavailable", "This text cannot be spoken.") from error


def _text(request: Request) -> str:
    text = request.query_params.get("text", "")
    if len(text) > TEXT_MOST:
        raise Problem(400, "text_too_long", f"A spoken text has at most {TEXT_MOST} characters.", most=TEXT_MOST)
    if not cleaned(text):
        raise Problem(400, "text_missing", "Say by `text` what to speak.")
    return text


async def _may_hear(frame: Frame, request: Request) -> bool:
    """On this machine, enrolled as a device of any zone, or known as somebody who may see a queue."""
    if is_this_machine(request, frame.settings):
        return True
    if await enrolled_anywhere(frame.identity, request.cookies):
        return True
    somebody = await frame.principal(request)
    return somebody is not None and somebody.role in _MAY_HEAR

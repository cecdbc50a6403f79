"""The wall's page and the files that it shows."""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from display_server.lobby import media
from display_server.lobby.display import Display, display_named, may_show
from display_server.lobby.spoken import voice_facts
from display_server.lobby.wall import facts, languages_of, theme_of
from queue_core.domain.devices import Theme
from queue_core.web.face import Frame
from queue_core.web.headers import content_security_policy
from queue_core.web.media import policy_with_frames
from queue_core.web.problems import not_found
from queue_core.web.words import LANGUAGE_QUERY, direction

_KERN_THEMES = {Theme.LIGHT: "light", Theme.DARK: "dark", Theme.CONTRAST: "dark"}


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language of the wall: its phrases as HTML `<template>`s."""

    language: str
    direction: str
    phrases: Markup


class WallPage:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def show(self, request: Request) -> Response:
        display = self._display(request)
        if not await may_show(self._frame, request, display):
            return RedirectResponse(f"/lobby/{display.id}/enrol", 303)
        theme = theme_of(display, request.query_params.get("theme"))
        languages = languages_of(display, self._frame.languages, request.query_params.get(LANGUAGE_QUERY))
        first = _in_language(request, languages[0])
        context = {
            "zone": display.zone,
            "display": display,
            "theme": theme.value,
            "kern_theme": _KERN_THEMES[theme],
            "facts": facts(display),
            "voice": voice_facts(display),
            "tongues": [self._tongue(request, language) for language in languages],
        }
        response = self._frame.page(first, "lobby.html", context)
        response.headers["Content-Security-Policy"] = self._policy(request, display)
        return response

    async def file(self, request: Request) -> Response:
        """A file of the playlist; whoever may not see the wall is told what is told of a file that is not there."""
        display = self._display(request)
        if not await may_show(self._frame, request, display):
            raise not_found()
        source: str = request.path_params["source"]
        return await media.answer(request, self._frame.devices.folder, display.place, source)

    def _tongue(self, request: Request, language: str) -> Tongue:
        phrases = self._frame.fragment(_in_language(request, language), "_wall_phrases.html")
        return Tongue(language, direction(language), Markup(phrases))

    def _policy(self, request: Request, display: Display) -> str:
        """That of every page; and frames of the configured origins, on this page alone, which it may ask whether they
        are there."""
        scheme = "wss" if self._frame.settings.tls else "ws"
        policy = content_security_policy(scheme, request.headers.get("host", "")).decode()
        return policy_with_frames(policy, " ".join(sorted(media.frame_sources(media.playlist(display.place)))))

    def _display(self, request: Request) -> Display:
        return display_named(self._frame, request.path_params["display"])


def _in_language(request: Request, language: str) -> Request:
    """The same request, as if its path named the language: the wall's configuration decides, not its browser."""
    return Request({**request.scope, "path_params": {**request.path_params, "lang": language}}, request.receive)

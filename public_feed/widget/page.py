"""The widget's pages: alone, for frames of others; and the workshop, where it is looked at and copied from."""

from dataclasses import dataclass
from enum import StrEnum

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response

from public_feed.widget.card import PACKAGE
from public_feed.widget.publishing import SCRIPT, told
from queue_core.domain.office import Zone
from queue_core.web.access import Endpoint, public
from queue_core.web.face import Frame
from queue_core.web.headers import ANY_FRAME, content_security_policy
from queue_core.web.slim import slim
from queue_core.web.words import LANGUAGE_QUERY, languages, said


class Theme(StrEnum):
    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to have on a page; what makes no sense is taken for not wished."""

    zone: Zone
    language: str
    theme: Theme

    @classmethod
    def of(cls, frame: Frame, request: Request) -> "Wish":
        query, office = request.query_params, frame.engine.office
        zone = frame.engine.zone(next((z for z in office if z == query.get("zone")), next(iter(office))))
        language, theme = query.get("show", ""), query.get("theme", "")
        spoken = language if language in languages(PACKAGE) else frame.language(request)
        return cls(zone, spoken, Theme(theme) if theme in list(Theme) else Theme.AUTO)


def component(wish: Wish, base_url: str) -> str:
    """What somebody copies into their page."""
    script = f'<script type="module" src="{escape(base_url)}{SCRIPT}"></script>'
    named = f'zone="{wish.zone.id}" lang="{wish.language}" theme="{wish.theme}"'
    return f"{script}\n<wartezone-waits {named}></wartezone-waits>"


def frame_of(wish: Wish, base_url: str) -> str:
    url = escape(f"{base_url}/widget/{wish.zone.id}?lang={wish.language}&theme={wish.theme}")
    title = escape(said(wish.zone.name, wish.language))
    return f'<iframe src="{url}" title="{title}" width="360" height="420" loading="lazy"></iframe>'


def workshop(frame: Frame) -> Endpoint:
    @public
    async def workshop(request: Request) -> Response:
        wish = Wish.of(frame, request)
        context = {
            "zones": [frame.engine.zone(zone) for zone in frame.engine.office],
            "wish": wish,
            "themes": list(Theme),
            "offered": languages(PACKAGE),
            "component": component(wish, frame.settings.base_url),
            "frame": frame_of(wish, frame.settings.base_url),
            "script": SCRIPT,
            "site_name": frame.site.name,
            "request_language": request.query_params.get(LANGUAGE_QUERY, ""),
        }
        return slim(request, frame.page(request, "workshop.html", context))

    return workshop


def framed(frame: Frame) -> Endpoint:
    """Any page may have it in a frame: it shows what everybody may see, and nothing can be pressed but a link."""

    @public
    async def framed(request: Request) -> Response:
        zone = frame.engine.zone(request.path_params["public_zone"])
        theme = request.query_params.get("theme", "")
        context = {
            "card": told(frame, zone.id, frame.language(request)),
            "theme": theme if theme in list(Theme) else Theme.AUTO,
            "script": SCRIPT,
        }
        page = frame.page(request, "framed.html", context)
        policy = content_security_policy("", "", ANY_FRAME)
        page.headers["Content-Security-Policy"] = policy.decode()
        page.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return slim(request, page)

    return framed

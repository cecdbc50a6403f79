"""Imprint, privacy, accessibility statement and a page in easy language: our own words about this software, and the
office's from its configuration."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import Response

from public_feed.legal.prose import Prose, prose
from queue_core.domain.office import Text
from queue_core.domain.site import Site
from queue_core.web.access import Endpoint, public
from queue_core.web.face import Frame
from queue_core.web.slim import slim
from queue_core.web.words import FALLBACK_LANGUAGE, direction, locale_of

NAMES = ("imprint", "privacy", "accessibility", "easy")
#: When somebody last went through all public pages with keyboard, screen reader tree, zoom and axe.
REVIEWED = date(2026, 11, 23)


def page(frame: Frame, name: str) -> Endpoint:
    @public
    async def page(request: Request) -> Response:
        language = frame.language(request)
        own = {key: _said(text, language) for key, text in _texts(frame.site).items()}
        context = {
            "own": own[name],
            "arbitration": own["arbitration"],
            "direction": direction,
            "reviewed": format_date(REVIEWED, "long", locale=locale_of(language)),
            "purge_hours": frame.settings.purge_after_hours,
            "tells_phones": frame.phones is not None,
            "writes_letters": frame.post.is_offered,
            "gives_from_home": any(zone.remote for zone in frame.engine.office.values()),
        }
        return slim(request, frame.page(request, f"{name}.html", context))

    return page


def _texts(site: Site) -> Mapping[str, Text]:
    return {
        "imprint": site.imprint,
        "privacy": site.privacy,
        "accessibility": site.accessibility,
        "arbitration": site.arbitration,
        "easy": site.easy,
    }


def _said(text: Text, language: str) -> Prose | None:
    return prose(text, language, FALLBACK_LANGUAGE)

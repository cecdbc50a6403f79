"""The frame that pages hang in: all that a handler may use, and how a page is rendered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from queue_core.appointments import Appointments
from queue_core.casework.casework import CaseOffice
from queue_core.domain.devices import Devices
from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Principal
from queue_core.domain.site import Site
from queue_core.engine import Engine
from queue_core.live.hub import Hub
from queue_core.mail.post import Post
from queue_core.push.phones import Phones
from queue_core.settings import Settings
from queue_core.speech.speech import Speech
from queue_core.watch.alarming import Alarming
from queue_core.watch.attending import Attending
from queue_core.watch.watch import Watch
from queue_core.web.access import identified, recognised
from queue_core.web.assets import OWNER_OF_FRAME, Assets
from queue_core.web.crossing import CSRF_FIELD
from queue_core.web.identity import Identity
from queue_core.web.links import BookingLinks, Links
from queue_core.web.pages import environment, language_links, with_language
from queue_core.web.seat import Seats
from queue_core.web.throttle import Throttle, Throttles
from queue_core.web.words import WEB, chosen_language, direction, languages

_NOT_KEPT = "no-store"


@dataclass(frozen=True)
class Frame:
    """All that a handler may use. A face gets its own, so that `page` finds its templates and words."""

    engine: Engine
    hub: Hub
    settings: Settings
    links: Links
    assets: Assets
    identity: Identity
    draws: Throttle
    draws_by_address: Throttle
    site: Site
    devices: Devices
    seats: Seats
    watch: Watch
    speech: Speech
    cases: CaseOffice
    appointments: Appointments
    booking_links: BookingLinks
    holds_by_address: Throttles
    asks_by_address: Throttle
    post: Post
    phones: Phones | None = None
    package: str = WEB
    face: str = OWNER_OF_FRAME

    def page(
        self, request: Request, template: str, context: Mapping[str, Any] | None = None, status: int = 200
    ) -> Response:
        """A rendered page, never cached. The context is added to what every page knows (docs/faces.md)."""
        body = self.fragment(request, template, context)
        return HTMLResponse(body, status, {"Cache-Control": _NOT_KEPT})

    def fragment(self, request: Request, template: str, context: Mapping[str, Any] | None = None) -> str:
        language = self.language(request)
        known = self._known(request, language)
        return self._environment(language).get_template(template).render({**known, **(context or {})})

    def language(self, request: Request) -> str:
        return chosen_language(request, self.languages)

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that this face speaks, the fallback first."""
        return languages(self.package)

    @property
    def attendance(self) -> Attending:
        return self.watch.attendance

    @property
    def alarms(self) -> Alarming:
        return self.watch.alarms

    async def principal(self, request: Request) -> Principal | None:
        """Who asks, on routes that let anyone in."""
        return await identified(request)

    def observed_ms(self, zone: ZoneId) -> int | None:
        """Zone time, as long as this process follows the zone; None while the store is away."""
        return self.hub.now_ms(zone) if self.hub.is_current(zone) else None

    def absolute(self, path: str) -> str:
        """An address for paper and QR codes."""
        return f"{self.settings.base_url}{path}"

    def of(self, face: str, package: str) -> "Frame":
        """The frame of a face: its templates and words go first."""
        return replace(self, face=face, package=package)

    def _known(self, request: Request, language: str) -> dict[str, Any]:
        principal = recognised(request)
        return {
            "lang": language,
            "dir": direction(language),
            "languages": language_links(request, self.languages),
            "principal": principal,
            "csrf_token": principal.csrf if principal else "",
            "csrf_field": CSRF_FIELD,
            "href": lambda path: with_language(request, path),
            "insecure": self.settings.insecure_lan and not self.settings.tls,
            "path": request.url.path,
            "site": self.site,
            "faces": self.assets.owners,
            "gives_appointments": any(zone.appointments for zone in self.engine.office.values()),
        }

    @cached_property
    def _environment(self) -> Callable[[str], Environment]:
        return cache(lambda language: environment(self.package, language, self.assets))

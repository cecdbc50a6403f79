"""The Atom feed of closures, kept up to date: the calendar, and what happens today."""

from collections.abc import Hashable, Mapping

import orjson

from public_feed.feed.atom import Head, atom
from public_feed.feed.closures import Notice, notices, stops
from public_feed.feed.documents import Status
from public_feed.feed.envelope import Source
from public_feed.feed.kinds import ATOM, NEWS_TERMS, ROOT
from public_feed.feed.spoken import spoken, words_in
from queue_core.domain.calendar import BusinessDay, business_day
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ServiceId, ZoneId
from queue_core.domain.office import Zone
from queue_core.domain.views.view import View
from queue_core.live.hub import Hub
from queue_core.web.edition import Printer
from queue_core.web.face import Frame
from queue_core.web.press import Press
from queue_core.web.problems import not_found
from queue_core.web.words import said

_NO_NUMBERS = frozenset({Status.STOPPED, Status.FULL})


def closures_here(frame: Frame) -> Printer:
    """In the site's first language."""
    return _printer(News(frame, _offered(frame)[0], "closures.atom"))


def closures_in(frame: Frame, language: str) -> Printer:
    if language not in _offered(frame):
        raise not_found()
    return _printer(News(frame, language, f"closures.{language}.atom"))


def _offered(frame: Frame) -> list[str]:
    return [tag for tag in frame.site.languages if tag in spoken()]


def _printer(news: "News") -> Printer:
    return Press(NEWS_TERMS, news.version, news.body, ATOM, timeless=True).edition


class News:
    def __init__(self, frame: Frame, language: str, name: str) -> None:
        self._frame, self._language, self._name = frame, language, name
        self._stopped = {zone: Stopped(frame.hub, zone) for zone in frame.engine.office}

    def version(self) -> Hashable:
        return tuple((zone, self._today(zone).day, *self._stopped[zone.id].now().items()) for zone in self._zones())

    def body(self, _at_s: int) -> bytes:
        entries = [notice for zone in self._zones() for notice in self._of_zone(zone)]
        entries.sort(key=lambda notice: (-notice.since_ms, notice.about))
        return atom(self._head(), entries)

    def _of_zone(self, zone: Zone) -> list[Notice]:
        today, stopped = self._today(zone).day, self._stopped[zone.id]
        now = stops(zone, stopped.now(), stopped.since_ms, today, self._language)
        return [*now, *notices(zone, today, self._language)]

    def _head(self) -> Head:
        site, language = self._frame.site, self._language
        title = words_in(language).gettext("Closures and special opening hours: {site}")
        source = Source.of(site)
        return Head(
            title=title.format(site=said(site.name, language)),
            language=language,
            author=said(source.publisher.name if source.publisher else site.name, language),
            rights=source.license,
            base_url=self._frame.settings.base_url,
            path=f"{ROOT}/{self._name}",
            updated_ms=min(self._today(zone).from_ms for zone in self._zones()),
        )

    def _zones(self) -> list[Zone]:
        engine = self._frame.engine
        return [engine.zone(zone) for zone in engine.office]

    def _today(self, zone: Zone) -> BusinessDay:
        return business_day(zone, self._frame.hub.now_ms(zone.id))


class Stopped:
    """Which services of a zone give out no numbers although they are open. `since_ms`: of those that stopped since this
    was made."""

    def __init__(self, hub: Hub, zone: ZoneId) -> None:
        self._hub, self._zone = hub, zone
        self._of = -1
        self._now: Mapping[ServiceId, Status] = {}
        self.since_ms: dict[ServiceId, int] = {}
        hub.observe(zone, self._observe)

    def now(self) -> Mapping[ServiceId, Status]:
        """The same as long as nothing has happened in the zone."""
        if (version := self._hub.version(self._zone)) != self._of:
            services = orjson.loads(self._hub.state(self._zone, View.WAITS))["services"]
            told = {s["id"]: Status(s["state"]) for s in services}
            self._of, self._now = version, {s: status for s, status in told.items() if status in _NO_NUMBERS}
        return self._now

    def _observe(self, event: Event) -> None:
        if event.type is EventType.SERVICE_CLOSED:
            self.since_ms[event.data["service"]] = event.at_ms
        elif event.type is EventType.DAY_ROLLED:
            self.since_ms.clear()

"""What is closed or open at other hours: of the next weeks by the calendar, of today as it happens. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from babel.dates import format_date

from public_feed.feed.documents import Status
from public_feed.feed.spoken import words_in
from queue_core.domain.calendar import local_ms
from queue_core.domain.model import ServiceId
from queue_core.domain.office import WEEKDAYS, Hours, Interval, Service, Zone
from queue_core.web.words import locale_of, said

AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class Notice:
    """`about` is the same as long as it says the same. `since_ms`: since when it does; of the calendar the day on which
    it came into sight."""

    about: str
    zone: Zone
    title: str
    since_ms: int


def notices(zone: Zone, today: date, language: str) -> Iterator[Notice]:
    """Of the calendar, day by day; of a service only where it has hours of its own."""
    own = [service for service in zone.services.values() if service.hours]
    for ahead in range(AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        for service, hours in [(None, zone.hours), *((s, s.hours) for s in own)]:
            if hours and (changed := _changed(hours, day)) is not None:
                yield _planned(zone, service, day, changed, language)


def stops(
    zone: Zone, stopped: Mapping[ServiceId, Status], since_ms: Mapping[ServiceId, int], day: date, language: str
) -> Iterator[Notice]:
    """Of today: where no numbers are given out although it is open. `stopped`: why; `since_ms`: as far as known."""
    gettext = words_in(language).gettext
    sentences = {
        Status.STOPPED: gettext("{place}: no numbers are given out at the moment"),
        Status.FULL: gettext("{place}: all numbers of today are given out"),
    }
    for service, status in stopped.items():
        title = sentences[status].format(place=_place(zone, zone.services[service], language))
        about = f"{zone.id}/{service}/{day.isoformat()}/{status}"
        yield Notice(about, zone, title, since_ms.get(service, local_ms(zone, day, time())))


def _changed(hours: Hours, day: date) -> tuple[Interval, ...] | None:
    """The day's hours where they are not the week's; () where it is closed."""
    usual, special = hours.week.get(WEEKDAYS[day.weekday()], ()), hours.on(day)
    return None if hours.always or special == usual else special


def _planned(zone: Zone, service: Service | None, day: date, hours: tuple[Interval, ...], language: str) -> Notice:
    gettext = words_in(language).gettext
    told = ", ".join(f"{i.opens:%H:%M}–{i.closes:%H:%M}" for i in hours)
    sentence = (
        gettext("{place}: other opening hours on {date}: {hours}") if hours else gettext("{place}: closed on {date}")
    )
    title = sentence.format(
        place=_place(zone, service, language), date=format_date(day, "full", locale=locale_of(language)), hours=told
    )
    times = "+".join(f"{i.opens:%H%M}-{i.closes:%H%M}" for i in hours) or "closed"
    about = f"{zone.id}/{service.id if service else '*'}/{day.isoformat()}/{times}"
    return Notice(about, zone, title, local_ms(zone, day - timedelta(days=AHEAD_DAYS - 1), time()))


def _place(zone: Zone, service: Service | None, language: str) -> str:
    name = said(zone.name, language)
    return f"{name}, {said(service.name, language)}" if service else name

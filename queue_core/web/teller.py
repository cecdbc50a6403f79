"""Waits, counts and times of day as sentences of one language: `tell` in every template.

`phrases` hands the same sentences to the pages' scripts, which hold no words (static/js/ranges.js).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from queue_core.domain.quality import FEWEST, HUNDRED, Quality
from queue_core.domain.telling import Telling, Told, tell
from queue_core.web.clock import clock
from queue_core.web.wording import closes_before, openness, tell_service
from queue_core.web.words import locale_of

_PLURAL_SAMPLES = 200
_DAY_SKELETON = "MMMMEd"
_WEEKDAY = "cccc"

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Phrase:
    """`plural` is the category of Intl.PluralRules that the sentence is for; empty where no number decides."""

    name: str
    sentence: str
    plural: str = ""


class Teller:
    """Records are those of the views (docs/stream.md); `time_zone` is the zone's, by name."""

    def __init__(self, words: NullTranslations, language: str) -> None:
        self._words = words
        self._locale = locale_of(language)
        rule = self._locale.plural_form
        #: Plural category of Intl.PluralRules -> a number of it, for phrases that scripts count with.
        self.samples = {rule(n): n for n in range(_PLURAL_SAMPLES, -1, -1)}

    def wait(self, record: Json, now_ms: int, time_zone: str) -> str:
        """Of a ticket or service with `wait` and `reason`; of one with `not_before_ms` ahead, that first."""
        telling = tell(record["wait"], now_ms, record["reason"], record.get("not_before_ms"))
        return self._say(telling, now_ms, time_zone)

    def service(self, service: Json, now_ms: int, time_zone: str) -> str:
        """What a newcomer should know first: the wait, or why there is none."""
        return self._say(tell_service(service, now_ms), now_ms, time_zone)

    def is_held_back(self, ticket: Json, now_ms: int) -> bool:
        """Whether the call cannot come yet: what is told of it is a time then, not a wait."""
        return (ticket.get("not_before_ms") or 0) > now_ms

    def position(self, ticket: Json, now_ms: int) -> str:
        """Of a waiting ticket; nothing where nobody knows. Who may not be called yet is not next, nor who has not yet
        said that they have come."""
        ahead = ticket["ahead"]
        if ahead is None:
            return ""
        if ahead or self.is_held_back(ticket, now_ms):
            return self.count("ahead", ahead)
        return self._sentences()["next-unconfirmed" if ticket.get("confirm_by_ms") else "next"]

    def later(self, ticket: Json) -> str:
        """Why the call comes later than was announced, or nothing."""
        return self._sentences().get(f"later-{ticket['later']}", "")

    def kept(self, quality: Quality | None, days: int) -> str:
        """How often the call came within the range shown, or nothing where too few were counted."""
        if quality is None or quality.judged < FEWEST:
            return ""
        return self._kept(days).format(days=days, n=quality.of_hundred(quality.within), of=HUNDRED)

    def best_time(self, at_ms: int | None, is_now: bool, time_zone: str) -> str:
        """When it usually takes shortest today, or nothing."""
        if at_ms is None:
            return ""
        sentences = self._sentences()
        return sentences["best-now"] if is_now else sentences["best"].format(time=self.clock(at_ms, time_zone))

    def closing(self, service: Json, now_ms: int, time_zone: str) -> str:
        """The warning that the wait may outlast the opening hours, or nothing."""
        if not closes_before(service, now_ms):
            return ""
        return self._sentences()["closing"].format(time=self.clock(service["closes_ms"], time_zone))

    def open(self, services: list[Json], now_ms: int, time_zone: str) -> str:
        """Whether a zone is open, and till or from when."""
        now = openness(services)
        sentences = self._sentences()
        if now.state == "open" and now.closes_ms:
            return sentences["open_till"].format(time=self.clock(now.closes_ms, time_zone))
        if now.state == "closed" and now.opens_ms:
            return sentences[f"wait-{Told.OPENS}"].format(time=self.moment(now.opens_ms, now_ms, time_zone))
        return sentences[now.state]

    def queue(self, service: Json) -> str:
        """People before whoever comes now, where the estimate knows; else how many wait for the service."""
        if service["ahead"] is None:
            return self.count("waiting", service["waiting"])
        return self.count("ahead", service["ahead"])

    def counters(self, service: Json, now_ms: int) -> str:
        """How many are open, or nothing where `service` has said already that none is."""
        if tell_service(service, now_ms).told is Told.NO_COUNTER_OPEN:
            return ""
        return self.count("counters", service["counters_open"])

    def count(self, name: str, n: int) -> str:
        """`name` is one of the counted things below; none of them has a sentence of its own."""
        return self._counted(n)[name].format(n=n) if n else self._sentences()[f"{name}-none"]

    def clock(self, at_ms: int, time_zone: str) -> str:
        return clock(_local(at_ms, time_zone))

    def hour(self, at_ms: int, time_zone: str) -> str:
        """As short as it goes: below a chart."""
        return str(_local(at_ms, time_zone).hour)

    def weekday(self, at_ms: int, time_zone: str) -> str:
        return format_date(_local(at_ms, time_zone), _WEEKDAY, locale=self._locale)

    def date(self, at_ms: int, time_zone: str) -> str:
        return format_date(_local(at_ms, time_zone), locale=self._locale)

    def moment(self, at_ms: int, now_ms: int, time_zone: str) -> str:
        """A time of day; with the day unless that is today."""
        at = _local(at_ms, time_zone)
        if at.date() == _local(now_ms, time_zone).date():
            return self.clock(at_ms, time_zone)
        return f"{format_skeleton(_DAY_SKELETON, at, locale=self._locale)}, {self.clock(at_ms, time_zone)}"

    def phrases(self) -> Iterator[Phrase]:
        """Every sentence, placeholders in place."""
        yield from (Phrase(name, sentence) for name, sentence in self._sentences().items())
        for plural, n in self.samples.items():
            yield from (Phrase(name, sentence, plural) for name, sentence in self._counted(n).items())

    def _say(self, telling: Telling, now_ms: int, time_zone: str) -> str:
        sentences = self._sentences()
        times: dict[str, str] = {}
        if telling.told is Told.OPENS:
            times["time"] = self.moment(telling.from_ms, now_ms, time_zone)
        elif telling.from_ms:
            times["from"] = self.clock(telling.from_ms, time_zone)
        if telling.to_ms:
            times["to"] = self.clock(telling.to_ms, time_zone)
        if telling.not_before_ms:
            times["time"] = self.moment(telling.not_before_ms, now_ms, time_zone)
        first = sentences[f"wait-{Told.NOT_BEFORE}"].format(**times) if telling.not_before_ms else ""
        if first and telling.told in (Told.NOT_BEFORE, Told.UNKNOWN):
            return first
        wait = sentences[f"wait-{telling.told}"].format(low=telling.low, high=telling.high, **times)
        return sentences["then"].format(first=first, wait=wait) if first else wait

    def _kept(self, days: int) -> str:
        return self._words.ngettext(
            "Yesterday {n} of {of} were called within the range shown.",
            "In the last {days} days {n} of {of} were called within the range shown.",
            days,
        )

    def _sentences(self) -> dict[str, str]:
        gettext = self._words.gettext
        return {
            f"wait-{Told.SOON}": gettext("in a few minutes"),
            f"wait-{Told.UP_TO}": gettext("up to {high} minutes"),
            f"wait-{Told.BETWEEN}": gettext("about {low} to {high} minutes"),
            f"wait-{Told.BETWEEN_TIMES}": gettext("about {low} to {high} minutes ({from} to {to})"),
            f"wait-{Told.MORE_THAN}": gettext("more than {low} minutes"),
            f"wait-{Told.CALLED}": gettext("probably called {from} to {to}"),
            f"wait-{Told.CALLED_AFTER}": gettext("probably called after {from}"),
            f"wait-{Told.NOT_BEFORE}": gettext("not before {time}"),
            "then": gettext("{first}; {wait}"),
            f"wait-{Told.UNKNOWN}": gettext("wait not known yet"),
            f"wait-{Told.NO_COUNTER_OPEN}": gettext("no counter open right now"),
            f"wait-{Told.SERVICE_CLOSED}": gettext("no numbers right now"),
            f"wait-{Told.FULL}": gettext("all numbers of today are taken"),
            f"wait-{Told.OPENS}": gettext("closed, opens {time}"),
            f"wait-{Told.OUTSIDE_HOURS}": gettext("closed"),
            "closing": gettext("Closes at {time}. Your wait may last longer than that."),
            "open": gettext("open"),
            "open_till": gettext("open till {time}"),
            "stopped": gettext("no more numbers"),
            "closed": gettext("closed"),
            "later-counter_closed": gettext("A counter has closed."),
            "later-counter_paused": gettext("A counter takes a break."),
            "later-overtaken": gettext("Somebody with an appointment or a right of way came first."),
            "later-slower": gettext("It takes longer than it looked."),
            "best": gettext("Usually the shortest wait today: about {time}"),
            "best-now": gettext("Usually the shortest wait today: now"),
            "next": gettext("you are next"),
            "next-unconfirmed": gettext("you are next as soon as you have said that you are here"),
            "ahead-none": gettext("nobody before you"),
            "waiting-none": gettext("nobody waiting"),
            "counters-none": gettext("no counter open"),
        }

    def _counted(self, n: int) -> dict[str, str]:
        ngettext = self._words.ngettext
        return {
            "ahead": ngettext("about {n} person before you", "about {n} people before you", n),
            "waiting": ngettext("{n} person waiting", "{n} people waiting", n),
            "counters": ngettext("{n} counter open", "{n} counters open", n),
        }


def _local(at_ms: int, time_zone: str) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(time_zone))

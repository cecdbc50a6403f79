"""What a display says, in words: phrases of calls in each of its languages, and the rules by which it says them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from gettext import NullTranslations

import orjson

from display_server.lobby.display import Display
from queue_core.domain.office import CounterPlace
from queue_core.speech.text import said_number
from queue_core.web.words import said

#: So many calls are said together at most: nobody remembers more.
CALLS_MOST = 6
_AND = "; "


@dataclass(frozen=True, slots=True)
class SpokenCall:
    number: str
    counter: CounterPlace


def phrase(calls: Sequence[SpokenCall], again: bool, words: NullTranslations, language: str) -> str:
    """One call or several. None is ever without its counter."""
    parts = [
        {"number": said_number(call.number, language), "counter": said(call.counter.name, language)} for call in calls
    ]
    if len(parts) > 1:
        each = words.gettext("{number}, {counter}")
        return words.gettext("Numbers: {calls}.").format(calls=_AND.join(each.format(**part) for part in parts))
    sentence = words.gettext("Once more: number {number}, please, {counter}.") if again else ""
    return (sentence or words.gettext("Number {number}, please, {counter}.")).format(**parts[0])


def voice_languages(display: Display) -> tuple[str, ...]:
    return display.place.voice.languages or display.zone.languages[:1]


def voice_facts(display: Display) -> str:
    """What voice.js reads from `data-voice`, as JSON."""
    voice = display.place.voice
    told = {
        "zone": display.zone.id,
        "timeZone": display.zone.time_zone.key,
        "say": f"/lobby/{display.id}/say",
        "languages": list(voice_languages(display)),
        "on": voice.on,
        "gong": voice.gong,
        "mergeBeyond": voice.merge_beyond,
        "togetherMost": CALLS_MOST,
        "ageMostS": voice.age_most_s,
        "volumes": list(_volumes(display)),
    }
    return orjson.dumps(told).decode()


def _volumes(display: Display) -> Iterable[dict[str, str | int]]:
    for volume in sorted(display.place.voice.volumes, key=lambda v: v.since):
        yield {"since": volume.since.strftime("%H:%M"), "percent": volume.percent}

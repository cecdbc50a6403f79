"""The values that stand in an office's files, each with its check.

What a table names in another (a series, a service) is looked up in the `Frame` of its file.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from queue_core.domain.office import EVERY_SERVICE, Interval
from queue_core.office_file.translations import NO_TRANSLATIONS, Translations
from queue_core.spelling import nearest

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
PREFIX = re.compile(r"[A-Z0-9]{0,3}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
VALUE_FAULT: Literal["value"] = "value"
TABLE_FAULT: Literal["table"] = "table"
WEEK_MINUTES = 7 * 24 * 60
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Frame:
    """What the values of one file must fit to; None where that is not known because it is itself at fault."""

    languages: tuple[str, ...] | None = None
    day_starts: time | None = None
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    translations: Translations = NO_TRANSLATIONS


class Table(BaseModel):
    """Nothing is read but its fields: an unknown key is a fault."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def given(self, *names: str) -> dict[str, Any]:
        """Those of the named values that the author wrote: for the rest the domain has defaults."""
        return {name: getattr(self, name) for name in names if name in self.model_fields_set}


def _frame(info: ValidationInfo) -> Frame:
    return info.context if isinstance(info.context, Frame) else Frame()


def fault(message: str, suggestion: str | None = None) -> PydanticCustomError:
    """Of a value: it is shown after its key. `suggestion` travels beside the message, for whoever shows the fault."""
    return PydanticCustomError(VALUE_FAULT, "{text}", {"text": message, "suggestion": suggestion})


def table_fault(message: str, suggestion: str | None = None) -> PydanticCustomError:
    """Of a whole table: its message names the keys itself."""
    return PydanticCustomError(TABLE_FAULT, "{text}", {"text": message, "suggestion": suggestion})


def _id(value: str) -> str:
    if not ID.fullmatch(value):
        raise fault(f"{value!r} is no id: up to 32 of a-z, 0-9 and hyphens, not beginning with a hyphen")
    return value


def _prefix(value: str) -> str:
    if not PREFIX.fullmatch(value):
        raise fault(f"{value!r} is no prefix: up to 3 of A-Z and 0-9")
    return value


def _language(value: str) -> str:
    if not LANGUAGE.fullmatch(value):
        raise fault(f"{value!r} is no language code such as de, en or de-simple")
    return value


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise fault(f"unknown time zone {value!r}", nearest(value, available_timezones()))
    return value


def clock(value: object) -> time:
    match = CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise fault(f'{value!r} is no time such as "04:00"')
    return time(int(match[1]), int(match[2]))


def _opening(value: object) -> Interval:
    opens, dash, closes = value.partition("-") if isinstance(value, str) else ("", "", "")
    if dash and CLOCK.fullmatch(opens.strip()) and closes.strip() == "24:00":
        raise fault(f'{value!r}: hours end at "23:59" at the latest; a zone that never closes has `always = true`')
    if not (dash and CLOCK.fullmatch(opens.strip()) and CLOCK.fullmatch(closes.strip())):
        raise fault(f'{value!r} are no hours such as "08:00-12:30"')
    interval = Interval(clock(opens.strip()), clock(closes.strip()))
    if interval.opens >= interval.closes:
        raise fault(f"{value!r} opens after it closes" if interval.opens > interval.closes else f"{value!r} is empty")
    return interval


def _apart(openings: list[Interval], info: ValidationInfo) -> list[Interval]:
    ordered = sorted(openings, key=lambda i: i.opens)
    for before, after in pairwise(ordered):
        if after.opens < before.closes:
            raise fault(f"hours overlap: {_shown(before)} and {_shown(after)}")
    day_starts = _frame(info).day_starts
    if day_starts is not None and ordered and ordered[0].opens < day_starts:
        # it would belong to the day before, and never come
        raise fault(f"{_shown(ordered[0])} opens before the business day ({day_starts:%H:%M})")
    return ordered


def _shown(interval: Interval) -> str:
    return f"{interval.opens:%H:%M}-{interval.closes:%H:%M}"


def _special_day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise fault(f"{value!r} is no date such as 2026-12-24") from None


def _in_all_languages(words: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    languages = _frame(info).languages
    words = _frame(info).translations.completed(words, languages or ())
    missing = [language for language in languages or () if not words.get(language, "").strip()]
    if missing:
        raise fault(f"the text is missing in: {', '.join(missing)}")
    return words


def _in_first_language(words: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    languages = _frame(info).languages or ()
    words = _frame(info).translations.completed(words, languages)
    missing = [language for language in languages[:1] if not words.get(language, "").strip()]
    if missing:
        raise fault(f"the text is missing in: {missing[0]}")
    return {language: words[language] for language in languages[:1]} | words


def one_of(kind: type[StrEnum]) -> Callable[[object], object]:
    """A check that the value is one of the enum's words."""
    words = [member.value for member in kind]

    def check(value: object) -> object:
        if value not in words:
            raise fault(f"{value!r} is none of {', '.join(words)}", nearest(str(value), words))
        return kind(value)

    return check


def _known(table: str) -> Callable[[str, ValidationInfo], str]:
    """A check that the id stands in one of the file's `[[table]]`s."""

    def check(value: str, info: ValidationInfo) -> str:
        ids = _frame(info).ids.get(table)
        if ids is not None and value not in ids:
            raise fault(f"no {table} {value!r}", nearest(value, ids))
        return value

    return check


def _service_or_every(value: str, info: ValidationInfo) -> str:
    return value if value == EVERY_SERVICE else _known("service")(value, info)


def _once(values: list[str]) -> list[str]:
    twice = next((v for n, v in enumerate(values) if v in values[:n]), None)
    if twice is not None:
        raise fault(f"{twice!r} stands there twice")
    return values


Id = Annotated[str, AfterValidator(_id)]
Ids = Annotated[list[Id], Field(min_length=1), AfterValidator(_once)]
Words = Annotated[dict[str, str], AfterValidator(_in_all_languages)]
#: The first language stands first: it is what others see whose own is missing.
SomeWords = Annotated[dict[str, str], AfterValidator(_in_first_language)]
LanguageTag = Annotated[str, AfterValidator(_language)]
Languages = Annotated[list[LanguageTag], Field(min_length=1), AfterValidator(_once)]
TimeZoneName = Annotated[str, AfterValidator(_time_zone)]
Prefix = Annotated[str, AfterValidator(_prefix)]
Clock = Annotated[time, BeforeValidator(clock)]
#: A list that may be left out.
Several = Annotated[list[Item], Field(default_factory=list)]
Intervals = Annotated[list[Annotated[Interval, BeforeValidator(_opening)]], AfterValidator(_apart)]
Openings = Annotated[Intervals, Field(default_factory=list)]
SpecialDay = Annotated[date, BeforeValidator(_special_day)]
SeriesName = Annotated[str, AfterValidator(_known("series"))]
ServiceName = Annotated[str, AfterValidator(_known("service"))]
ClassName = Annotated[str, AfterValidator(_known("class"))]
CounterServices = Annotated[
    list[Annotated[str, AfterValidator(_service_or_every)]], Field(min_length=1), AfterValidator(_once)
]
ServiceNames = Annotated[list[ServiceName], Field(min_length=1), AfterValidator(_once)]
HeadStart = Annotated[float, Field(ge=0, le=WEEK_MINUTES, allow_inf_nan=False)]
Offset = Annotated[float, Field(ge=-WEEK_MINUTES, le=WEEK_MINUTES, allow_inf_nan=False)]

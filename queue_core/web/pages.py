"""Templates: one Jinja environment for each face and language, and what every template may call.

Autoescape is on, undefined names are errors. Templates come from the face's `templates/`, from those of the
packages above it, then from the frame's.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from types import CodeType
from typing import Any, cast
from urllib.parse import urlencode

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.requests import Request

from queue_core.domain.calendar import local_time
from queue_core.domain.office import Zone
from queue_core.web.assets import Assets
from queue_core.web.clock import clock
from queue_core.web.teller import Teller
from queue_core.web.words import LANGUAGE_QUERY, endonym, lineage, locale_of, said, translations

_ROUNDED_S = 60


class Compiled(BytecodeCache):
    """In memory, for the whole process: compiling takes most of a page's first showing, and a template is the same
    program in every language and for every face."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


@cache
def _compiled() -> Compiled:
    return Compiled()


def environment(package: str, language: str, assets: Assets) -> Environment:
    """What the templates of one package see in one language."""
    env = Environment(
        loader=FileSystemLoader([str(files(name) / "templates") for name in lineage(package)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=_compiled(),
    )
    env.policies["ext.i18n.trimmed"] = True
    cast(Any, env).install_gettext_translations(translations(package, language), newstyle=True)
    env.globals |= {"static": assets.url, "build": assets.build, "language_name": endonym}
    env.globals["tell"] = Teller(translations(package, language), language)
    env.filters |= {name: _late(each) for name, each in formats(language).items()}
    return env


def formats(language: str) -> Mapping[str, Callable[..., Any]]:
    """Filters that depend on the language."""
    locale = locale_of(language)
    return {
        "text": lambda words: said(words, language),
        "clock": lambda at_ms, zone: clock(_local(zone, at_ms)),
        "date": lambda at_ms, zone: format_date(_local(zone, at_ms), "full", locale=locale),
        "long_date": lambda at_ms, zone: format_date(_local(zone, at_ms), "long", locale=locale),
        "weekday": lambda at_ms, zone: format_skeleton("MMMEd", _local(zone, at_ms), locale=locale),
        "short_date": lambda at_ms, zone: format_date(_local(zone, at_ms), "short", locale=locale),
        "iso": lambda at_ms, zone: _local(zone, at_ms).isoformat(timespec="seconds"),
        "decimal": lambda number: format_decimal(number, locale=locale),
        "minutes": whole_minutes,
        "bdi": bdi,
    }


def _late(filter_: Callable[..., Any]) -> Callable[..., Any]:
    """Worked out while rendering: of a constant, the compiler would put one language's words into all."""

    @pass_context
    def late(_: Context, *values: Any) -> Any:
        return filter_(*values)

    return late


def whole_minutes(seconds: float) -> int:
    """Minutes to show for a wait: rounded up, so that nobody is promised too little."""
    return -(-int(seconds) // _ROUNDED_S)


def bdi(value: object) -> Markup:
    """A number or code that must not be torn apart within right-to-left text."""
    return Markup("<bdi>") + escape(str(value)) + Markup("</bdi>")


def language_links(request: Request, languages: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """(language, its own name, this page's query for it), for the language switch.

    A query alone, because the path is the visitor's word: `//elsewhere.example/` would lead there.
    """
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != LANGUAGE_QUERY]
    return [
        (language, endonym(language), f"?{urlencode([*kept, (LANGUAGE_QUERY, language)])}") for language in languages
    ]


def with_language(request: Request, path: str) -> str:
    """`path`, keeping the language that the visitor chose on this page."""
    chosen = request.query_params.get(LANGUAGE_QUERY)
    if not chosen:
        return path
    return f"{path}{'&' if '?' in path else '?'}{urlencode({LANGUAGE_QUERY: chosen})}"


def _local(zone: Zone, at_ms: int) -> datetime:
    return local_time(zone, at_ms)

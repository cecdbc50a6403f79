"""Languages: message catalogues, read from `locale/<language>/LC_MESSAGES/messages.po` and compiled in memory.

There is no build step: the .po file is the program. A package's own words go before those of the packages above it, and
these before those of `queue_core.web`.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.requests import Request

WEB = "queue_core.web"
FALLBACK_LANGUAGE = "de"
LANGUAGE_QUERY = "lang"


#: Language tags (BCP 47) in the order in which a kiosk offers them. `de-simple` is German in plain language.
ORDER = ("de", "de-simple", "en", "tr", "ar", "uk", "ru", "fa", "ro")
_NAMES = {"de-simple": "Einfache Sprache"}


@cache
def lineage(package: str) -> tuple[str, ...]:
    """Whence its words, templates and styles come: itself, the packages above it that have words, the frame."""
    own, *above = [".".join(package.split(".")[:n]) for n in range(package.count(".") + 1, 0, -1)]
    spoken = [name for name in above if (files(name) / "locale").is_dir()]
    return tuple(dict.fromkeys((own, *spoken, WEB)))


@cache
def languages(package: str = WEB) -> tuple[str, ...]:
    """The languages that a package and all that it stands on speak, the fallback first."""
    spoken = set.intersection(*[found for name in lineage(package) if (found := _spoken(name))])
    return tuple(sorted(spoken, key=lambda tag: (ORDER.index(tag) if tag in ORDER else len(ORDER), tag)))


@cache
def locale_of(language: str) -> Locale:
    """The rules of numbers and times; a way of speaking, as in `de-simple`, has those of its language."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language.partition("-")[0])


@cache
def translations(package: str, language: str) -> GNUTranslations:
    """The words of the package and its lineage; an unknown language has only the message ids."""
    own = _compiled(_catalogue(package, language), language)
    for name in lineage(package)[1:]:
        own.add_fallback(_compiled(_catalogue(name, language), language))
    return own


def _spoken(package: str) -> set[str]:
    folder = files(package) / "locale"
    if not folder.is_dir():
        return set()
    return {entry.name for entry in folder.iterdir() if _catalogue(package, entry.name).is_file()}


def _catalogue(package: str, language: str) -> Traversable:
    return files(package) / "locale" / language / "LC_MESSAGES" / "messages.po"


def _compiled(source: Traversable, language: str) -> GNUTranslations:
    if not source.is_file():
        return _compiled_empty()
    catalogue = read_po(BytesIO(source.read_bytes()), locale=locale_of(language), abort_invalid=True)
    machine = BytesIO()
    write_mo(machine, catalogue)
    machine.seek(0)
    return GNUTranslations(machine)


def _compiled_empty() -> GNUTranslations:
    machine = BytesIO()
    write_mo(machine, read_po(BytesIO(b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n')))
    machine.seek(0)
    return GNUTranslations(machine)


def chosen_language(request: Request, spoken: Iterable[str] | None = None) -> str:
    """A `{lang}` in the path, then `?lang=`, then Accept-Language; else the first that is spoken."""
    offered = tuple(spoken) if spoken is not None else languages()
    asked = (request.path_params.get("lang"), request.query_params.get(LANGUAGE_QUERY))
    wanted = [*(a for a in asked if a), *_accepted(request.headers.get("accept-language", ""))]
    for tag in wanted:
        for language in (tag, tag.partition("-")[0]):
            if language in offered:
                return language
    return offered[0]


def _accepted(header: str) -> list[str]:
    """Language tags, most wanted first."""
    weighted: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighted.append((float(weight or 1), tag.strip().lower()))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighted, key=lambda w: -w[0]) if weight > 0]


def said(words: Mapping[str, str], language: str) -> str:
    """A language map in this language, else in the fallback's, else in any."""
    return words.get(language) or words.get(FALLBACK_LANGUAGE) or next(iter(words.values()), "")


def direction(language: str) -> str:
    """`ltr` or `rtl`."""
    return str(locale_of(language).text_direction)


def endonym(language: str) -> str:
    """What the language calls itself: Deutsch, English."""
    name = _NAMES.get(language) or locale_of(language).get_display_name() or language
    return name[:1].upper() + name[1:]

"""Message catalogues and the words that code and templates ask them for.

A face keeps its words in `<face>/locale/<language>/...po` (or `<language>.po`), beside its templates.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from queue_core.web.words import ORDER, locale_of
from tests.architecture.source import files

#: What staff read.
LANGUAGES = frozenset({"de", "en"})
#: What visitors read; packages speak to them unless they are named here.
VISITOR_LANGUAGES = frozenset(ORDER)
FOR_STAFF = frozenset(
    {
        "display_server/appointments",
        "display_server/board",
        "display_server/casework",
        "display_server/desk",
        "display_server/devices",
    }
)

Id = tuple[str | None, str]

_METHODS = {".html": "jinja2.ext:babel_extract", ".txt": "jinja2.ext:babel_extract", ".py": "python"}
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "N_": None,
}


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    path: Path
    folder: Path
    language: str

    @property
    def catalogue(self) -> Catalog:
        return _read(self.path, self.language)


def catalogues() -> list[CatalogueFile]:
    return [_found(path) for path in files("*.po")]


def _found(path: Path) -> CatalogueFile:
    at = path.parts.index("locale")
    return CatalogueFile(path, Path(*path.parts[: at + 1]), Path(path.parts[at + 1]).stem)


@cache
def _read(path: Path, language: str) -> Catalog:
    """When a test asks for it: every process of a run collects all tests, and one of them tries these."""
    return read_po(BytesIO(path.read_bytes()), locale=locale_of(language))


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def ids(catalogue: Catalog) -> set[Id]:
    return {(message.context, first(message.id)) for message in messages(catalogue)}


def first(value: str | list[str] | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else value[0]


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def asked_for(folder: Path) -> dict[Id, Path]:
    """Every message that the code and templates beside a locale folder use -> a file that does."""
    asked: dict[Id, Path] = {}
    for path in sorted(folder.parent.rglob("*")):
        method = _METHODS.get(path.suffix)
        if method is None or not _belongs(path, folder):
            continue
        with path.open("rb") as source:
            for _, message, _, context in extract(
                method, source, _KEYWORDS, (), {"trimmed": "true", "silent": "false"}
            ):
                asked[context, first(message)] = path
    return asked


def _belongs(path: Path, folder: Path) -> bool:
    """A file belongs to the nearest locale folder above it."""
    nearest = next((parent / "locale" for parent in path.parents if (parent / "locale").is_dir()), None)
    return nearest == folder and folder not in path.parents

"""The words of documents that people read in the end: a feed reader, a catalogue of data."""

from gettext import NullTranslations

from queue_core.web.words import languages, translations

PACKAGE = "public_feed.feed"


def words_in(language: str) -> NullTranslations:
    return translations(PACKAGE, language)


def spoken() -> tuple[str, ...]:
    """The languages that these documents speak."""
    return languages(PACKAGE)

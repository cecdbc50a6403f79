"""Every word on a screen is in a catalogue, and every catalogue is whole in every language."""

import re
from pathlib import Path

import pytest

from queue_core.web.face import Face, load_faces
from queue_core.web.words import languages
from tests.architecture.catalogues import (
    FOR_STAFF,
    LANGUAGES,
    VISITOR_LANGUAGES,
    CatalogueFile,
    asked_for,
    catalogues,
    first,
    forms,
    ids,
    messages,
)
from tests.architecture.source import named

CATALOGUES = catalogues()
FOLDERS = sorted({file.folder for file in CATALOGUES})
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

per_catalogue = pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: named(file.path))
per_folder = pytest.mark.parametrize("folder", FOLDERS, ids=named)


@pytest.mark.parametrize("face", load_faces(), ids=lambda face: face.name)
def test_every_face_speaks_german_and_english(face: Face) -> None:
    assert frozenset(languages(face.package)) >= LANGUAGES


@per_folder
def test_what_visitors_read_is_there_in_every_language(folder: Path) -> None:
    wanted = LANGUAGES if named(folder.parent) in FOR_STAFF else VISITOR_LANGUAGES
    assert sorted(wanted - {file.language for file in CATALOGUES if file.folder == folder}) == []


@per_folder
def test_all_languages_have_the_same_messages(folder: Path) -> None:
    by_language = {file.language: ids(file.catalogue) for file in CATALOGUES if file.folder == folder}
    every = set().union(*by_language.values())
    assert {language: every - have for language, have in by_language.items() if every - have} == {}


@per_catalogue
def test_nothing_is_untranslated_or_fuzzy(file: CatalogueFile) -> None:
    assert [first(m.id) for m in messages(file.catalogue) if m.fuzzy or not all(forms(m))] == []


@per_catalogue
def test_plural_forms_are_complete(file: CatalogueFile) -> None:
    plural = [m for m in messages(file.catalogue) if m.pluralizable]
    assert [first(m.id) for m in plural if len(forms(m)) != file.catalogue.num_plurals] == []


@per_catalogue
def test_a_translation_keeps_the_placeholders(file: CatalogueFile) -> None:
    broken = [
        first(m.id)
        for m in messages(file.catalogue)
        if any(placeholders(form) - placeholders(*every_id(m.id)) for form in forms(m))
        or placeholders(*every_id(m.id)) - placeholders(*forms(m))
    ]
    assert broken == []


@per_folder
def test_every_message_in_use_is_in_the_catalogue(folder: Path) -> None:
    heard = {folder, folder.parents[1] / folder.name}
    known = {id_ for file in CATALOGUES if file.folder in heard for id_ in ids(file.catalogue)}
    assert {message: named(path) for message, path in asked_for(folder).items() if message not in known} == {}


def placeholders(*texts: str) -> set[str]:
    return {found for text in texts for found in _PLACEHOLDER.findall(text)}


def every_id(value: str | list[str] | tuple[str, ...]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)

"""Finding one of many zones."""

from typing import Any

import pytest

from public_feed.now.search import found, in_order, plain
from queue_core.domain.place import Address
from tests.support.zones import zone

PLACE = zone(name={"de": "Köln-Mülheim", "tr": "Giriş bölümü"}, address=Address("Wiener Platz 2a", "51065", "Köln"))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Köln-Mülheim", "koln mulheim"),
        ("STRASSE  Straße", "strasse strasse"),
        ("Élan", "elan"),
        ("٣ طلب", "٣ طلب"),
        (" - ", ""),
    ],
    ids=["umlaut", "sharp-s", "accent", "arabic", "nothing"],
)
def test_case_accents_and_what_is_between_words_do_not_matter(text: str, same: str) -> None:
    assert plain(text) == same


@pytest.mark.parametrize("query", ["", "mül", "KOLN mulheim", "giris", "51065", "wiener platz", "new"])
def test_names_services_and_addresses_are_found_in_every_language(query: str) -> None:
    assert found(PLACE, query)


@pytest.mark.parametrize("query", ["mülheim porz", "xyz"])
def test_every_word_must_be_there(query: str) -> None:
    assert not found(PLACE, query)


def shown(name: str, *services: tuple[bool, int | None]) -> dict[str, Any]:
    records = [{"open": is_open, "opens_ms": opens_ms} for is_open, opens_ms in services]
    return {"place": zone(name={"de": name}), "state": {"services": records}}


def test_open_ones_come_first_then_those_that_open_soonest_then_by_name() -> None:
    never, late, soon = shown("A", (False, None)), shown("B", (False, 9)), shown("C", (False, 9), (False, 5))
    ours, theirs = shown("Ötz", (False, 3), (True, None)), shown("Pia", (True, None))
    assert in_order([never, late, soon, theirs, ours], "de") == [ours, theirs, soon, late, never]

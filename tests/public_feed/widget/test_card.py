"""What the widget shows: sentences of one language, and none where nothing is known."""

from typing import Any

import pytest

from public_feed.widget.card import PACKAGE, card
from queue_core.web.words import languages
from tests.support.zones import NEW, zone

NOW_MS = 1_795_356_780_000


def service(**changes: Any) -> dict[str, Any]:
    plain = {"id": NEW, "name": {"de": "Neu", "en": "New"}, "state": "open", "open": True, "opens_ms": None}
    wait = {"p10_s": 900, "p50_s": 1200, "p90_s": 1500, "method": "simulation"}
    return {**plain, "closes_ms": None, "waiting": 3, "wait": wait, "reason": None, **changes}


def told(language: str = "en", at_ms: int | None = NOW_MS, **changes: Any) -> Any:
    return card(zone(), language, {"services": [service(**changes)]}, at_ms, "https://wait.example")


def test_an_open_service_has_its_wait_and_who_waits() -> None:
    (line,) = told().lines
    assert (line.name, line.wait, line.queue) == ("New", "about 15 to 25 minutes", "3 people waiting")
    assert told().observed == "As of 15:13"
    assert told().link == "https://wait.example/z/hall?lang=en"


def test_a_closed_service_says_when_it_opens_and_counts_nobody() -> None:
    (line,) = told(state="closed", open=False, opens_ms=NOW_MS + 3_600_000, wait=None, waiting=0).lines
    assert line.queue is None
    assert "16:13" in line.wait


def test_while_the_store_is_away_nothing_is_told() -> None:
    old = told(at_ms=None)
    assert (old.open, old.observed, old.observed_at) == (None, "", None)
    assert [(line.state, line.wait, line.queue) for line in old.lines] == [(None, None, None)]


@pytest.mark.parametrize("language", languages(PACKAGE))
def test_every_language_knows_its_direction(language: str) -> None:
    assert told(language).dir == ("rtl" if language in ("ar", "fa") else "ltr")

"""From a zone's public state to the feed's data: unknown is null, never 0."""

from typing import Any

from public_feed.feed.documents import AddressPlace
from public_feed.feed.telling import Observed, places, waits
from queue_core.domain.place import Address
from tests.support.zones import NEW, SHORT, zone

NOW_MS = 1_795_356_780_000


def record(service: str = NEW, **changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": service,
        "state": "open",
        "opens_ms": None,
        "closes_ms": NOW_MS,
        "waiting": 3,
        "serving": 1,
        "counters_open": 2,
        "wait": {"p10_s": 60, "p50_s": 120, "p90_s": 240, "method": "queue_length"},
        "last_called": "A004",
    }
    return plain | changes


def data(state: dict[str, Any], at_ms: int | None = NOW_MS) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = waits([Observed(zone(), state, at_ms)]).model_dump(mode="json")["zones"][0]["services"]
    return told


def test_a_service_is_told_with_times_of_its_zone() -> None:
    new, _ = data({"services": [record()]})
    assert new == {
        "id": "new",
        "status": "open",
        "opens_at": None,
        "closes_at": "2026-11-22T15:13:00+01:00",
        "waiting": 3,
        "serving": 1,
        "counters_open": 2,
        "wait": {"p10_s": 60, "p50_s": 120, "p90_s": 240, "method": "queue_length"},
        "last_called": "A004",
        "observed_at": "2026-11-22T15:13:00+01:00",
    }


def test_a_wait_that_nobody_knows_is_null() -> None:
    new, _ = data({"services": [record(wait=None, last_called=None)]})
    assert new["wait"] is None
    assert new["last_called"] is None


def test_a_service_that_the_state_does_not_tell_of_is_null_throughout() -> None:
    _, short = data({"services": [record()]})
    assert short.pop("id") == SHORT
    assert short.pop("observed_at") is not None
    assert set(short.values()) == {None}


def test_while_the_store_is_away_everything_is_null() -> None:
    new, _ = data({"services": [record()]}, at_ms=None)
    assert new.pop("id") == NEW
    assert set(new.values()) == {None}


def test_places_name_every_zone_service_and_counter_in_its_languages() -> None:
    (place,) = places([zone()], "https://wait.example").model_dump(mode="json")["zones"]
    assert place["url"] == "https://wait.example/z/hall"
    assert [s["id"] for s in place["services"]] == ["new", "short"]
    assert place["counters"][0]["name"] == {"de": "Counter 1", "en": "Counter 1"}


def test_a_place_says_where_it_is_as_far_as_that_is_known() -> None:
    nowhere, somewhere = places(
        [zone(), zone(address=Address("Weg 1", "12345", "Stadt", latitude=51.5, longitude=7.0))], "https://wait.example"
    ).zones
    assert nowhere.address is None
    assert somewhere.address == AddressPlace(
        street="Weg 1", postal_code="12345", town="Stadt", country="DE", latitude=51.5, longitude=7.0
    )

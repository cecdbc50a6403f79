"""The checker itself: what it must not let pass."""

from typing import Any

from tests.e2e.support.ledger import deeds, faults, gaps


def log(*events: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"epoch": 1, "seq": n, **event} for n, event in enumerate(events, start=1)]


def event(kind: str, ticket: str, counter: str | None = None, number: str = "") -> dict[str, Any]:
    at = {"counter": counter} if counter else {}
    return {"type": kind, "ticket": ticket, "number": number or f"N{ticket}", **at}


def test_a_plain_visit_has_no_fault() -> None:
    visit = [event("issued", "a"), event("called", "a", "1"), event("started", "a", "1"), event("finished", "a", "1")]
    assert faults(log(*visit, event("issued", "b", number="Na"), event("called", "b", "1", "Na"))) == []


def test_a_number_given_twice_while_in_the_house_is_seen() -> None:
    assert len(faults(log(event("issued", "a"), event("issued", "b", number="Na")))) == 1


def test_a_ticket_called_twice_is_seen() -> None:
    twice = log(event("issued", "a"), event("called", "a", "1"), event("called", "a", "2"))
    assert any("it was called" in fault for fault in faults(twice))
    assert any("holds it already" in fault for fault in faults(twice))


def test_a_counter_with_two_tickets_is_seen() -> None:
    drawn = [event("issued", "a"), event("issued", "b")]
    assert len(faults(log(*drawn, event("called", "a", "1"), event("called", "b", "1")))) == 1


def test_a_hole_a_repetition_and_a_new_epoch_are_gaps() -> None:
    assert gaps([{"epoch": 1, "seq": 1}, {"epoch": 1, "seq": 2}]) == []
    assert len(gaps([{"epoch": 1, "seq": 1}, {"epoch": 1, "seq": 3}])) == 1
    assert len(gaps([{"epoch": 1, "seq": 1}, {"epoch": 1, "seq": 1}])) == 1
    assert len(gaps([{"epoch": 1, "seq": 1}, {"epoch": 2, "seq": 2}])) == 1


def test_deeds_count_what_happened_to_each_ticket() -> None:
    counted = deeds(log(event("issued", "a"), event("called", "a"), event("called", "a")), frozenset({"called"}))
    assert counted == {("called", "a"): 2}

"""What the journal's steps add up to."""

from pathlib import Path
from typing import Any

from ticket_kiosk.agent.journal import Journal
from ticket_kiosk.agent.ledger import BLOCK_KEPT_MS, KEPT_MS, Kind, Ledger, PaperState

BLOCK = {"zone": "hall", "series": "n", "prefix": "N", "digits": 3, "first": 5, "last": 8, "day": "2026-11-23"}
LENT = {"series": "n", "n": 5, "claimed_ms": 1, "outage_ms": 1, "zone": "hall"}


def opened(folder: Path) -> Ledger:
    return Ledger(Journal(folder / "journal.jsonl"))


def lend(ledger: Ledger, key: str, n: int, now_ms: int = 2) -> None:
    ledger.note({"kind": Kind.ASKED, "of": key, "asked": {"body": {}}}, now_ms=now_ms)
    used: dict[str, Any] = {"kind": Kind.USED, "of": "b1", "n": n}
    ledger.note(used, {"kind": Kind.LENT, "of": key, "answer": {"number": n}, "lent": LENT}, now_ms=now_ms)


def test_a_number_given_away_is_never_next_again(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.note({"kind": Kind.BLOCK, "of": "b1", "block": {"id": "b1", **BLOCK}}, now_ms=1)
    lend(ledger, "k1", 5)
    again = opened(tmp_path)
    assert again.blocks["b1"].next == 6
    assert again.blocks["b1"].left == 3
    assert again.blocks["b1"].number(6) == "N006"


def test_numbers_stay_used_when_their_tickets_are_forgotten(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.note({"kind": Kind.BLOCK, "of": "b1", "block": {"id": "b1", **BLOCK}}, now_ms=1)
    lend(ledger, "k1", 5)
    ledger.note({"kind": Kind.UPLOADED, "of": "k1", "uploaded": {"state": "issued"}}, now_ms=3)
    ledger.purge(3 + KEPT_MS + 1)
    assert not ledger.draws
    assert opened(tmp_path).blocks["b1"].next == 6
    ledger.purge(3 + BLOCK_KEPT_MS + 1)
    assert not opened(tmp_path).blocks


def test_what_the_server_has_not_heard_of_is_kept_however_old(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    lend(ledger, "k1", 5)
    ledger.note({"kind": Kind.ASKED, "of": "k2", "asked": {"body": {}}}, now_ms=2)
    ledger.purge(10 * KEPT_MS)
    assert [draw.key for draw in opened(tmp_path).pending()] == ["k1"]


def test_uploads_wait_in_the_order_of_giving(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    for n, key in enumerate(("k3", "k1", "k2")):
        lend(ledger, key, 5 + n)
    ledger.note({"kind": Kind.UPLOADED, "of": "k1", "uploaded": {"state": "refused"}}, now_ms=3)
    assert [draw.key for draw in ledger.pending()] == ["k3", "k2"]
    assert [draw.key for draw in ledger.rejected()] == ["k1"]


def test_a_damaged_line_spoils_the_blocks_since_it_may_have_given_a_number_away(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.note({"kind": Kind.BLOCK, "of": "b1", "block": {"id": "b1", **BLOCK}}, now_ms=1)
    lend(ledger, "k1", 5)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"n":5,"at_ms"', b'"n":6,"at_ms"', 1))
    damaged = opened(tmp_path)
    assert not damaged.blocks
    assert [draw.key for draw in damaged.pending()] == ["k1"]
    assert not opened(tmp_path).blocks


def test_a_block_that_was_given_up_is_not_asked_for_again(tmp_path: Path) -> None:
    """Its key would bring the very same numbers, some of which are in visitors' hands."""
    ledger = opened(tmp_path)
    ledger.note({"kind": Kind.BLOCK_ASKED, "of": "b1"}, now_ms=1)
    ledger.note({"kind": Kind.BLOCK, "of": "b1", "block": {"id": "b1", **BLOCK}}, now_ms=1)
    lend(ledger, "k1", 5)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"n":5,"at_ms"', b'"n":6,"at_ms"', 1))
    assert not opened(tmp_path).wanted_blocks


def test_a_paper_is_as_its_last_step_says(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    paper = {"kind": Kind.PAPER, "of": "k1", "job": "j1"}
    ledger.note({**paper, "state": "printing", "lines": [{"text": "A001"}]}, now_ms=1)
    ledger.note({**paper, "state": "refused", "reason": "out"}, now_ms=2)
    kept = opened(tmp_path).papers["j1"]
    assert (kept.state, kept.reason, kept.lines) == (PaperState.REFUSED, "out", [{"text": "A001"}])

"""The agent's journal: what was acted upon is there, whatever was cut off or damaged."""

from pathlib import Path

import pytest

from tests.support.full_disk import full_disk
from ticket_kiosk.agent.journal import Journal, Step

STEPS: list[Step] = [{"kind": "asked", "of": f"k{n}", "at_ms": n} for n in range(3)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "agent" / "journal.jsonl"


def written(path: Path, *steps: Step) -> None:
    journal = Journal(path)
    journal.open()
    journal.append(*steps)
    journal.close()


def test_what_was_noted_is_there_at_the_next_start(path: Path) -> None:
    written(path, *STEPS)
    remembered = Journal(path).open()
    assert list(remembered.steps) == STEPS
    assert not remembered.torn
    assert not remembered.damaged


def test_nobody_else_may_read_it(path: Path) -> None:
    written(path, *STEPS)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("cut", [1, 7, 30], ids=str)
def test_a_torn_last_line_is_cut_off_and_the_next_step_stands_alone(path: Path, cut: int) -> None:
    written(path, *STEPS)
    path.write_bytes(path.read_bytes()[:-cut])
    journal = Journal(path)
    remembered = journal.open()
    assert list(remembered.steps) == STEPS[:2]
    assert remembered.torn
    journal.append(STEPS[2])
    assert list(Journal(path).open().steps) == STEPS


@pytest.mark.parametrize(
    "damage", [(b"k1", b"kX"), (b'"at_ms":1', b'"at_ms":7'), (b"{", b"\x00")], ids=["id", "time", "zeros"]
)
def test_a_damaged_line_is_left_out_and_told_of(path: Path, damage: tuple[bytes, bytes]) -> None:
    written(path, *STEPS)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(*damage, 1)
    path.write_bytes(b"".join(lines))
    remembered = Journal(path).open()
    assert list(remembered.steps) == [STEPS[0], STEPS[2]]
    assert remembered.damaged == 1


def test_a_rewritten_journal_goes_on_from_what_was_kept(path: Path) -> None:
    journal = Journal(path)
    journal.open()
    journal.append(*STEPS)
    journal.rewrite(STEPS[1:2])
    journal.append(STEPS[2])
    assert list(Journal(path).open().steps) == STEPS[1:]
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("fits", [0, 1, 60, 100], ids=str)
def test_a_full_disk_takes_all_steps_of_a_move_or_none(path: Path, fits: int) -> None:
    journal = Journal(path)
    journal.open()
    journal.append(STEPS[0])
    with full_disk(path.stat().st_size + fits), pytest.raises(OSError, match="large"):
        journal.append(STEPS[1], STEPS[1])
    journal.append(STEPS[2])
    assert list(Journal(path).open().steps) == [STEPS[0], STEPS[2]]


def test_a_rewriting_that_finds_no_room_leaves_the_journal_and_no_file_open(path: Path) -> None:
    journal = Journal(path)
    journal.open()
    journal.append(*STEPS)
    handles = len(list(Path("/proc/self/fd").iterdir()))
    with full_disk(20), pytest.raises(OSError, match="large"):
        journal.rewrite(STEPS[1:])
    assert len(list(Path("/proc/self/fd").iterdir())) == handles
    assert list(Journal(path).open().steps) == STEPS
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_an_unfinished_rewriting_changes_nothing(path: Path) -> None:
    written(path, *STEPS)
    path.with_suffix(".new").write_bytes(b"half of")
    assert list(Journal(path).open().steps) == STEPS

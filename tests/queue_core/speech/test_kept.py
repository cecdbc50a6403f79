"""Sounds that were made once, in memory and on disk."""

import os
from pathlib import Path

import pytest

from queue_core.speech.kept import KeptInMemory, KeptOnDisk, sound_key

SOUND = bytes(1000)


def test_the_key_tells_texts_languages_and_editions_apart() -> None:
    keys = {sound_key(*parts) for parts in [("e", "de", "a"), ("e", "de", "b"), ("e", "en", "a"), ("f", "de", "a")]}
    assert len(keys) == 4


def test_memory_forgets_what_was_not_asked_for_the_longest() -> None:
    memory = KeptInMemory(3000)
    for key in "abc":
        memory.put(key, SOUND)
    assert memory.get("a") == SOUND
    memory.put("d", SOUND)
    assert [key for key in "abcd" if memory.get(key)] == ["a", "c", "d"]


def test_memory_keeps_nothing_that_is_larger_than_all_of_it() -> None:
    memory = KeptInMemory(500)
    memory.put("a", SOUND)
    assert memory.get("a") is None


def test_the_disk_gives_back_what_it_was_given(tmp_path: Path) -> None:
    KeptOnDisk(tmp_path / "speech", 10_000).put("a", SOUND)
    disk = KeptOnDisk(tmp_path / "speech", 10_000)
    assert disk.get("a") == SOUND
    assert disk.get("b") is None


def test_the_disk_stays_within_its_bound_and_forgets_the_oldest(tmp_path: Path) -> None:
    disk = KeptOnDisk(tmp_path, 4000)
    for age, key in enumerate("dcba"):
        disk.put(key, SOUND)
        os.utime(tmp_path / f"{key}.wav", (10_000 - age, 10_000 - age))
    disk.put("new", SOUND)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 4000
    assert disk.get("a") is None
    assert disk.get("new") == SOUND


def test_nothing_half_written_is_left_or_found(tmp_path: Path) -> None:
    disk = KeptOnDisk(tmp_path, 10_000)
    disk.put("a", SOUND)
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


def test_a_disk_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "speech").write_text("a file where the folder should be")
    disk = KeptOnDisk(tmp_path / "speech", 10_000)
    disk.put("a", SOUND)
    assert disk.get("a") is None


def test_a_bound_of_nothing_keeps_nothing(tmp_path: Path) -> None:
    disk = KeptOnDisk(tmp_path, 0)
    disk.put("a", SOUND)
    assert disk.get("a") is None


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "\0"])
def test_no_text_names_a_file(name: str) -> None:
    assert sound_key("e", "de", name).isalnum()

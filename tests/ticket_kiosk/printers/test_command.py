"""`wartezone printer`: looking at one, trying one, being one."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from queue_core import cli
from tests.support.eventually import eventually_sync
from tests.support.office_process import COMMAND, free_port
from tests.support.shell import Run, shell

pytestmark = pytest.mark.slow


@pytest.fixture
def wartezone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return shell(monkeypatch, capsys)


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Its address, and the process, which takes moods."""
    command = [str(COMMAND), "printer", "fake", "--port", "0", "--save", str(tmp_path / "tickets")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().split()[2].rstrip(","), process
        process.terminate()


def feel(process: subprocess.Popen[str], mood: str) -> None:
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{mood}\n")
    process.stdin.flush()
    while process.stdout.readline().strip() != mood:
        continue


def test_a_printer_is_tried_from_a_shell(
    wartezone: Run, fake: tuple[str, subprocess.Popen[str]], tmp_path: Path
) -> None:
    address, process = fake
    assert wartezone("printer", "state", address).out == "ready, paper ok\n"
    assert wartezone("printer", "test", address).out == "printed (ready, paper ok)\n"
    with Image.open(tmp_path / "tickets" / "ticket-001.png") as ticket:
        assert ticket.width == 576
    feel(process, "out")
    done = wartezone("printer", "test", address)
    assert (done.code, done.out) == (1, "refused (not ready, paper out)\n")
    feel(process, "cover")
    assert wartezone("printer", "state", address).out == "not ready, paper ok, cover open\n"


def test_a_fake_that_is_told_to_end_ends(fake: tuple[str, subprocess.Popen[str]]) -> None:
    _, process = fake
    process.send_signal(2)
    assert eventually_sync(lambda: process.poll() is not None)


def test_nobody_there_is_offline_and_not_out_of_paper(wartezone: Run) -> None:
    done = wartezone("printer", "state", f"tcp://127.0.0.1:{free_port()}")
    assert (done.code, done.out) == (1, "offline: it does not answer\n")


def test_a_bad_address_is_one_line(wartezone: Run) -> None:
    assert wartezone("printer", "state", "printer").fault.startswith("'printer' is no address of a printer")


def test_a_mood_that_there_is_not_is_named(wartezone: Run) -> None:
    done = wartezone("printer", "fake", "--port", "0", "--mood", "sad")
    assert (done.code, "'sad' is none of ok" in done.err) == (cli.USAGE, True)


def test_a_preview_needs_no_printer(wartezone: Run, tmp_path: Path) -> None:
    assert wartezone("printer", "preview", str(tmp_path / "x.png"), "--width", "384").code == 0
    with Image.open(tmp_path / "x.png") as ticket:
        assert (ticket.mode, ticket.width) == ("1", 384)

"""The command `wartezone` in this process, as a person at a shell meets it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from queue_core import cli
from tests.support.log_state import logging_as_before


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def fault(self) -> str:
        """The one line that a fault is."""
        assert (self.code, self.out) == (cli.USAGE, "")
        [line] = self.err.splitlines()
        return line.removeprefix("wartezone: ")


Run = Callable[..., Done]


def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; keywords are settings."""

    def run(*arguments: str, **environment: str) -> Done:
        with monkeypatch.context() as context, logging_as_before():
            for name, value in environment.items():
                context.setenv(f"WARTEZONE_{name.upper()}", value)
            context.setattr(sys, "argv", ["wartezone", *arguments])
            code = _exit_code()
        return Done(code, *capsys.readouterr())

    return run


def _exit_code() -> int:
    try:
        cli.main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0

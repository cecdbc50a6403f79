"""Become a server that does not outlive its parent.

Run as a file of its own, `python -I -S launcher.py PARENT SIGNAL PROGRAM [ARGUMENT...]`: it asks the kernel for
SIGNAL at the death of the parent, then turns into PROGRAM. A process between us and the server, and not
`preexec_fn`, because code run between fork and exec may deadlock once the parent has threads, and a restart
happens when it has them. The kernel counts the parent's *thread* as the parent: spawn from the main thread.

Where the kernel has no such signal (macOS) the server runs without it; the next start adopts an orphan.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1


def launcher_command(program: Path, arguments: Sequence[str], death_signal: signal.Signals) -> list[str]:
    """The command line that runs `program` bound to the life of the calling process."""
    python = [sys.executable, "-I", "-S", __file__]
    return [*python, str(os.getpid()), str(int(death_signal)), str(program), *arguments]


def ask_for_death_signal(number: int) -> None:
    if sys.platform.startswith("linux"):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")


def main(arguments: Sequence[str]) -> None:
    parent, number, program = int(arguments[0]), int(arguments[1]), arguments[2]
    ask_for_death_signal(number)
    if os.getppid() != parent:  # it died before we asked: no signal will ever come
        sys.exit(f"parent {parent} is gone")
    os.execv(program, list(arguments[2:]))


if __name__ == "__main__":
    main(sys.argv[1:])

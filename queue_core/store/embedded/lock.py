"""Advisory locks that end with the process that holds them, however it ends."""

import fcntl
import os
from pathlib import Path

SIGNATURE_BYTES = 16
NOBODY = None


class FileLock:
    """flock on a file that is never removed; its text is the holder's process id.

    The lock belongs to the open descriptor, not to the process: a child that inherits the descriptor holds it on.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        assert self._descriptor is not None, f"{self.path} is not held"
        return self._descriptor

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def take(self) -> bool:
        """Whether the lock is ours now; never waits."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def leave(self) -> None:
        """Close our descriptor; the lock is free once no child has it open either."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def is_free(self) -> bool:
        if free := self.take():
            self.leave()
        return free

    def sign(self, pid: int | None) -> None:
        """Say who holds it. Always as many bytes, in place: a full disk must not get in the way."""
        os.pwrite(self.descriptor, f"{pid or '':<{SIGNATURE_BYTES}}".encode(), 0)

    def signature(self) -> int | None:
        text = self.path.read_text().strip()
        return int(text) if text else NOBODY

"""Where the server listens: a Unix socket that only its own user can reach."""

import hashlib
import os
import stat
from pathlib import Path
from urllib.parse import quote

from queue_core.store.failures import StoreDidNotStart

SOCKET_NAME = "valkey.sock"
# sun_path holds 108 bytes on Linux and 104 on macOS, the closing NUL included.
SOCKET_PATH_BYTES = 103
SHORT_ROOT = Path("/tmp")


def socket_path(directory: Path) -> Path:
    """Inside the data directory; where that path is too long for a socket, under a short name of its own.

    It depends on nothing but the directory and the user: every process of ours finds the same.
    """
    inside = directory / SOCKET_NAME
    if len(bytes(inside)) <= SOCKET_PATH_BYTES:
        return inside
    name = hashlib.sha256(bytes(directory)).hexdigest()[:32]
    return SHORT_ROOT / f"wartezone-{os.getuid()}" / f"{name}.sock"


def socket_url(directory: Path) -> str:
    """What to connect to for the store in this directory, running or not."""
    return f"unix://{quote(str(socket_path(directory.resolve())))}"


def make_private(directory: Path) -> None:
    """Make sure that a socket's directory is ours alone: in a shared root somebody else may have made it before."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise StoreDidNotStart(f"{directory} must be a directory of your own with mode 0700")

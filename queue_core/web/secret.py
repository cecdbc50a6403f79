"""The installation's secret: what signs links."""

import os
import secrets
from pathlib import Path

from queue_core.settings import SECRET_BYTES_LEAST, Settings

FILE = "secret"


def load_secret(settings: Settings) -> bytes:
    """The configured secret, else the one kept in the data directory, made there at the first start."""
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    path = settings.data / FILE
    if not path.exists():
        _make(path)
    return path.read_bytes()


def _make(path: Path) -> None:
    """Written whole and then named, so that of two processes at their first start both read the same one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{FILE}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(secrets.token_hex(SECRET_BYTES_LEAST).encode())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()

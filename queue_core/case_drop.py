"""The folder into which a case system puts files of news: each is taken over whole or not at all, and does not stay.

A file is taken once it has lain unchanged for some seconds; `.name`, `name.part` and `name.tmp` are still being
written. It is first renamed to `.taking.name`, so that nobody replaces it meanwhile; whoever died over one left it so,
and it is taken again: repeating is harmless. So is one that somebody went on writing meanwhile. What was taken over is
deleted at once, for it holds numbers and PINs: a report stays in `done/`. What has faults goes to `failed/` with a
report of all of them, and is deleted some days later.

Links, devices and pipes are never read. Names are never joined to paths: all happens relative to the opened folder.
"""

import fcntl
import os
import re
import stat
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from queue_core.domain.errors import WartezoneError
from queue_core.table_file import FileInvalid

#: Several times as much as the longest file of as many records as one may have.
MIB_MOST = 30
COMPLETE_AFTER_S = 5.0
FAILED_KEPT_DAYS = 7
REPORTS_KEPT_DAYS = 30
DONE, FAILED = "done", "failed"
_KEPT_DAYS = {DONE: REPORTS_KEPT_DAYS, FAILED: FAILED_KEPT_DAYS}
_TAKING = ".taking."
_REPORT = ".report.txt"
_UNFINISHED = (".part", ".tmp", ".filepart", ".swp", "~")
_ENDINGS = (".csv", ".jsonl", ".ndjson")
_BYTES_MOST = MIB_MOST * 2**20
_REPORTED_NAME_MOST = 100
_STRANGE = re.compile(r"[^A-Za-z0-9._-]")
_OPENED_AS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER_AS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_DAY_S = 86_400

#: Takes over a file's content and name; answers what to report. Raises `FileInvalid` for a file that has faults.
Import = Callable[[bytes, str], Awaitable[str]]


class FolderUnusable(WartezoneError):
    """The folder is not there, or not as it must be."""


class _Refused(Exception):
    """A file that is not even read."""


@dataclass(frozen=True, slots=True)
class Taken:
    """`fault` is empty for what was taken over."""

    name: str
    fault: str = ""


class CaseDrop:
    """One look into the folder, by one process at a time."""

    def __init__(self, folder: Path, now_s: Callable[[], float] = time.time) -> None:
        self._folder, self._now_s = folder, now_s

    def require_usable(self) -> None:
        """Raises `FolderUnusable`, also where what was taken over could not be deleted."""
        with self._opened() as top:
            if not os.access(".", os.R_OK | os.W_OK | os.X_OK, dir_fd=top):
                raise FolderUnusable(f"{self._folder}: this user may not read and write there")

    def has_work(self) -> bool:
        """Whether it is worth a look: something to take, to tell of or to forget. Raises `FolderUnusable`."""
        with self._opened() as top:
            return bool(self._waiting(top) or _found(top, FAILED) or self._old(DONE, _found(top, DONE)))

    async def take(self, import_: Import) -> list[Taken]:
        """All that is complete. Whatever `import_` raises but `FileInvalid` leaves the file where it is.

        Raises `FolderUnusable`. While another process looks, nothing is left to do.
        """
        with self._opened() as top:
            if not _locked(top):
                return []
            for name in _KEPT_DAYS:
                _make(top, name)
            taken = [await self._take(top, name, import_) for name in self._waiting(top)]
            for name in _KEPT_DAYS:
                self._forget_old(top, name)
            return [each for each in taken if each is not None]

    def failed_since_s(self) -> float | None:
        """Since when something lies in `failed/`, until somebody takes it away. Raises `FolderUnusable`."""
        with self._opened() as top:
            lying = _found(top, FAILED)
        return min((found.st_ctime for name, found in lying.items() if not name.endswith(_REPORT)), default=None)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            top = os.open(self._folder, _FOLDER_AS)
        except OSError as e:
            raise FolderUnusable(f"{self._folder}: {e.strerror}") from e
        try:
            if os.fstat(top).st_mode & stat.S_IWOTH:
                raise FolderUnusable(f"{self._folder}: anybody on this machine may write there; chmod o-w")
            yield top
        except OSError as e:
            raise FolderUnusable(f"{self._folder}: {e.strerror or e}") from e
        finally:
            os.close(top)

    def _waiting(self, top: int) -> list[str]:
        """Those that a process died over first. Folders are nobody's news."""
        every = sorted(os.listdir(top), key=lambda name: (not name.startswith(_TAKING), name))
        return [name for name in every if _is_meant(name) and self._is_complete(_stat(top, name))]

    def _is_complete(self, found: os.stat_result | None) -> bool:
        """By when it was last changed, which no copying tool sets back; a file server's clock may be ahead of ours."""
        if found is None or stat.S_ISDIR(found.st_mode):
            return False
        return abs(self._now_s() - found.st_ctime) >= COMPLETE_AFTER_S

    async def _take(self, top: int, name: str, import_: Import) -> Taken | None:
        """None for what has gone meanwhile, or was written to: that is taken again when it is quiet."""
        taking, plain = _TAKING + name.removeprefix(_TAKING), _as_text(name.removeprefix(_TAKING))
        try:
            if name != taking and _is_file(_stat(top, taking)):
                return None  # an earlier one of this name is not done yet
            os.rename(name, taking, src_dir_fd=top, dst_dir_fd=top)
        except FileNotFoundError:
            return None
        except OSError as e:
            return self._put_away(top, name, plain, [f"{plain}: cannot be taken: {e.strerror}"])
        before, told, faults = _stat(top, taking), "", []
        try:
            told = await import_(_content(top, taking), plain)
        except FileInvalid as e:
            faults = [str(fault) for fault in e.faults]
        except _Refused as e:
            faults = [f"{plain}: {e}"]
        if not _is_unchanged(before, _stat(top, taking)):
            return None
        if faults:
            return self._put_away(top, taking, plain, faults)
        with _inside(top, DONE) as done:
            _write(done, self._stamped(plain) + _REPORT, [f"{plain}: {told}"])
        os.unlink(taking, dir_fd=top)
        return Taken(plain)

    def _put_away(self, top: int, name: str, plain: str, faults: list[str]) -> Taken:
        kept = self._stamped(plain)
        with _inside(top, FAILED) as failed:
            _write(failed, kept + _REPORT, ["Nothing of this file was taken over.", *faults])
            os.rename(name, kept, src_dir_fd=top, dst_dir_fd=failed)
        return Taken(plain, f"{len(faults)} faults")

    def _stamped(self, name: str) -> str:
        """Names come from outside."""
        at = datetime.fromtimestamp(self._now_s(), UTC)
        return f"{at:%Y%m%dT%H%M%S.%fZ}-{_STRANGE.sub('_', name)[:_REPORTED_NAME_MOST]}"

    def _forget_old(self, top: int, folder: str) -> None:
        with _inside(top, folder) as opened:
            for name in self._old(folder, _listed(opened)):
                os.unlink(name, dir_fd=opened)

    def _old(self, folder: str, lying: Mapping[str, os.stat_result]) -> list[str]:
        """What has lain there for long enough."""
        before_s = self._now_s() - _KEPT_DAYS[folder] * _DAY_S
        return [name for name, found in lying.items() if _is_file(found) and found.st_ctime <= before_s]


def _is_meant(name: str) -> bool:
    if name.startswith(_TAKING):
        return True
    return not name.startswith(".") and not name.lower().endswith(_UNFINISHED)


def _content(top: int, name: str) -> bytes:
    """Raises `_Refused`."""
    if not name.lower().endswith(_ENDINGS):
        raise _Refused(f"the name must end in {', '.join(_ENDINGS)}")
    try:
        opened = os.open(name, _OPENED_AS, dir_fd=top)
    except OSError as e:
        raise _Refused("is a link" if _is_link(top, name) else f"cannot be read: {e.strerror}") from e
    with os.fdopen(opened, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
            raise _Refused("is no plain file of one name")
        content = file.read(_BYTES_MOST + 1)
    if len(content) > _BYTES_MOST:
        raise _Refused(f"is larger than {MIB_MOST} MiB")
    return content


def _is_unchanged(before: os.stat_result | None, after: os.stat_result | None) -> bool:
    if before is None or after is None:
        return False
    return (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)


def _is_link(top: int, name: str) -> bool:
    found = _stat(top, name)
    return found is not None and stat.S_ISLNK(found.st_mode)


def _stat(top: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=top, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _is_file(found: os.stat_result | None) -> bool:
    return found is not None and not stat.S_ISDIR(found.st_mode)


def _as_text(name: str) -> str:
    """A name of other letters than UTF-8's, so that it can be written and logged."""
    return name.encode(errors="backslashreplace").decode()


@contextmanager
def _inside(top: int, folder: str) -> Iterator[int]:
    """The folder as it was opened, whatever is put into its place meanwhile. Raises `FolderUnusable` where it is a
    link, for what it leads to is none of ours, and `FileNotFoundError`."""
    try:
        opened = os.open(folder, _FOLDER_AS | os.O_NOFOLLOW, dir_fd=top)
    except FileNotFoundError:
        raise
    except OSError as e:
        raise FolderUnusable(f"{folder}: {e.strerror}") from e
    try:
        yield opened
    finally:
        os.close(opened)


def _listed(opened: int) -> dict[str, os.stat_result]:
    every = ((name, _stat(opened, name)) for name in sorted(os.listdir(opened)))
    return {name: found for name, found in every if found}


def _found(top: int, folder: str) -> dict[str, os.stat_result]:
    """What lies there, nothing where there is no such folder. Raises `FolderUnusable`."""
    try:
        with _inside(top, folder) as opened:
            return _listed(opened)
    except FileNotFoundError:
        return {}


def _make(top: int, folder: str) -> None:
    """Raises `FolderUnusable`."""
    try:
        os.mkdir(folder, 0o700, dir_fd=top)
    except FileExistsError:
        _found(top, folder)
    except OSError as e:
        raise FolderUnusable(f"{folder}: {e.strerror}") from e


def _write(folder: int, name: str, lines: list[str]) -> None:
    opened = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write("\n".join([*lines, ""]))


def _locked(top: int) -> bool:
    """Until the folder is closed again."""
    try:
        fcntl.flock(top, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""What can be wrong with the store itself, as one tree. Each says what happened and what to do.

StoreFailure
├── NoData              nothing was ever kept in this data directory
├── DataDirectoryBusy   another running Wartezone serves this data directory
├── StorageFull         no room left for the log; nothing acknowledged is lost
├── LogCorrupt          a file of the log is damaged in the middle
├── ForeignVersion      the log was written by a newer or another server
├── StoreDidNotStart    anything else that kept the server from starting
├── StoreDied           it ran, and ended without being asked to
├── UnsupportedServer   an existing server is too old, or is something else
└── NewerSchema         the store was written by a later Wartezone
"""

from pathlib import Path

from queue_core.domain.errors import WartezoneError


class StoreFailure(WartezoneError):
    """`final`: trying again cannot help, a person has to act."""

    final = False


class NoData(StoreFailure):
    final = True

    def __init__(self, directory: Path) -> None:
        super().__init__(
            f"there is no data directory at {directory}. Say by WARTEZONE_DATA where the server's is; "
            "`wartezone serve` makes a new one."
        )
        self.directory = directory


class DataDirectoryBusy(StoreFailure):
    final = True

    def __init__(self, directory: Path, owner_pid: int | None) -> None:
        owner = f"process {owner_pid}" if owner_pid else "another process"
        super().__init__(f"{directory} is already served by {owner}. End it first, or choose another data directory.")
        self.directory = directory
        self.owner_pid = owner_pid


class StorageFull(StoreFailure):
    def __init__(self, directory: Path, free_bytes: int) -> None:
        super().__init__(
            f"storage full: {free_bytes // 1024} KiB are free for {directory}. "
            "Make room; what was acknowledged is kept, and the store comes back by itself."
        )
        self.directory = directory
        self.free_bytes = free_bytes


class LogCorrupt(StoreFailure):
    """`mend`: the command that drops everything after the damage, where that is possible at all."""

    final = True

    def __init__(self, directory: Path, file: str, mend: str | None, log_tail: str) -> None:
        last_resort = f" Without one, copy the directory away, then drop all that follows the damage: {mend}"
        super().__init__(f"the log in {directory} is damaged: {file}. Restore a backup.{last_resort if mend else ''}")
        self.directory = directory
        self.file = file
        self.mend = mend
        self.log_tail = log_tail


class ForeignVersion(StoreFailure):
    final = True

    def __init__(self, directory: Path, detail: str) -> None:
        super().__init__(
            f"the data in {directory} was written by a newer or another server ({detail}). "
            "Start the version that wrote it, or restore a backup of this version."
        )
        self.directory = directory
        self.detail = detail


class StoreDidNotStart(StoreFailure):
    def __init__(self, reason: str, log_tail: str = "") -> None:
        super().__init__(f"the store did not start: {reason}")
        self.reason = reason
        self.log_tail = log_tail


class StoreDied(StoreFailure):
    def __init__(self, reason: str, log_tail: str = "") -> None:
        super().__init__(f"the store died: {reason}")
        self.reason = reason
        self.log_tail = log_tail


class UnsupportedServer(StoreFailure):
    final = True

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(f"this server is {found}; Wartezone needs {wanted}")
        self.found = found
        self.wanted = wanted


class NewerSchema(StoreFailure):
    final = True

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"the store was written by a later Wartezone (schema {found}, this one knows {known}). "
            "Start the version that wrote it, or a newer one."
        )
        self.found = found
        self.known = known

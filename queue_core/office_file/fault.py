"""What is wrong with an office's files: one fault per mistake, all of them at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from queue_core.domain.errors import WartezoneError
from queue_core.spelling import did_you_mean

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """`line` and `column` count from 1 and point at the key, or at the nearest table around what is missing."""

    file: str
    line: int
    column: int | None
    key: KeyPath
    message: str
    suggestion: str | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}{did_you_mean(self.suggestion)}"


class OfficeInvalid(WartezoneError):
    """`faults` is never empty and stands in the order of the files' lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = in_order(faults)
        super().__init__("\n".join(map(str, self.faults)))


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(dict.fromkeys(faults), key=lambda f: (f.file, f.line, f.column or 0)))

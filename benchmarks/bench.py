"""What all parts of one run share: how much is measured, our office, and what was noticed on the way."""

from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.stream.drive import pace
from benchmarks.stream.hall import HALL, Hall
from benchmarks.stream.viewers import viewers


@dataclass(frozen=True, slots=True)
class Scale:
    """`rounds`: how often ours and each reference take turns; `samples`: of single requests; `day`: tickets of a long
    day; `events`: of an endless one."""

    clients: int = 10_000
    rounds: int = 3
    samples: int = 400
    day: int = 10_000
    zones: int = 1_000
    events: int = 1_000_000


QUICK = Scale(clients=500, rounds=1, samples=100, day=500, zones=100, events=20_000)


@dataclass(slots=True)
class Bench:
    """`folder` holds the C programs and what parts write."""

    scale: Scale
    folder: Path
    hall: Hall
    notes: list[str] = field(default_factory=list)
    _frame_bytes: int = 0

    @property
    def frame_bytes(self) -> int:
        """How long our frame of a call is: references send as many bytes."""
        if not self._frame_bytes:
            source = self.hall.source(HALL)
            with viewers(self.folder, source.port, source.path, 1) as one:
                pace(source, one, 6, 0.05)
                self._frame_bytes = one.event_bytes
            self.notes.append(f"frame of a call: {self._frame_bytes} bytes, the same for all references")
        return self._frame_bytes

"""Everything that an estimator has learned of a zone, as one whole that is kept and read back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from queue_core.estimate.laws.laws import Laws
from queue_core.estimate.queue_length.laws import Laws as FirstLaws
from queue_core.estimate.recalibration import OF_DAYS, Recalibration

#: Of the JSON. Raised when what is learned changes its shape.
FORMAT = 4


@dataclass(slots=True)
class Knowledge:
    """`learned` feeds the simulation, `recalibration` corrects what it says of who waits, `prospects` what it says of
    who will come to an appointment, `queue_length` is the first method's."""

    learned: Laws = field(default_factory=Laws)
    recalibration: Recalibration = field(default_factory=Recalibration)
    queue_length: FirstLaws = field(default_factory=FirstLaws)
    prospects: Recalibration = field(default_factory=lambda: Recalibration(by=OF_DAYS))

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "learned": self.learned.to_json(),
            "recalibration": self.recalibration.to_json(),
            "queue_length": self.queue_length.to_json(),
            "prospects": self.prospects.to_json(),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Knowledge":
        """Raises `ValueError` for what was kept in another format: it is learned anew, in a day or two."""
        if record.get("format") != FORMAT:
            raise ValueError(f"laws of format {record.get('format')}, not {FORMAT}")
        return cls(
            learned=Laws.from_json(record["learned"]),
            recalibration=Recalibration.from_json(record["recalibration"]),
            queue_length=FirstLaws.from_json(record["queue_length"]),
            prospects=_prospects(record),
        )


def _prospects(record: Mapping[str, Any]) -> Recalibration:
    """Laws of an earlier release know none."""
    return Recalibration.from_json(record["prospects"], OF_DAYS) if "prospects" in record else Recalibration(by=OF_DAYS)

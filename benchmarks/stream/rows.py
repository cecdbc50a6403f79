"""One compared figure, and how figures are told and kept."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.rows import machine

RESULTS = Path(__file__).parents[1] / "results" / "stream.json"
_COLUMNS = ("figure", "ours", "reference", "", "ratio", "spread", "goal", "")


@dataclass(frozen=True, slots=True)
class Row:
    """`reference` is measured in the same run, in turn with ours; `ratio` is ours over it, the median of all rounds,
    and `spread` its least and most. `holds` is None where there is no goal."""

    name: str
    unit: str
    ours: float
    rival: str = ""
    reference: float | None = None
    ratio: float | None = None
    spread: str = ""
    goal: str = ""
    holds: bool | None = None


def compared(
    name: str,
    unit: str,
    ours: Sequence[float],
    rival: str,
    reference: Sequence[float],
    *,
    most: float | None = None,
    least: float | None = None,
) -> Row:
    """Rounds in pairs: ours and the reference of the same moment."""
    ratios = [a / b for a, b in zip(ours, reference, strict=True)]
    ratio = median(ratios)
    goal = f"<= {most:g} x" if most is not None else f">= {least:g} x" if least is not None else ""
    holds = ratio <= most if most is not None else ratio >= least if least is not None else None
    spread = f"{min(ratios):.2f}-{max(ratios):.2f}"
    return Row(name, unit, median(ours), rival, median(reference), ratio, spread, goal, holds)


def bounded(name: str, unit: str, ours: float, most: float, spread: str = "") -> Row:
    return Row(name, unit, ours, goal=f"<= {most:g} {unit}", holds=ours <= most, spread=spread)


def number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def cells(row: Row) -> tuple[str, ...]:
    verdict = "" if row.holds is None else "yes" if row.holds else "MISSED"
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    reference = "" if row.reference is None else f"{number(row.reference)} {row.unit}"
    return row.name, f"{number(row.ours)} {row.unit}", reference, row.rival, ratio, row.spread, row.goal, verdict


def table(rows: Sequence[Row]) -> str:
    """As Markdown, which a terminal shows as well."""
    lines = [_COLUMNS, *(cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(_COLUMNS))]
    lines.insert(1, tuple("-" * max(width, 3) for width in widths))
    return "\n".join(
        "| " + " | ".join(c.ljust(max(w, 3)) for c, w in zip(line, widths, strict=True)) + " |" for line in lines
    )


@dataclass(frozen=True, slots=True)
class Run:
    """All rows of one run; `notes` say what could not be measured here."""

    machine: str
    date: str
    clients: int
    seconds: float
    rows: Sequence[Row]
    notes: Sequence[str]

    @property
    def told(self) -> str:
        return f"{self.date[:10]}, {self.clients:,} viewers, {self.machine}, {self.seconds:.0f} s in all."


def finished(clients: int, seconds: float, rows: Sequence[Row], notes: Sequence[str]) -> Run:
    return Run(machine(), datetime.now(UTC).isoformat(timespec="seconds"), clients, seconds, rows, notes)


def keep(run: Run) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(asdict(run), indent=2) + "\n")

"""One measured figure, and how figures are compared, told and kept."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

RESULTS = Path(__file__).with_name("results") / "latest.json"
_COLUMNS = ("figure", "ours", "reference", "against, or how", "ratio", "spread", "goal", "")
_KEPT = ("name", "ours", "reference", "ratio", "goal", "spread", "unit", "rival", "part", "holds")


@dataclass(frozen=True, slots=True)
class Row:
    """Times of one figure, told by their median. With a `reference`, measured in the same run and in turn with ours,
    `ratio` is ours over it. `low` and `high` bound all rounds, of the ratio where there is one, else of ours; so do
    `most` and `least`, the goal. `rival` names the reference, or says how ours was measured."""

    name: str
    unit: str
    ours: float
    rival: str = ""
    reference: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    most: float | None = None
    least: float | None = None
    goal_is: str = ""
    part: str = ""

    @property
    def judged(self) -> float:
        return self.ours if self.ratio is None else self.ratio

    @property
    def bound(self) -> float | None:
        return self.least if self.most is None else self.most

    @property
    def holds(self) -> bool | None:
        """None where there is no goal."""
        if self.most is not None:
            return self.judged <= self.most
        return None if self.least is None else self.judged >= self.least

    @property
    def goal(self) -> str:
        if self.bound is None:
            return ""
        unit = self.unit if self.ratio is None else "x"
        explained = f" ({self.goal_is})" if self.goal_is else ""
        return f"{'>=' if self.most is None else '<='} {number(self.bound)} {unit}".rstrip() + explained

    @property
    def spread(self) -> str:
        return "" if self.low is None or self.high is None else f"{number(self.low)}-{number(self.high)}"


def compared(
    name: str,
    unit: str,
    ours: Sequence[float],
    rival: str,
    reference: Sequence[float],
    *,
    most: float | None = None,
    least: float | None = None,
    goal_is: str = "",
) -> Row:
    """Rounds in pairs: ours and the reference of the same moment; the ratio is the median of theirs."""
    ratios = [a / b for a, b in zip(ours, reference, strict=True)]
    low, high = (min(ratios), max(ratios)) if len(ratios) > 1 else (None, None)
    middle = median(ratios)
    return Row(name, unit, median(ours), rival, median(reference), middle, low, high, most, least, goal_is)


def alone(name: str, unit: str, ours: Sequence[float], how: str = "", *, most: float | None = None) -> Row:
    low, high = (min(ours), max(ours)) if len(ours) > 1 else (None, None)
    return Row(name, unit, median(ours), how, low=low, high=high, most=most)


def share(values: Iterable[float], part: float) -> float:
    """The value below which this part of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))]


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def cells(row: Row) -> tuple[str, ...]:
    verdict = "" if row.holds is None else "yes" if row.holds else "MISSED"
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    reference = "" if row.reference is None else f"{number(row.reference)} {row.unit}"
    return row.name, f"{number(row.ours)} {row.unit}", reference, row.rival, ratio, row.spread, row.goal, verdict


def table(rows: Sequence[Row]) -> str:
    """As Markdown, which a terminal shows as well."""
    lines = [_COLUMNS, *(cells(row) for row in rows)]
    widths = [max(3, *(len(line[i]) for line in lines)) for i in range(len(_COLUMNS))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join("| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in lines)


@dataclass(frozen=True, slots=True)
class Run:
    """All rows of one run; `notes` say what else there is to know, and what could not be measured here."""

    machine: str
    date: str
    rows: Sequence[Row]
    notes: Sequence[str] = ()

    @property
    def told(self) -> str:
        return f"{self.date[:10]}, {self.machine}"


def finished(rows: Sequence[Row], notes: Sequence[str], load: str) -> Run:
    return Run(f"{machine()}, {load}", datetime.now(UTC).isoformat(timespec="seconds"), rows, notes)


def keep(run: Run) -> None:
    kept = [{key: _plain(getattr(row, key)) for key in _KEPT} for row in run.rows]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": run.machine, "date": run.date, "rows": kept}, indent=2) + "\n")


def machine() -> str:
    model = next((line for line in _cpu_lines() if line.startswith("model name")), "").partition(":")[2].strip()
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} shared cores{f' of {model}' if model else ''}, {system}"


def _plain(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []

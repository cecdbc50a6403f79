"""One measured figure, and how figures are told."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).with_name("results") / "latest.json"


@dataclass(frozen=True, slots=True)
class Row:
    """`most` is the goal's upper bound; None where the figure is only told. `how` says what was done, in short."""

    name: str
    ours: float
    unit: str
    most: float | None
    how: str

    @property
    def goal(self) -> str:
        return "" if self.most is None else f"<= {self.most:g} {self.unit}"

    @property
    def holds(self) -> bool:
        return self.most is None or self.ours <= self.most


def share(values: Iterable[float], part: float) -> float:
    """The value below which this part of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))]


def told(row: Row) -> str:
    return f"{row.ours:,.0f} {row.unit}" if row.ours >= 100 else f"{row.ours:.3g} {row.unit}"


def table(rows: Sequence[Row]) -> str:
    """As Markdown, which a terminal shows as well."""
    lines = [(r.name, told(r), r.goal, "" if r.holds else "MISSED", r.how) for r in rows]
    header = ("figure", "ours", "goal", "", "how")
    widths = [max(len(line[i]) for line in [header, *lines]) for i in range(len(header))]
    all_lines = [header, tuple("-" * w for w in widths), *lines]
    return "\n".join(
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in all_lines
    )


def keep(rows: Sequence[Row]) -> None:
    measured = [asdict(row) | {"goal": row.goal, "holds": row.holds} for row in rows]
    date = datetime.now(UTC).isoformat(timespec="seconds")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine(), "date": date, "rows": measured}, indent=2) + "\n")


def machine() -> str:
    model = next((line for line in _cpu_lines() if line.startswith("model name")), "").partition(":")[2].strip()
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    busy = f"load average {os.getloadavg()[0]:.1f}"
    return f"{os.cpu_count()} shared cores{f' of {model}' if model else ''}, {system}, {busy}"


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []

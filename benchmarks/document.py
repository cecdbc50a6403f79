"""What was measured last, in docs/benchmarks.md, between markers."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.rows import Run, table

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page that a program writes."""

    begin: str
    end: str

    def write(self, text: str) -> None:
        before, rest = PAGE.read_text(encoding="utf-8").split(self.begin)
        after = rest.split(self.end)[1]
        PAGE.write_text(f"{before}{self.begin}\n{text}\n{self.end}{after}", encoding="utf-8")


FIGURES = Part("<!-- generated: make bench -->", "<!-- end of generated -->")


def write(run: Run) -> None:
    notes = "".join(f"\n- {note}" for note in run.notes)
    FIGURES.write(f"{run.told}.\n\n{table(run.rows)}\n{notes}")

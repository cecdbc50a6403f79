"""The table of the last run in docs/benchmarks.md, between its markers."""

from pathlib import Path

from benchmarks.rows import Run, table

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- generated: make bench -->", "<!-- end of generated -->"


def write(run: Run) -> None:
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    notes = "".join(f"\n- {note}" for note in run.notes)
    PAGE.write_text(f"{before}{BEGIN}\n{run.told}.\n\n{table(run.rows)}\n{notes}\n{END}{after}", encoding="utf-8")

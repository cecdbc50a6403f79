"""The tables and the picture of docs/estimation.md, anew: python -m benchmarks.estimation [--seeds N] [--days N]

The same as `wartezone evaluate`, with more days; some minutes on all cores.
"""

import argparse
from pathlib import Path

from rich.console import Console

from queue_core.evaluate.files import figures
from queue_core.evaluate.lab import Plan
from queue_core.evaluate.plot import calibration
from queue_core.evaluate.report import markdown, show
from queue_core.evaluate.runs import on_scenarios

_DOCS = Path(__file__).parents[1] / "docs"
PAGE, PICTURE = _DOCS / "estimation.md", _DOCS / "images" / "calibration.svg"
RESULTS = Path(__file__).with_name("results") / "estimation.json"
BEGIN, END = "<!-- generated: python -m benchmarks.estimation -->", "<!-- end of generated -->"


def main() -> None:
    asked = _arguments().parse_args()
    found = on_scenarios(Plan(seeds=asked.seeds, days=asked.days), Console(stderr=True))
    show(found, Console())
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    page = f"{before}{BEGIN}\n{markdown(found)}{END}{rest.split(END)[1]}"
    for path, text in ((PAGE, page), (PICTURE, calibration(found)), (RESULTS, figures(found))):
        path.write_text(text, encoding="utf-8")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.estimation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="offices of each kind")
    parser.add_argument("--days", type=int, default=2, help="scored days of each office")
    return parser


if __name__ == "__main__":
    main()

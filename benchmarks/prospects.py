"""How true the ranges of appointments are, from home to the check-in: python -m benchmarks.prospects [--seeds N]

On the simulated offices that give appointments; some minutes on all cores. Writes its table into docs/estimation.md.
"""

import argparse
from collections.abc import Iterable, Iterator
from multiprocessing import get_context
from pathlib import Path

from queue_core.evaluate.lab import FIRST_SEED
from queue_core.evaluate.prospects import Asked, Truth, Truths, prospects
from queue_core.simulate.scenarios import SCENARIOS

PAGE = Path(__file__).parents[1] / "docs" / "estimation.md"
BEGIN, END = "<!-- generated: python -m benchmarks.prospects -->", "<!-- end of prospects -->"
_OFFICES = ("appointments", "jobcenter")
_TRAINING = 6
_COLUMNS = ("office", "told", "visits", "in range", "> p90", "as told", "too short", "width, min", "bias, min", "none")


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.prospects", description=__doc__)
    parser.add_argument("--seeds", type=int, default=4, help="offices of each kind")
    parser.add_argument("--days", type=int, default=3, help="scored days of each office")
    asked = parser.parse_args()
    courses = [(name, FIRST_SEED + n, asked.days) for name in _OFFICES for n in range(asked.seeds)]
    with get_context("spawn").Pool() as pool:
        found = list(zip(courses, pool.map(_course, courses, chunksize=1), strict=True))
    told = f"{asked.seeds} offices of each kind, {asked.days} scored days each after {_TRAINING} to learn from.\n\n"
    table = "\n".join(_table({name: [t for (of, *_), t in found if of == name] for name in _OFFICES}))
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{told}{table}\n{END}{rest.split(END)[1]}", encoding="utf-8")
    print(table)


def _course(asked: tuple[str, int, int]) -> Truths:
    name, seed, days = asked
    scenario = SCENARIOS[name]
    logs = [scenario.log(seed, n) for n in range(_TRAINING + days)]
    return prospects(scenario.zone, logs[:_TRAINING], logs[_TRAINING:])


def _table(found: dict[str, list[Truths]]) -> Iterator[str]:
    yield f"| {' | '.join(_COLUMNS)} |"
    yield f"|---|---|{'--:|' * (len(_COLUMNS) - 2)}"
    for name, truths in found.items():
        title = SCENARIOS[name].title.partition(":")[0]
        for asked in Asked:
            yield _row(title, asked, sum((t[asked] for t in truths), Truth()))
    every = [t for truths in found.values() for t in truths]
    yield _row("both", "all", sum((t for truths in every for t in truths.values()), Truth()))


def _row(title: str, asked: str, truth: Truth) -> str:
    known = max(1, truth.known)
    shares: Iterable[int] = (truth.in_range, truth.late, truth.within, truth.too_short)
    cells = (f"{100 * share / known:.0f} %" for share in shares)
    minutes = (f"{seconds / known / 60:.1f}" for seconds in (truth.width_s, truth.bias_s))
    return f"| {' | '.join((title, asked, str(truth.visits), *cells, *minutes, str(truth.visits - truth.known)))} |"


if __name__ == "__main__":
    main()

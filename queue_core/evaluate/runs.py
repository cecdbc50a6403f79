"""Whole evaluations, from what was asked for to the scores, watched at the terminal."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from queue_core.domain.errors import WartezoneError
from queue_core.domain.office import Zone
from queue_core.domain.quality import HUNDRED, Quality
from queue_core.estimate.quality import quality_of
from queue_core.evaluate import lab
from queue_core.evaluate.contest import compete, steps
from queue_core.evaluate.evaluation import Evaluation, evaluated
from queue_core.evaluate.logs import course
from queue_core.simulate.scenarios import SCENARIOS

_LOGS = "logs"
_MINUTE_S = 60


class UnknownScenario(WartezoneError):
    def __init__(self, name: str) -> None:
        super().__init__(f"there is no scenario {name!r}, only {', '.join(SCENARIOS)}")


def scenarios(named: str) -> tuple[str, ...]:
    """`named`: separated by commas; may be none. Raises `UnknownScenario`."""
    names = tuple(dict.fromkeys(name.strip() for name in named.split(",") if name.strip()))
    for name in names:
        if name not in SCENARIOS:
            raise UnknownScenario(name)
    return names


def on_scenarios(plan: lab.Plan, console: Console) -> Evaluation:
    with _bar(console) as progress:
        ledgers = lab.run(plan, progress)
    told = (
        f"{_many(len(plan.scenarios), 'simulated office')}, {_many(plan.seeds, 'seed')}, "
        f"{_many(plan.days, 'scored day')} a seed after at most {_many(plan.training_most, 'day')} to learn from"
    )
    return evaluated(told, {name: SCENARIOS[name].title.partition(":")[0] for name in plan.scenarios}, ledgers)


def on_logs(files: Sequence[Path], zone: Zone, console: Console) -> Evaluation:
    """Raises `LogInvalid`, `NothingToScore`."""
    played = course(files, zone)
    many = steps(len(played.training), len(played.tests), oracle=False)
    with _bar(console) as progress:
        done = iter(range(1, many + 1))
        ledgers = compete(played, lambda: progress(next(done, many), many))
    told = (
        f"Zone {zone.id}: {_many(len(played.tests), 'scored day')} after {_many(len(played.training), 'day')} "
        "to learn from; nobody knows the true laws, so there is no oracle"
    )
    told += _as_shown(sum(map(quality_of, (*played.training, *played.tests)), Quality()))
    return evaluated(told, {_LOGS: f"zone {zone.id}"}, {_LOGS: ledgers})


def _as_shown(quality: Quality) -> str:
    """What people were told when they drew, on all days: the same count as on the board and in the feed."""
    if not quality.judged:
        return ""
    return (
        f". What screens showed at the draw, on {_many(quality.days, 'day')}: {quality.within} of {quality.judged} "
        f"were called within the range ({quality.of_hundred(quality.within)} of {HUNDRED}), {quality.too_short} later; "
        f"mean error {quality.error_s / quality.judged / _MINUTE_S:.1f} min, "
        f"bias {quality.bias_s / quality.judged / _MINUTE_S:+.1f} min"
    )


@contextmanager
def _bar(console: Console) -> Iterator[lab.Progress]:
    columns = (TextColumn("days watched"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, many: bar.update(task, completed=done, total=many)


def _many(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"

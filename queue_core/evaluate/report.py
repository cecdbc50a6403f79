"""An evaluation as tables: for the terminal, and the same for a page of documentation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rich.console import Console
from rich.table import Table as RichTable

from queue_core.evaluate.contestants import ORACLE
from queue_core.evaluate.evaluation import TITLES, Evaluation
from queue_core.evaluate.goals import missed, ratio_most
from queue_core.evaluate.scores import Horizon, Scores

NOTHING = "–"
_FIGURES = (
    "tickets",
    "error",
    "/ oracle",
    "pinball 10/50/90",
    "in range",
    "> p90",
    "too short",
    "width",
    "bias",
    "jumps",
    "order",
    "ms",
    "ms/event",
    "none",
    "left",
)
LEGEND = (
    "Errors, widths, bias in minutes; pinball in seconds; jumps: seconds a minute of waiting, over the oracle's where "
    "there is one; too short: called after what a screen told; order: neighbours with the wrong one first; ms: "
    "processor time a forecast of the whole zone; none: nothing was said; left: never called, not scored."
)


@dataclass(frozen=True, slots=True)
class Table:
    """The first column is a name, the others are figures."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def tables(found: Evaluation) -> Iterator[Table]:
    yield _errors(found)
    subject = _title(found.subject)
    by_course = [(found.titles[name], of[found.subject]) for name, of in found.courses.items()]
    together = [("all", found.pooled[found.subject])] if len(by_course) > 1 else []
    yield _in_full(f"{subject}, in full", "office", [*by_course, *together])
    by_method = [(_title(method), scored) for method, scored in found.pooled.items()]
    yield _in_full("All methods, all offices together", "method", by_method)
    yield _horizons(found)


def markdown(found: Evaluation) -> str:
    parts = [f"{found.told}."]
    for table in tables(found):
        rule = ["---", *["--:"] * (len(table.columns) - 1)]
        parts += [f"**{table.title}**", "\n".join(_piped(row) for row in (table.columns, rule, *table.rows))]
    faults = missed(found)
    told = "Goals missed:\n\n" + "\n".join(f"- {fault}" for fault in faults) if faults else "No goal is missed."
    return "\n\n".join((*parts, LEGEND, told)) + "\n"


def show(found: Evaluation, console: Console) -> None:
    console.print(found.told, markup=False, highlight=False)
    short = {name: min(name, title, key=len) for name, title in found.titles.items()}
    for table in tables(replace(found, titles=short)):
        drawn = RichTable(title=table.title, title_justify="left", title_style="bold", box=None)
        for n, column in enumerate(table.columns):
            drawn.add_column(column, justify="right" if n else "left", overflow="fold")
        for row in table.rows:
            drawn.add_row(*row)
        console.print(drawn, "")
    console.print(LEGEND, style="dim")
    for fault in missed(found):
        console.print(f"goal missed: {fault}", markup=False, highlight=False)


def _errors(found: Evaluation) -> Table:
    """Everybody's mean absolute error, over the oracle's if there is one."""
    rivals = [m for m in found.methods if m not in {found.subject, ORACLE}]
    methods = [found.subject, *rivals]
    if not found.has_oracle:
        rows = [
            [found.titles[name], _minutes(of[found.subject].mean_wait_s), *(_minutes(of[m].all.mae_s) for m in methods)]
            for name, of in found.courses.items()
        ]
        return Table("Mean absolute error, min", ["office", "wait", *map(_title, methods)], rows)
    rows = [
        [
            found.titles[name],
            _minutes(of[ORACLE].mean_wait_s),
            _minutes(of[ORACLE].all.mae_s),
            _times(of[found.subject].all.mae_ratio),
            _times(ratio_most(name)),
            *(_times(of[m].all.mae_ratio) for m in rivals),
        ]
        for name, of in found.courses.items()
    ]
    means = [_times(found.mean_ratio(m)) for m in methods]
    rows.append(["mean", "", "", means[0], _times(ratio_most("")), *means[1:]])
    columns = ["office", "wait, min", "oracle, min", _title(found.subject), "goal", *map(_title, rivals)]
    return Table("Mean absolute error, as a multiple of the oracle's", columns, rows)


def _in_full(title: str, of: str, scored: Sequence[tuple[str, Scores]]) -> Table:
    return Table(title, [of, *_FIGURES], [[name, *_figures(scores)] for name, scores in scored])


def _figures(scored: Scores) -> Iterator[str]:
    errors = scored.all
    yield str(errors.tickets)
    yield _minutes(errors.mae_s)
    yield _times(errors.mae_ratio)
    yield "/".join(f"{loss_s:.0f}" for loss_s in errors.pinball_s) if errors.pinball_s else NOTHING
    yield from map(_share, (errors.coverage, errors.late, errors.too_short))
    yield from map(_minutes, (errors.width_s, errors.bias_s))
    yield _times(scored.jump_ratio) if scored.jump_ratio is not None else _number(scored.jump_s, 0)
    yield _share(scored.swapped)
    yield _number(scored.forecast_ms, 1)
    yield _number(scored.event_ms, 3)
    yield str(scored.unknown)
    yield str(scored.left)


def _horizons(found: Evaluation) -> Table:
    """By what was said; the observed shares should be 10, 50 and 90 %."""
    rows = []
    for method in dict.fromkeys((found.subject, *(m for m in found.methods if m == ORACLE))):
        for horizon in Horizon:
            errors = found.pooled[method].by_horizon[horizon]
            observed = "/".join(_share(share) for share in errors.observed) if errors.observed else NOTHING
            figures = (_minutes(errors.mae_s), _times(errors.mae_ratio), observed, _share(errors.coverage))
            rows.append([_title(method), horizon.value, str(errors.tickets), *figures, _minutes(errors.bias_s)])
    columns = ["method", "said", "tickets", "error", "/ oracle", "called by p10/p50/p90", "in range", "bias"]
    return Table("Calibration, by the median that was said", columns, rows)


def _title(method: str) -> str:
    return TITLES.get(method, method)


def _piped(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _minutes(seconds: float | None) -> str:
    return NOTHING if seconds is None else f"{seconds / 60:.1f}"


def _times(ratio: float | None) -> str:
    return NOTHING if ratio is None else f"{ratio:.2f}"


def _share(share: float | None) -> str:
    return NOTHING if share is None else f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"


def _number(value: float | None, digits: int) -> str:
    return NOTHING if value is None else f"{value:.{digits}f}"

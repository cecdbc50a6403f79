"""Tells at the terminal where the simulated days are."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from queue_core.domain.calendar import local_time
from queue_core.domain.office import Zone
from queue_core.simulate.player import Report, Standing

Watch = Callable[[Zone], Report]


@contextmanager
def day_bars(zones: Iterable[Zone], console: Console | None = None) -> Iterator[Watch]:
    """One bar a zone: its local time between opening and closing, who waits, who was served."""
    columns = (
        TextColumn("{task.description}"),
        TextColumn("{task.fields[clock]}"),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[waiting]:>3} waiting {task.fields[served]:>4} served"),
    )
    with Progress(*columns, console=console, expand=True) as progress:
        tasks = {zone.id: progress.add_task(_name(zone), total=1.0, clock="", waiting=0, served=0) for zone in zones}

        def watch(zone: Zone) -> Report:
            def report(standing: Standing) -> None:
                day = standing.day
                progress.update(
                    tasks[zone.id],
                    completed=(standing.at_ms - day.opens_ms) / (day.closes_ms - day.opens_ms),
                    clock=f"{local_time(zone, standing.at_ms):%a %d.%m. %H:%M}",
                    waiting=standing.waiting,
                    served=standing.served,
                )

            return report

        yield watch


def unwatched(_zone: Zone) -> Report:
    return lambda _standing: None


def _name(zone: Zone) -> str:
    return zone.name.get("de") or next(iter(zone.name.values()), zone.id)

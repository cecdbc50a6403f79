"""The command `wartezone evaluate`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from queue_core.domain.errors import UnknownZone
from queue_core.domain.model import ZoneId
from queue_core.office_file import default_config, load_office
from queue_core.settings import load_settings

#: Tables are this wide where no terminal says how wide it is.
_PIPE_WIDTH = 200


def evaluate(
    logs: Annotated[list[Path] | None, typer.Argument(metavar="[LOG]...", help="Exported logs or archives.")] = None,
    zone: Annotated[str | None, typer.Option("--zone", help="Whose logs these are; the first zone without.")] = None,
    scenarios: Annotated[str, typer.Option(help="Simulated offices, separated by commas; all without.")] = "",
    seeds: Annotated[int, typer.Option(min=1, max=50, help="So many offices of each kind.")] = 3,
    days: Annotated[int, typer.Option(min=1, max=20, help="Scored days of each office.")] = 1,
    quick: Annotated[bool, typer.Option("--quick", help="Three offices, one seed: whether it works.")] = False,
    out: Annotated[Path, typer.Option(help="Folder for figures (JSON), tables and the picture.")] = Path("evaluation"),
) -> None:
    """Hold our forecasts against what came, beside the rules of others: on simulated offices, or on your own logs.

    With logs the earlier days teach and the later ones are scored; a day alone is scored as a first day. Offices are
    simulated on all cores, for some minutes.
    """
    from rich.console import Console

    from queue_core.evaluate import files, lab, report, runs

    progress = Console(stderr=True)
    if logs:
        office = load_office(load_settings().config or default_config())
        if zone is not None and zone not in office:
            raise UnknownZone(zone)
        found = runs.on_logs(logs, office[ZoneId(zone)] if zone else next(iter(office.values())), progress)
    else:
        named = runs.scenarios(scenarios)
        plan = lab.quick(named) if quick else lab.Plan(named or lab.ALL, seeds, days)
        found = runs.on_scenarios(plan, progress)
    report.show(found, Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH))
    for file in files.write(found, out):
        print(file)

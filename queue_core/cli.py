"""The command `wartezone`: each command parses, asks one thing of the rest, prints. Faults are one line and exit 2."""

import asyncio
import json
import sys
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, NoReturn, TextIO

import typer

from queue_core.cli_access import accounts, invite, tokens
from queue_core.cli_appointments import appointments_app
from queue_core.cli_cases import cases_app
from queue_core.cli_evaluate import evaluate
from queue_core.cli_laws import laws
from queue_core.cli_store import Unusable, ZoneOption, opened, require_zone
from queue_core.domain.calendar import local_ms
from queue_core.domain.errors import StoreAway, UnknownZone, WartezoneError
from queue_core.domain.model import ZoneId
from queue_core.domain.office import Zone
from queue_core.office_file import OfficeInvalid, check_report, default_config, load_office
from queue_core.settings import Settings, SettingsInvalid, load_settings
from queue_core.store.access import store_at
from queue_core.store.opened import open_store
from queue_core.store.records import Records
from queue_core.table_file import FileInvalid

USAGE = 2

app = typer.Typer(
    help="A queue for waiting zones.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
app.command()(evaluate)
app.command()(invite)
app.add_typer(tokens, name="token")
app.add_typer(accounts, name="account")
app.add_typer(laws, name="laws")
app.add_typer(appointments_app, name="appointments")
app.add_typer(cases_app, name="cases")
#: Faces bring commands of their own: a function, or a `typer.Typer` for several. Their modules import little.
for _point in entry_points(group="wartezone.commands"):
    _command = _point.load()
    if isinstance(_command, typer.Typer):
        app.add_typer(_command, name=_point.name)
    else:
        app.command(name=_point.name)(_command)


def main() -> None:
    """Entry point: turns what is known to go wrong into one line each."""
    try:
        app()
    except (OfficeInvalid, SettingsInvalid, FileInvalid) as e:
        _give_up(*map(str, e.faults))
    except UnknownZone as e:
        _give_up(f"there is no zone {e.zone!r}")
    except StoreAway as e:
        _give_up(f"the store does not answer: {e}")
    except WartezoneError as e:
        _give_up(str(e))


def _give_up(*lines: str) -> NoReturn:
    for line in lines:
        print(f"wartezone: {line}", file=sys.stderr)
    sys.exit(USAGE)


@app.command()
def serve(
    workers: Annotated[int | None, typer.Option(help="Web processes that share the port.")] = None,
) -> None:
    """Serve all faces. Settings come from the environment, see docs/settings.md."""
    from queue_core.serve import run

    run(load_settings(workers=workers))


@app.command(hidden=True)
def web(figures: Annotated[Path, typer.Argument(help="Where web processes keep their figures.")]) -> None:
    """One web process of `serve --workers N`, which starts it."""
    from queue_core.serve import run_web

    run_web(load_settings(), figures)


@app.command()
def demo(
    rate: Annotated[float, typer.Option(min=1, max=200, help="How many times faster than real time.")] = 20,
    seed: Annotated[int, typer.Option(help="One seed, the same days.")] = 1,
) -> None:
    """Serve an office that lives by itself: simulated visitors and clerks on the real API."""
    from queue_core.serve import run
    from queue_core.serve.demo import demo as companion

    run(load_settings(), companion(rate, seed))


@app.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="A TOML file or a folder; without, what is configured.")] = None,
) -> None:
    """Check an office's files: all faults at once, each with its line and what would be right."""
    lines, code = check_report(path or load_settings().config or default_config())
    print("\n".join(lines), file=sys.stderr if code else sys.stdout)
    raise typer.Exit(code)


@app.command()
def doctor() -> None:
    """Look at settings, office, data, disk and store, and say what is wrong."""
    from queue_core.doctor import examine

    findings = asyncio.run(examine(load_settings()))
    for finding in findings:
        print(finding)
    raise typer.Exit(USAGE if any(f.bad for f in findings) else 0)


@app.command()
def worker(
    clock: Annotated[bool, typer.Option("--clock", help="Also enqueue the jobs that are due by time.")] = False,
) -> None:
    """Run background jobs until stopped. `serve` starts one by itself; more may run anywhere."""
    from queue_core.jobs.timetable import work
    from queue_core.serve.logs import configure_logs

    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)
    with store_at(settings.data, settings.external_store) as url:
        asyncio.run(_require_store(url))
        work(url, clock=clock)


@app.command(name="export-log")
def export_log(zone: ZoneOption) -> None:
    """Print a zone's log as JSON lines; ended days that are still kept come first."""
    asyncio.run(_export_log(load_settings(), ZoneId(zone)))


async def _export_log(settings: Settings, zone: ZoneId) -> None:
    async with opened(settings) as store:
        await require_zone(store, zone)
        async for event in Records(store.client, zone).export():
            print(json.dumps(event.to_json(), ensure_ascii=False))


@app.command(name="export-archive")
def export_archive(
    zone: ZoneOption,
    to: Annotated[Path, typer.Argument(help="A folder; each ended day becomes a file in it, by its date.")],
) -> None:
    """Write the de-identified archives of a zone's ended days, to be learned from or evaluated elsewhere."""
    archives = asyncio.run(_archives(load_settings(), ZoneId(zone)))
    try:
        to.mkdir(parents=True, exist_ok=True)
        for day, lines in archives.items():
            (to / f"{day}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as e:
        raise Unusable(f"{e.filename}: {e.strerror}") from e
    print(f"wrote {len(archives)} days, {min(archives)} to {max(archives)}")


async def _archives(settings: Settings, zone: ZoneId) -> dict[str, list[str]]:
    async with opened(settings) as store:
        await require_zone(store, zone)
        records = Records(store.client, zone)
        days = {day: await records.read_archive(day) for day in await records.archived_days()}
    if not days:
        raise Unusable(f"no ended day of {zone} is on record")
    return {day: [json.dumps(line, ensure_ascii=False) for line in lines] for day, lines in days.items()}


@app.command()
def simulate(
    zone: Annotated[str | None, typer.Option("--zone", help="Zone id; the first zone without.")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="Open days to play.")] = 1,
    seed: Annotated[int, typer.Option(help="One seed, one day, the same log.")] = 1,
    start: Annotated[datetime | None, typer.Option("--from", help="First day, e.g. 2026-11-23; today without.")] = None,
    log: Annotated[
        typer.FileTextWrite | None,
        typer.Option(help="Write the log here, as JSON lines.", encoding="utf-8", lazy=False),
    ] = None,
    over: Annotated[str | None, typer.Option(help="Play through the API of the server at this address.")] = None,
    rate: Annotated[float, typer.Option(min=1, max=200, help="With --over: times faster than real time.")] = 20,
    replay: Annotated[Path | None, typer.Option(help="Play this exported log or archive instead.")] = None,
) -> None:
    """Play office days and print how each went: in a store of their own at once, or live on a running server.

    Live play needs the server's data (WARTEZONE_DATA): it winds the zone's clock. Never do that to a real office.
    """
    from queue_core.serve.demo import play_over
    from queue_core.serve.simulation import play_alone

    settings = load_settings()
    office = load_office(settings.config or default_config())
    if zone is not None and zone not in office:
        raise UnknownZone(zone)
    chosen = office[ZoneId(zone)] if zone else next(iter(office.values()))
    if replay:
        _replay(settings, chosen, replay, log, over, rate)
        return
    from_ms = local_ms(chosen, start.date(), start.time()) if start else 0
    if over:
        played = asyncio.run(play_over(settings, chosen, days, seed, over, rate))
    else:
        played = asyncio.run(play_alone(chosen, days, seed, from_ms, log))
    for day in played:
        print(json.dumps(day.to_json()))


def _replay(settings: Settings, zone: Zone, file: Path, log: TextIO | None, over: str | None, rate: float) -> None:
    from queue_core.evaluate.replay import read_log
    from queue_core.serve.playback import replay_alone, replay_over

    events = read_log(file, zone)
    played = replay_over(settings, zone, events, over, rate) if over else replay_alone(zone, events, log)
    print(json.dumps(asyncio.run(played).to_json()))


async def _require_store(url: str) -> None:
    """Raises `StoreAway`, `StoreFailure`."""
    async with open_store(url):
        return

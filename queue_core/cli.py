"""The command `wartezone`: each command parses, asks one thing of the rest, prints. Faults are one line and exit 2."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn, TextIO

import typer

from queue_core.cli_evaluate import evaluate
from queue_core.domain.calendar import local_ms
from queue_core.domain.errors import StoreAway, UnknownZone, WartezoneError
from queue_core.domain.model import ZoneId
from queue_core.domain.office import Zone
from queue_core.domain.principal import Grant, Role, invitation_path
from queue_core.office_file import OfficeInvalid, check_report, default_config, load_office
from queue_core.settings import Settings, SettingsInvalid, load_settings
from queue_core.store.access import store_at
from queue_core.store.credentials import Credentials
from queue_core.store.opened import Store, open_store
from queue_core.store.records import Records
from queue_core.store.zone import ZoneStore

USAGE = 2
AT_THE_SHELL = "shell"

app = typer.Typer(
    help="A queue for waiting zones.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
tokens = typer.Typer(help="Tokens for devices, desks and programs.", no_args_is_help=True)
app.add_typer(tokens, name="token")
accounts = typer.Typer(help="Who may log in.", no_args_is_help=True)
app.add_typer(accounts, name="account")
app.command()(evaluate)

ZoneOption = Annotated[str, typer.Option("--zone", help="Zone id.")]


def main() -> None:
    """Entry point: turns what is known to go wrong into one line each."""
    try:
        app()
    except OfficeInvalid as e:
        _give_up(*(str(fault) for fault in e.faults))
    except SettingsInvalid as e:
        _give_up(*e.faults)
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
    from queue_core.jobs import work
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
    async with _opened(settings) as store:
        await _require_zone(store, zone)
        async for event in Records(store.client, zone).export():
            print(json.dumps(event.to_json(), ensure_ascii=False))


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


@tokens.command("create")
def token_create(
    role: Annotated[Role, typer.Option(help="What its bearer may do.")],
    zone: ZoneOption,
    name: Annotated[str, typer.Option(help="What it is for, as lists show it.")] = "",
) -> None:
    """Create a token and print it, once: only its hash is kept."""
    asyncio.run(_token_create(load_settings(), role, ZoneId(zone), name))


async def _token_create(settings: Settings, role: Role, zone: ZoneId, name: str) -> None:
    async with _opened(settings) as store:
        await _require_zone(store, zone)
        print(await Credentials(store.client).create_token(Grant(role, frozenset({zone}), name), by=AT_THE_SHELL))


@tokens.command("list")
def token_list() -> None:
    """Print every token's id, role, zones and name, never the token itself."""
    asyncio.run(_token_list(load_settings()))


async def _token_list(settings: Settings) -> None:
    async with _opened(settings) as store:
        for token in await Credentials(store.client).tokens():
            state = "revoked" if token.revoked_ms else "valid"
            print("\t".join((token.id, token.grant.role, _zones(token.grant), state, token.grant.name)))


@tokens.command("revoke")
def token_revoke(token: Annotated[str, typer.Argument(help="The token's id, as `token list` prints it.")]) -> None:
    """Revoke a token; its open streams end within seconds."""
    asyncio.run(_token_revoke(load_settings(), token))


async def _token_revoke(settings: Settings, token: str) -> None:
    async with _opened(settings) as store:
        if not await Credentials(store.client).revoke_token(token, by=AT_THE_SHELL):
            _give_up(f"there is no token with id {token!r}")


@accounts.command("list")
def account_list() -> None:
    """Print everybody who may log in: login, role, zones."""
    asyncio.run(_account_list(load_settings()))


async def _account_list(settings: Settings) -> None:
    async with _opened(settings) as store:
        for account in await Credentials(store.client).accounts():
            print("\t".join((account.login, account.grant.role, _zones(account.grant))))


@accounts.command("remove")
def account_remove(login: Annotated[str, typer.Argument(help="As `account list` prints it.")]) -> None:
    """Remove an account; its sessions and open screens end within seconds. A new password: remove, then invite."""
    asyncio.run(_account_remove(load_settings(), login))


async def _account_remove(settings: Settings, login: str) -> None:
    async with _opened(settings) as store:
        if not await Credentials(store.client).remove_account(login, by=AT_THE_SHELL):
            _give_up(f"there is no account {login!r}")


def _zones(grant: Grant) -> str:
    return ",".join(sorted(grant.zones)) if grant.zones else "every zone"


@app.command()
def invite(
    role: Annotated[Role, typer.Option(help="What the new account may do.")],
    zone: ZoneOption,
) -> None:
    """Print a one-time link with which a person makes their own account."""
    asyncio.run(_invite(load_settings(), role, ZoneId(zone)))


async def _invite(settings: Settings, role: Role, zone: ZoneId) -> None:
    async with _opened(settings) as store:
        await _require_zone(store, zone)
        code = await Credentials(store.client).invite(Grant(role, frozenset({zone})), by=AT_THE_SHELL)
        print((await store.address() or settings.base_url) + invitation_path(code))


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Store]:
    with store_at(settings.data, settings.external_store) as url:
        async with open_store(url) as store:
            yield store


async def _require_store(url: str) -> None:
    """Raises `StoreAway`, `StoreFailure`."""
    async with open_store(url):
        return


async def _require_zone(store: Store, zone: ZoneId) -> None:
    """A zone that was ever served from this data. Raises `UnknownZone`."""
    if (await ZoneStore(store.client, zone).read()).snapshot is None:
        raise UnknownZone(zone)

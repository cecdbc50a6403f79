"""The commands `wartezone laws`: what the estimator has learned of a zone."""

import asyncio
import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from queue_core.cli_store import AT_THE_SHELL, Unusable, ZoneOption, opened, require_zone
from queue_core.domain.archive import events_of
from queue_core.domain.errors import UnknownZone
from queue_core.domain.model import ZoneId
from queue_core.domain.office import Zone
from queue_core.domain.strange import STRANGE
from queue_core.office_file import default_config, load_office
from queue_core.real_clock import real_ms
from queue_core.settings import Settings, load_settings
from queue_core.store.audit import Audit
from queue_core.store.laws import KeptLaws
from queue_core.store.opened import Store
from queue_core.store.packed import NotPacked
from queue_core.store.records import Records

laws = typer.Typer(help="What the forecasts have learned of a zone.", no_args_is_help=True)

#: What lies further back has next to no weight.
DAYS = 60


@laws.command()
def show(zone: ZoneOption) -> None:
    """Print in a few lines what was learned of a zone."""
    asyncio.run(_show(load_settings(), _configured(zone)))


async def _show(settings: Settings, zone: Zone) -> None:
    async with opened(settings) as store:
        for line in _lines(zone, await _stored(store, zone.id)):
            print(line)


@laws.command()
def export(zone: ZoneOption) -> None:
    """Print a zone's laws as JSON, without what was learned of today's counters."""
    asyncio.run(_export(load_settings(), ZoneId(zone)))


async def _export(settings: Settings, zone: ZoneId) -> None:
    from queue_core.estimate.laws.today import Today

    async with opened(settings) as store:
        laws_ = _understood(await _stored(store, zone), f"what is kept of {zone}")
        laws_.learned.today = Today()
        print(json.dumps(laws_.to_json(), ensure_ascii=False))


@laws.command("import")
def import_(file: Annotated[Path, typer.Argument(help="As `laws export` printed it.")], zone: ZoneOption) -> None:
    """Replace a zone's laws; a running server goes on with them within seconds."""
    asyncio.run(_exchange(load_settings(), ZoneId(zone), "laws_imported", _read(file, _configured(zone))))


@laws.command()
def reset(zone: ZoneOption) -> None:
    """Forget what was learned of a zone; a running server begins anew within seconds."""
    asyncio.run(_exchange(load_settings(), ZoneId(zone), "laws_reset", None))


async def _exchange(settings: Settings, zone: ZoneId, what: str, record: dict[str, Any] | None) -> None:
    async with opened(settings) as store:
        await require_zone(store, zone)
        await KeptLaws(store.client, zone).exchange(record)
        await Audit(store.client).append(AT_THE_SHELL, what, zone)


@laws.command()
def rebuild(
    zone: ZoneOption,
    days: Annotated[int, typer.Option(min=1, max=400, help="From so many of the last days on record.")] = DAYS,
) -> None:
    """Learn a zone's laws anew from the archives of its ended days; a running server goes on with them."""
    asyncio.run(_rebuild(load_settings(), _configured(zone), days))


async def _rebuild(settings: Settings, zone: Zone, days: int) -> None:
    from queue_core.estimate.knowledge import Knowledge

    async with opened(settings) as store:
        await require_zone(store, zone.id)
        records = Records(store.client, zone.id)
        if not (archived := (await records.archived_days())[-days:]):
            raise Unusable(f"no ended day of {zone.id} is on record")
        learned, unread = Knowledge(), []
        with _progress(zone.id, len(archived)) as advance:
            for day in archived:
                if fault := await _learned(zone, records, day, learned):
                    unread.append(f"{day}: {fault}")
                advance()
        if len(unread) == len(archived):
            raise Unusable(f"no archive of {zone.id} can be read; {unread[-1]}")
        await KeptLaws(store.client, zone.id).exchange(learned.to_json())
        await Audit(store.client).append(AT_THE_SHELL, "laws_rebuilt", zone.id)
    for fault in unread:
        print(f"left out {fault}")
    print(f"learned from {len(archived) - len(unread)} days, {archived[0]} to {archived[-1]}")


async def _learned(zone: Zone, records: Records, day: str, laws_: Any) -> str:
    """What is wrong with the day, if anything; what came before the fault is learned."""
    from queue_core.lessons import learn_day

    places = {place.id: place.services for place in zone.counters.values()}
    try:
        learn_day(zone, events_of(await records.read_archive(day), places), laws_)
    except STRANGE as e:
        return str(e)
    return ""


@contextmanager
def _progress(words: str, steps: int) -> Iterator[Callable[[], None]]:
    """On stderr; gives what is to be called after each step."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(words, total=steps)
        yield lambda: bar.advance(task)


def _configured(zone: str) -> Zone:
    office = load_office(load_settings().config or default_config())
    if zone not in office:
        raise UnknownZone(zone)
    return office[ZoneId(zone)]


async def _stored(store: Store, zone: ZoneId) -> dict[str, Any]:
    """Raises `UnknownZone`, `Unusable`."""
    await require_zone(store, zone)
    found = await KeptLaws(store.client, zone).read()
    if found.packed is None:
        raise Unusable(f"nothing that was learned of {zone} is kept yet: a running server keeps it every 5 minutes")
    try:
        return found.record()
    except NotPacked as e:
        raise Unusable(f"what is kept as laws of {zone} is none; a running server puts it aside") from e


def _read(file: Path, zone: Zone) -> dict[str, Any]:
    from queue_core.lessons import try_laws

    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except OSError as e:
        raise Unusable(f"cannot read {file}: {e.strerror}") from e
    except (ValueError, RecursionError) as e:
        raise Unusable(f"{file}: no JSON: {e}") from e
    try:
        try_laws(record, zone, real_ms())
    except STRANGE as e:
        raise Unusable(f"{file}: no laws of this release: {e}") from e
    return dict(record)


def _understood(record: Any, where: str) -> Any:
    from queue_core.estimate.knowledge import Knowledge

    try:
        return Knowledge.from_json(record)
    except STRANGE as e:
        raise Unusable(f"{where}: no laws of this release: {e}") from e


def _lines(zone: Zone, record: dict[str, Any]) -> Iterator[str]:
    learned = _understood(record, f"what is kept of {zone.id}").learned
    for service in zone.services.values():
        known = learned.occupations.services.get(service.id)
        if known is None or not len(known.residuals):
            yield f"{service.id}: nothing yet, {service.minutes} min configured"
            continue
        usual_min = math.exp(learned.occupations.belief(service.id, 60 * service.minutes).mean) / 60
        seen = f"{len(known.residuals)} visits, {service.minutes} min configured"
        yield f"{service.id}: usually {usual_min:.1f} min from {seen}"
    low, high = (100 * share for share in (learned.no_shows.chances()[0], learned.no_shows.chances()[-1]))
    yield f"not there when called: {low:.0f} % of those who waited shortest, {high:.0f} % of those who waited longest"

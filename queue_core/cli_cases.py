"""The commands `wartezone cases`: news from a case system's file, and how many cases are where."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from queue_core.case_drop import MIB_MOST
from queue_core.case_file import case_news
from queue_core.case_taking import summary
from queue_core.casework.casework import Casework, case_office
from queue_core.cli_store import AT_THE_SHELL, Unusable, content_of, opened
from queue_core.domain.cases import Effect
from queue_core.office_file import OfficeFiles, default_config, read_office
from queue_core.settings import Settings, load_settings
from queue_core.store.audit import Audit
from queue_core.store.opened import Store
from queue_core.web.secret import load_secret

cases_app = typer.Typer(help="Where applications stand, from a case system.", no_args_is_help=True)


@cases_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV with the header case,stage,updated_at, or .jsonl; docs/cases.md.")],
) -> None:
    """Take over the news of a file: all of them, or none and every fault with its line. Repeating it is harmless."""
    content = content_of(file, MIB_MOST, "cases")
    effects = asyncio.run(_import(load_settings(), content, file.name))
    print(summary(effects))


@cases_app.command("counts")
def counts() -> None:
    """Print how many cases are in which stage: kind, stage, count. Never which."""
    for (kind, stage), count in sorted(asyncio.run(_counts(load_settings())).items()):
        print("\t".join((kind, stage, str(count))))


@cases_app.command("clear")
def clear() -> None:
    """Erase every case, for good: after the secret was changed or lost. The case system then pushes them anew."""
    typer.confirm("Erase every case?", abort=True)
    asyncio.run(_clear(load_settings()))
    print("all cases are erased; the disk forgets them within minutes")


async def _clear(settings: Settings) -> None:
    async with opened(settings) as store:
        await _casework(settings, _files(settings), store).clear(AT_THE_SHELL)


async def _import(settings: Settings, content: bytes, name: str) -> Counter[Effect]:
    files = _files(settings)
    async with opened(settings) as store:
        work = _casework(settings, files, store)
        zone = next(iter(files.office.values()))
        pushed = case_news(content, name, work.rules, zone.time_zone, work.now_ms())
        return Counter(await work.push(pushed, AT_THE_SHELL) if pushed else ())


async def _counts(settings: Settings) -> Counter[tuple[str, str]]:
    files = _files(settings)
    async with opened(settings) as store:
        return await _casework(settings, files, store).counts()


def _files(settings: Settings) -> OfficeFiles:
    files = read_office(settings.config or default_config())
    if not files.site.cases.stages:
        raise Unusable("this office has no stages of cases: see [site.cases] of its files")
    return files


def _casework(settings: Settings, files: OfficeFiles, store: Store) -> Casework:
    return case_office(files.site.cases, store, load_secret(settings), Audit(store.client)).work

"""`wartezone doctor`: looks at everything that a start needs, and says what is wrong in one line each."""

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

from queue_core.case_drop import CaseDrop, FolderUnusable
from queue_core.domain.errors import StoreAway, WartezoneError
from queue_core.office_file import check_report, default_config
from queue_core.settings import Settings
from queue_core.store.access import store_at
from queue_core.store.failures import NoData
from queue_core.store.opened import open_store

#: Below this a busy day's log, and its rewriting, may not fit.
FREE_LEAST_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    about: str
    words: str
    bad: bool = False

    def __str__(self) -> str:
        return f"{'WRONG' if self.bad else 'ok':<6}{self.about:<10}{self.words}"


async def examine(settings: Settings) -> list[Finding]:
    looked: tuple[Callable[[Settings], Iterator[Finding]], ...] = (_office, _data, _safety, _cases)
    findings = [finding for look in looked for finding in look(settings)]
    return [*findings, *[finding async for finding in _store(settings)]]


def _office(settings: Settings) -> Iterator[Finding]:
    lines, code = check_report(settings.config or default_config())
    for line in lines:
        yield Finding("office", line, bad=bool(code))


def _data(settings: Settings) -> Iterator[Finding]:
    existing = next(p for p in (settings.data.resolve(), *settings.data.resolve().parents) if p.exists())
    yield Finding("data", f"{settings.data.resolve()}", bad=not os.access(existing, os.W_OK))
    free = shutil.disk_usage(existing).free
    yield Finding("disk", f"{free / (1 << 30):.1f} GiB free", bad=free < FREE_LEAST_BYTES)


def _safety(settings: Settings) -> Iterator[Finding]:
    if settings.insecure_lan and not settings.tls:
        yield Finding("login", "without TLS: anybody in this network can read passwords (insecure_lan)", bad=True)
    elif not settings.login_allowed:
        yield Finding("login", "without TLS on this machine only: for others set public_url to https://… (a proxy)")
    else:
        yield Finding("login", "by TLS" if settings.tls else "on this machine only")


def _cases(settings: Settings) -> Iterator[Finding]:
    if settings.cases_drop is None:
        return
    try:
        CaseDrop(settings.cases_drop).require_usable()
        yield Finding("cases", f"news from {settings.cases_drop}")
    except FolderUnusable as e:
        yield Finding("cases", f"no news: {e}", bad=True)


async def _store(settings: Settings) -> AsyncIterator[Finding]:
    try:
        with store_at(settings.data, settings.external_store) as url:
            async with open_store(url) as store:
                await store.check()
                yield Finding("store", f"{store.version}, writes and reads")
    except NoData:
        yield Finding("store", "none yet: `wartezone serve` makes it")
    except StoreAway as e:
        yield Finding("store", f"does not answer: {e}", bad=True)
    except WartezoneError as e:
        yield Finding("store", str(e), bad=True)

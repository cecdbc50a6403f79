"""What commands that look into a store share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer

from queue_core.domain.errors import UnknownZone, WartezoneError
from queue_core.domain.model import ZoneId
from queue_core.settings import Settings
from queue_core.store.access import store_at
from queue_core.store.opened import Store, open_store
from queue_core.store.zone import ZoneStore

#: Who did it, in the audit log.
AT_THE_SHELL = "shell"

ZoneOption = Annotated[str, typer.Option("--zone", help="Zone id.")]


class Unusable(WartezoneError):
    """What the command needs is not there, or not as it must be."""


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    with store_at(settings.data, settings.external_store) as url:
        async with open_store(url) as store:
            yield store


async def require_zone(store: Store, zone: ZoneId) -> None:
    """A zone that was ever served from this data. Raises `UnknownZone`."""
    if (await ZoneStore(store.client, zone).read()).snapshot is None:
        raise UnknownZone(zone)


def content_of(file: Path, mib_most: int, of_what: str) -> bytes:
    """A file that a person names. Raises `Unusable`: it cannot be read, or is larger than a list of these can be."""
    bytes_most = mib_most * 2**20
    try:
        with file.open("rb") as opened_file:
            content = opened_file.read(bytes_most + 1)
    except OSError as e:
        raise Unusable(f"{file}: {e.strerror}") from e
    if len(content) > bytes_most:
        raise Unusable(f"{file}: larger than {mib_most} MiB: no list of {of_what} is")
    return content

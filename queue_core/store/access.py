"""The store for a command at the shell: that of the running server, else the data directory's own, for a moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from queue_core.store.embedded import EmbeddedStore, socket_url
from queue_core.store.embedded.options import LOG_DIRECTORY
from queue_core.store.embedded.probe import Answer, ask
from queue_core.store.failures import NoData


@contextmanager
def store_at(directory: Path, redis_url: str | None) -> Iterator[str]:
    """The address of the store. Raises `StoreFailure` when it does not start: `NoData` where there never was one.

    Nothing is started where a server runs, nothing keeps running after the command, and no data directory is made: a
    command in the wrong folder would work on an empty one, and seem to have worked.
    """
    if redis_url:
        yield redis_url
    elif ask(socket_url(directory.resolve())) is not Answer.NONE:
        yield socket_url(directory.resolve())
    elif not (directory / LOG_DIRECTORY).is_dir():
        raise NoData(directory.resolve())
    else:
        embedded = EmbeddedStore(directory)
        embedded.start()
        try:
            yield embedded.url
        finally:
            embedded.stop()

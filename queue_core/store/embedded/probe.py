"""Asking a server on its socket, before anything else talks to it."""

from enum import Enum, auto
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

ANSWER_WITHIN_S = 0.3


class Answer(Enum):
    READY = auto()
    LOADING = auto()
    NONE = auto()


def ask(url: str) -> Answer:
    try:
        with _client(url) as client:
            client.ping()
    except redis.BusyLoadingError:
        return Answer.LOADING
    except redis.RedisError:
        return Answer.NONE
    return Answer.READY


def identity(url: str) -> tuple[int, Path] | None:
    """Process id and data directory of the server that answers."""
    try:
        with _client(url) as client:
            return int(client.info("server")["process_id"]), Path(client.config_get("dir")["dir"])
    except redis.RedisError:
        return None


def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=ANSWER_WITHIN_S,
        socket_connect_timeout=ANSWER_WITHIN_S,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        decode_responses=True,
    )

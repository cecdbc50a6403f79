"""Why a stream ended, as WebSocket close codes; docs/stream.md says what a client does then."""

from enum import IntEnum


class Close(IntEnum):
    MISUNDERSTOOD = 1008
    RESTART = 1012
    TOO_SLOW = 1013
    UNAUTHENTICATED = 4401
    FORBIDDEN = 4403
    TOO_MANY_MESSAGES = 4429

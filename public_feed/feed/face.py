"""The face `feed`: documents for machines."""

from starlette.routing import BaseRoute

from public_feed.feed.publishing import OPERATIONS
from queue_core.web.face import Face, Frame


def routes(_frame: Frame) -> list[BaseRoute]:
    """None beside its operations."""
    return []


face = Face("feed", "public_feed.feed", routes, OPERATIONS)

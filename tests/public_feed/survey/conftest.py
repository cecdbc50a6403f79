"""The same office as that of numbers from home."""

from tests.public_feed.remote.conftest import office, street

__all__ = ["office", "street"]

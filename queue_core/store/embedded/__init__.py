"""The embedded store and what tells where it is."""

from queue_core.store.embedded.address import socket_url
from queue_core.store.embedded.server import EmbeddedStore

__all__ = ["EmbeddedStore", "socket_url"]

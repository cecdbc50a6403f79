"""The composition root: builds everything once and passes it on."""

from queue_core.serve.root import run

__all__ = ["run"]

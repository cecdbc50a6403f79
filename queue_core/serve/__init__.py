"""The composition root: builds everything once and passes it on."""

from queue_core.serve.root import run, run_web

__all__ = ["run", "run_web"]

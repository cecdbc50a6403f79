"""The store's log on disk."""

from queue_core.jobs.bench import Bench, run

MB = 1_000_000


def shorten_log() -> None:
    """Rewrites the store's log when it has grown by much: a long one makes the next start slow."""
    run(_shorten_log)


async def _shorten_log(bench: Bench) -> None:
    records = bench.records(next(iter(bench.office)))
    if await records.log_tail_bytes() > bench.settings.aof_rewrite_tail_mb * MB:
        await records.rewrite_log()

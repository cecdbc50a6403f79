"""Business days: begun when due, archived, judged, forgotten."""

import asyncio
import logging
from datetime import date

from queue_core.domain.calendar import BusinessDay
from queue_core.domain.frame import end_day
from queue_core.domain.model import ZoneId
from queue_core.domain.snapshot import Snapshot
from queue_core.filling import RandomIds
from queue_core.jobs.bench import Bench, run
from queue_core.judgement import judge_days
from queue_core.store.keys import queues
from queue_core.store.track_record import TrackRecord
from queue_core.store.zone import Stamp

log = logging.getLogger(__name__)

HOUR_MS = 3_600_000


def roll_days() -> None:
    """Begins each zone's business day when it is due, so that screens change at once and not with the first visitor."""
    run(_roll_days)


def archive_and_purge() -> None:
    """Archives ended days without anything of a person, then erases the days that are old enough, on disk too."""
    run(_archive_and_purge)


def score_days() -> None:
    """Holds what was shown on ended days against what came, and works out when people usually wait how long."""
    run(_score_days)


async def _roll_days(bench: Bench) -> None:
    for zone in bench.office:
        await bench.engine.roll(zone)


async def _archive_and_purge(bench: Bench) -> None:
    zones = sorted({*bench.office, *await bench.store.known_zones()})
    # What one zone cannot forget must not keep the others from it; and of many at once, some find no connection.
    purged = [(await asyncio.gather(_purge(bench, zone), return_exceptions=True))[0] for zone in zones]
    gone = {zone: days for zone, days in zip(zones, purged, strict=True) if not isinstance(days, BaseException)}
    if any(gone.values()):
        await bench.records(next(iter(bench.office))).rewrite_log()
    for zone, days in gone.items():
        await bench.store.erasing.done(zone, days)
        if days:
            log.info("zone %s: erased %s", zone, ", ".join(sorted(days)))
    if failures := [e for e in purged if isinstance(e, Exception)]:
        raise ExceptionGroup("some zones were not purged", failures)


async def _purge(bench: Bench, zone: ZoneId) -> set[str]:
    """The purged days that the store's log on disk may still hold, those of a run that did not end included."""
    records, erasing = bench.records(zone), bench.store.erasing
    snapshot, now_ms = await (bench.engine.read(zone) if zone in bench.office else _end_abandoned(bench, zone))
    await records.archive_ended_days()
    await erasing.note(zone, await records.days())
    await records.purge_days(snapshot.day, now_ms - bench.settings.purge_after_hours * HOUR_MS)
    await records.forget_answers(now_ms - bench.settings.answers_kept_hours * HOUR_MS)
    return await erasing.noted(zone) - set(await records.days())


async def _end_abandoned(bench: Bench, zone: ZoneId) -> tuple[Snapshot, int]:
    """A zone that no office names any more, so that nobody rolls its last day: it ends when it would be purged.

    Whoever still serves the zone by another office has rolled it long before.
    """
    store = bench.store.zones([zone])[zone]
    reading = await store.read()
    snapshot = reading.snapshot or Snapshot()
    due_ms = snapshot.day_to_ms + bench.settings.purge_after_hours * HOUR_MS
    if snapshot.issued_today() and reading.now_ms >= due_ms:
        ended = BusinessDay(date.fromisoformat(snapshot.day), snapshot.day_from_ms, snapshot.day_to_ms)
        stamp = Stamp(RandomIds().command(), snapshot.day, configuration=reading.digest)
        await store.run(end_day(ended), stamp, queues(snapshot.services, snapshot.counters))
        reading = await store.read()
    return reading.snapshot or snapshot, reading.now_ms


async def _score_days(bench: Bench) -> None:
    failures: list[Exception] = []
    for zone in bench.office.values():
        try:
            judged = await judge_days(bench.records(zone.id), TrackRecord(bench.store.client, zone.id), zone)
        except Exception as e:  # one zone's trouble must not keep the others from it
            failures.append(e)
            log.exception("the days of %s were not judged", zone.id)
            continue
        if judged:
            log.info("zone %s: judged %s", zone.id, ", ".join(judged))
    if failures:
        raise ExceptionGroup("the days of some zones were not judged", failures)

"""How the ended days of a zone went, each judged once: how true its forecasts were, how long people waited when."""

import logging
from dataclasses import replace

from queue_core.domain.archive import events_of
from queue_core.domain.office import Zone
from queue_core.domain.quality import Quality
from queue_core.domain.rhythm import DayWaits
from queue_core.domain.strange import STRANGE
from queue_core.estimate.quality import quality_of
from queue_core.estimate.rhythm import rhythm_of_waits, waits_of
from queue_core.store.records import Records
from queue_core.store.track_record import DAYS_KEPT, TrackRecord

log = logging.getLogger(__name__)


async def judge_days(records: Records, record: TrackRecord, zone: Zone) -> list[str]:
    """Answers the days that were judged now. Idempotent. A day is judged once it is archived, from its log as long as
    that is kept; one that nobody can read counts as judged, with nothing known. Raises `StoreAway`."""
    archived, known = (await records.archived_days())[-DAYS_KEPT:], set(await record.days())
    judged = [day for day in archived if day not in known]
    for day in judged:
        await record.keep_day(day, *await _judged(records, day, zone))
    if archived and (judged or not await _is_whole(record)):
        await record.keep_rhythm(rhythm_of_waits(await record.waits()))
    return judged


async def _judged(records: Records, day: str, zone: Zone) -> tuple[Quality, DayWaits]:
    """One strange day must not keep all that come after it from being judged."""
    try:
        events = await records.log_of_day(day) or list(events_of(await records.read_archive(day)))
        return quality_of(events), replace(waits_of(events, zone), day=day)
    except STRANGE as e:
        log.error("what is kept of %s in %s cannot be read: %s", day, zone.id, e)
        return Quality(), DayWaits(day)


async def _is_whole(record: TrackRecord) -> bool:
    """False after a run that ended between the last day and the rhythm."""
    rhythm, days = await record.rhythm(), await record.days()
    return rhythm is not None and rhythm.until_day == days[-1]

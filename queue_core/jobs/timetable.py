"""When which job is due, and the worker that runs it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rq import Queue, SimpleWorker
from rq.cron import CronScheduler

from queue_core.jobs.cases import forget_cases, take_case_files
from queue_core.jobs.days import archive_and_purge, roll_days, score_days
from queue_core.jobs.store_log import shorten_log
from queue_core.jobs.telling import remind, send_mail, tell_alarms, tell_phones
from queue_core.settings import load_settings
from queue_core.store.connection import connect_jobs

log = logging.getLogger(__name__)

QUEUE = "wartezone-jobs"
#: A result only says that the job ran; the log says what it did.
RESULT_KEPT_S = 600
LONGEST_S = 900


@dataclass(frozen=True, slots=True)
class Due:
    job: Callable[[], None]
    every_s: int


#: Every job that is due by time. Rolling often costs one read; purging must not wait for the right hour of a zone.
SCHEDULE = (
    Due(roll_days, 60),
    Due(tell_alarms, 15),
    Due(send_mail, 15),
    Due(remind, 60),
    Due(tell_phones, 15),
    Due(shorten_log, 300),
    Due(archive_and_purge, 300),
    Due(score_days, 300),
    Due(forget_cases, 300),
)
#: Only where there is a folder.
_TAKING = Due(take_case_files, 5)


def work(url: str, *, clock: bool) -> None:
    """Runs jobs until SIGTERM or Ctrl-C; with `clock` also enqueues those that are due."""
    with connect_jobs(url) as connection:
        if clock:
            threading.Thread(target=_keep_time, args=(url,), name="job clock", daemon=True).start()
        worker = SimpleWorker([Queue(QUEUE, connection=connection)], connection=connection)
        worker.work(logging_level="WARNING")


def soon(connection: Any, job: Callable[[], None]) -> None:
    """Beside its hours, because something has happened."""
    Queue(QUEUE, connection=connection).enqueue(job, job_timeout=LONGEST_S, result_ttl=RESULT_KEPT_S, ttl=LONGEST_S)


def timetable(connection: Any) -> CronScheduler:
    """A job that is still queued when it falls due again is dropped: the next one does its work."""
    scheduler = CronScheduler(connection)
    for due in (*SCHEDULE, _TAKING) if load_settings().cases_drop else SCHEDULE:
        scheduler.register(
            due.job, QUEUE, interval=due.every_s, job_timeout=LONGEST_S, result_ttl=RESULT_KEPT_S, ttl=due.every_s
        )
    return scheduler


def _keep_time(url: str) -> None:
    """Runs in a thread of its own: rq's scheduler sleeps between jobs, as its worker does."""
    with connect_jobs(url) as connection:
        scheduler = timetable(connection)
        pause = threading.Event()
        while True:
            try:
                scheduler.enqueue_jobs()
            except Exception:  # the clock must outlive a store that was away when a job fell due
                log.exception("jobs that are due could not be enqueued")
            pause.wait(max(1.0, scheduler.calculate_sleep_interval()))

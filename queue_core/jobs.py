"""Background jobs, by rq: what may happen a little later, and more than once.

Issuing, calling and rollover never depend on them. Every job is idempotent: rq runs it at least once.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from rq import Queue, SimpleWorker
from rq.cron import CronScheduler

from queue_core.case_drop import CaseDrop
from queue_core.case_taking import CaseTaking, is_worth_a_look
from queue_core.casework.casework import case_office
from queue_core.casework.door import ADDRESS_PATIENCE, CASE_PATIENCE
from queue_core.casework.purge import purge_cases
from queue_core.domain.calendar import BusinessDay
from queue_core.domain.cases import CaseRules
from queue_core.domain.frame import end_day
from queue_core.domain.model import BookingId, ZoneId
from queue_core.domain.office import Office
from queue_core.domain.snapshot import Snapshot
from queue_core.engine import Engine
from queue_core.filling import RandomIds
from queue_core.judgement import judge_days
from queue_core.mail.delivery import Delivery, ZoneNow
from queue_core.mail.recipient import Seal
from queue_core.office_file import default_config, read_office
from queue_core.push.ciphers import PushKeys, sealed
from queue_core.push.sending import Post
from queue_core.real_clock import real_ms
from queue_core.reminders import Expected, Reminders
from queue_core.settings import Settings, load_settings
from queue_core.store.access import store_at
from queue_core.store.audit import Audit
from queue_core.store.case_files import CaseFilesFailed
from queue_core.store.case_phones import CasePhones
from queue_core.store.case_tries import of_addresses, of_cases
from queue_core.store.cases import CaseStore
from queue_core.store.connection import connect_jobs
from queue_core.store.keys import queues
from queue_core.store.mail import MailStore
from queue_core.store.opened import Store, open_store
from queue_core.store.outbox import Outbox
from queue_core.store.push import PushStore
from queue_core.store.records import Records
from queue_core.store.reminders import ReminderStore
from queue_core.store.track_record import TrackRecord
from queue_core.store.zone import Stamp
from queue_core.web.links import BookingLinks
from queue_core.web.secret import load_secret
from queue_core.webhook import Receiver, Webhook

log = logging.getLogger(__name__)

QUEUE = "wartezone-jobs"
HOUR_MS = 3_600_000
MB = 1_000_000
#: A result only says that the job ran; the log says what it did.
RESULT_KEPT_S = 600
LONGEST_S = 900


@dataclass(frozen=True, slots=True)
class Bench:
    """What a job works with."""

    settings: Settings
    office: Office
    store: Store
    engine: Engine
    cases: CaseRules

    def records(self, zone: ZoneId) -> Records:
        configured = self.office.get(zone)
        places = {place.id: place.services for place in configured.counters.values()} if configured else None
        return Records(self.store.client, zone, places, sessions=self.settings.archive_sessions)


def roll_days() -> None:
    """Begins each zone's business day when it is due, so that screens change at once and not with the first visitor."""
    _run(_roll_days)


def archive_and_purge() -> None:
    """Archives ended days without anything of a person, then erases the days that are old enough, on disk too."""
    _run(_archive_and_purge)


def forget_cases() -> None:
    """Erases applications that ended long enough ago, on disk too."""
    _run(_forget_cases)


def score_days() -> None:
    """Holds what was shown on ended days against what came, and works out when people usually wait how long."""
    _run(_score_days)


def shorten_log() -> None:
    """Rewrites the store's log when it has grown by much: a long one makes the next start slow."""
    _run(_shorten_log)


def tell_alarms() -> None:
    """Tells the office's webhook of alarms that opened or ended."""
    if load_settings().alarm_webhook_url:
        _run(_tell_alarms)


def take_case_files() -> None:
    """Takes over what a case system has put into its folder."""
    folder = load_settings().cases_drop
    if folder and is_worth_a_look(folder):
        _run(_take_case_files)


async def _take_case_files(bench: Bench) -> None:
    folder, audit, zone = bench.settings.cases_drop, Audit(bench.store.client), next(iter(bench.office.values()))
    if folder:
        work = case_office(bench.cases, bench.store, load_secret(bench.settings), audit).work
        failed = CaseFilesFailed(bench.store.client)
        await CaseTaking(CaseDrop(folder), work, zone.time_zone, audit, failed).run()


def tell_phones() -> None:
    """Sends what waits for phones."""
    if load_settings().push_contact:
        _run(_tell_phones)


async def _tell_phones(bench: Bench) -> None:
    settings, keys = bench.settings, PushKeys(load_secret(bench.settings))
    authorize = partial(keys.authorization, contact=settings.push_contact or "")
    store, cases = PushStore(bench.store.client), CasePhones(bench.store.client)
    await Post(store, cases, sealed, authorize, loopback=settings.push_loopback).send()


def send_mail() -> None:
    """Writes to visitors about their appointments what they were not told yet, and erases addresses that are done."""
    if load_settings().smtp_host:
        _run(_send_mail)


def remind() -> None:
    """Tells the office's reminder webhook of appointments a day before."""
    if load_settings().reminder_webhook_url:
        _run(_remind)


async def _remind(bench: Bench) -> None:
    settings, path_of = bench.settings, BookingLinks(load_secret(bench.settings)).path

    def address_of(zone: ZoneId, booking: BookingId, made_ms: int) -> str:
        return settings.base_url + path_of(zone, booking, made_ms)

    async def expected(zone: ZoneId) -> Expected:
        snapshot, now_ms = await bench.engine.read(zone)
        return Expected(bench.engine.zone(zone), tuple(snapshot.bookings.values()), now_ms)

    url, secret = settings.reminder_webhook_url, settings.reminder_webhook_secret
    if url and secret:
        receiver = Receiver(url, secret.get_secret_value())
        reminders = Reminders(receiver, ReminderStore(bench.store.client), address_of)
        await reminders.run([await expected(zone) for zone in bench.office])


async def _tell_alarms(bench: Bench) -> None:
    url, secret = bench.settings.alarm_webhook_url, bench.settings.alarm_webhook_secret
    if url and secret:
        await Webhook(url, secret.get_secret_value(), Outbox(bench.store.client)).tell()


async def _send_mail(bench: Bench) -> None:
    secret = load_secret(bench.settings)

    async def read(zone: ZoneId) -> ZoneNow | None:
        if zone not in bench.office:
            return None
        snapshot, now_ms = await bench.engine.read(zone)
        return ZoneNow(bench.engine.zone(zone), {**snapshot.holds, **snapshot.bookings, **snapshot.arrived}, now_ms)

    store, path_of = MailStore(bench.store.client), BookingLinks(secret).path
    await Delivery(bench.settings, store, Seal(secret), read, path_of).run()


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


async def _forget_cases(bench: Bench) -> None:
    rewrite_log = bench.records(next(iter(bench.office))).rewrite_log
    client = bench.store.client
    for tries in (of_cases(client, CASE_PATIENCE), of_addresses(client, ADDRESS_PATIENCE)):
        await tries.forget_old()
    gone = await purge_cases(CaseStore(client), bench.cases, real_ms(), rewrite_log)
    if gone:
        log.info("erased %d cases", gone)


async def _shorten_log(bench: Bench) -> None:
    records = bench.records(next(iter(bench.office)))
    if await records.log_tail_bytes() > bench.settings.aof_rewrite_tail_mb * MB:
        await records.rewrite_log()


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


def _run(job: Callable[[Bench], Awaitable[None]]) -> None:
    asyncio.run(_on_bench(job))


async def _on_bench(job: Callable[[Bench], Awaitable[None]]) -> None:
    settings = load_settings()
    files = read_office(settings.config or default_config())
    with store_at(settings.data, settings.external_store) as url:
        async with open_store(url) as store:
            engine = Engine(files.office, store.zones(files.office))
            await job(Bench(settings, files.office, store, engine, files.site.cases))

"""Who is told: alarms and reminders by webhook, letters by mail, phones."""

from functools import partial

from queue_core.domain.model import BookingId, ZoneId
from queue_core.jobs.bench import Bench, run
from queue_core.mail.delivery import Delivery, ZoneNow
from queue_core.mail.recipient import Seal
from queue_core.push.ciphers import PushKeys, sealed
from queue_core.push.sending import Post
from queue_core.reminders import Expected, Reminders
from queue_core.settings import load_settings
from queue_core.store.case_phones import CasePhones
from queue_core.store.mail import MailStore
from queue_core.store.outbox import Outbox
from queue_core.store.push import PushStore
from queue_core.store.reminders import ReminderStore
from queue_core.web.links import BookingLinks
from queue_core.web.secret import load_secret
from queue_core.webhook import Receiver, Webhook


def tell_alarms() -> None:
    """Tells the office's webhook of alarms that opened or ended."""
    if load_settings().alarm_webhook_url:
        run(_tell_alarms)


def tell_phones() -> None:
    """Sends what waits for phones."""
    if load_settings().push_contact:
        run(_tell_phones)


def send_mail() -> None:
    """Writes to visitors about their appointments what they were not told yet, and erases addresses that are done."""
    if load_settings().smtp_host:
        run(_send_mail)


def remind() -> None:
    """Tells the office's reminder webhook of appointments a day before."""
    if load_settings().reminder_webhook_url:
        run(_remind)


async def _tell_alarms(bench: Bench) -> None:
    url, secret = bench.settings.alarm_webhook_url, bench.settings.alarm_webhook_secret
    if url and secret:
        await Webhook(url, secret.get_secret_value(), Outbox(bench.store.client)).tell()


async def _tell_phones(bench: Bench) -> None:
    settings, keys = bench.settings, PushKeys(load_secret(bench.settings))
    authorize = partial(keys.authorization, contact=settings.push_contact or "")
    store, cases = PushStore(bench.store.client), CasePhones(bench.store.client)
    await Post(store, cases, sealed, authorize, loopback=settings.push_loopback).send()


async def _send_mail(bench: Bench) -> None:
    secret = load_secret(bench.settings)

    async def read(zone: ZoneId) -> ZoneNow | None:
        if zone not in bench.office:
            return None
        snapshot, now_ms = await bench.engine.read(zone)
        return ZoneNow(bench.engine.zone(zone), {**snapshot.holds, **snapshot.bookings, **snapshot.arrived}, now_ms)

    store, path_of = MailStore(bench.store.client), BookingLinks(secret).path
    await Delivery(bench.settings, store, Seal(secret), read, path_of).run()


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

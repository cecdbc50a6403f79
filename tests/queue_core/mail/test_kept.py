"""What is kept of whom to write to, where another run sent the letter meanwhile or an earlier release kept it."""

import json
from dataclasses import asdict, replace

from queue_core.domain.model import BookingId, ZoneId
from queue_core.mail.delivery import Delivery, ZoneNow
from queue_core.store.connection import connect
from queue_core.store.keys import MAIL
from queue_core.store.mail import Recipient
from tests.queue_core.mail.test_delivery import ADDRESS, BOOKED, HALL, HOUR_MS, Mail, mail

__all__ = ["mail"]


def path_of(zone_id: ZoneId, booking: BookingId, _made_ms: int) -> str:
    return f"/a/{zone_id}.{booking}.x"


async def test_what_another_run_has_sent_meanwhile_is_not_sent_again(mail: Mail) -> None:
    async def read(zone_id: ZoneId) -> ZoneNow | None:
        await mail.run()  # begins and ends while the other goes on
        return await mail.read(zone_id)

    await Delivery(mail.settings, mail.post.store, mail.post.seal, read, path_of).run()
    assert len(mail.inbox.taken) == 1


async def test_an_address_that_an_earlier_release_kept_is_written_to_and_then_forgotten(
    mail: Mail, valkey_url: str
) -> None:
    old = Recipient(HALL, BOOKED.id, BOOKED.service, mail.post.seal.close(ADDRESS, f"hall {BOOKED.id}"), "en")
    record = {name: value for name, value in asdict(old).items() if name != "made_ms"}
    mail.book(replace(BOOKED, made_ms=0))
    async with connect(valkey_url) as client:
        await client.delete(MAIL)
        await client.hset(MAIL, f"hall {BOOKED.id}", json.dumps(record))
    for _ in range(2):
        await mail.run()
    assert [letter["to"] for letter in mail.inbox.taken] == [ADDRESS]
    mail.now_ms = BOOKED.slot_ms + 100 * HOUR_MS
    mail.book(None)
    await mail.run()
    assert await mail.post.store.all() == []

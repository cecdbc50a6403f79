"""Alarms open, end and are told once, by a clock that is set by hand, on a real store with two processes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from queue_core.domain.alarms import KIOSK_SILENT_MS, NOTE_KEPT_MS, AlarmKind
from queue_core.domain.attendance import Attendance, DeviceKind, DeviceName
from queue_core.domain.devices import Devices, KioskPlace
from queue_core.domain.model import CounterId, ZoneId
from queue_core.domain.principal import CredentialKind, Principal, Role
from queue_core.store.alarms import AlarmStore
from queue_core.store.attendance import AttendanceStore
from queue_core.store.audit import Audit
from queue_core.store.connection import connect
from queue_core.watch.alarming import Alarming, EndsByItself, News, UnknownAlarm

HALL = ZoneId("hall")
DOOR = DeviceName(DeviceKind.KIOSK, "door")
CLERK = Principal("staff:c", Role.COUNTER, None, CredentialKind.SESSION)
HOUR_MS = 3_600_000


@dataclass
class House:
    """`alarming`: one of each web process."""

    clients: list[Redis]
    alarming: list[Alarming] = field(default_factory=list)
    told: list[News] = field(default_factory=list)
    now_ms: int = 1_000_000

    @property
    def attendance(self) -> AttendanceStore:
        return AttendanceStore(self.clients[0])

    def processes_start(self) -> None:
        devices = Devices({"door": KioskPlace("door", (HALL,))})
        self.alarming = [
            Alarming(devices, AlarmStore(client), Audit(client), lambda _: HOUR_MS, self.tell, lambda: self.now_ms)
            for client in self.clients
        ]

    async def tell(self, news: News) -> None:
        self.told.append(news)

    async def reports(self) -> None:
        await self.attendance.keep(DOOR, Attendance(self.now_ms))

    async def look(self) -> list[str]:
        """Every process at once, several times; what was told since."""
        before = len(self.told)
        await asyncio.gather(*(alarming.look() for alarming in self.alarming for _ in range(3)))
        return [f"{news.alarm.kind} {news.change}" for news in self.told[before:]]


@pytest_asyncio.fixture
async def house(valkey_url: str) -> AsyncIterator[House]:
    clients = [connect(valkey_url) for _ in range(2)]
    house = House(clients)
    house.processes_start()
    yield house
    for client in clients:
        await client.aclose()


async def test_a_silent_kiosk_is_told_once_by_all_processes_together_and_its_return_too(house: House) -> None:
    await house.reports()
    assert await house.look() == []
    house.now_ms += KIOSK_SILENT_MS
    assert await house.look() == ["kiosk_silent opened"]
    assert await house.look() == []
    await house.reports()
    assert await house.look() == ["kiosk_silent resolved"]
    assert [n.id for n in house.told] == [f"{house.told[0].alarm.id}.opened", f"{house.told[0].alarm.id}.resolved"]


async def test_every_silence_is_an_alarm_of_its_own(house: House) -> None:
    for _ in range(2):
        await house.reports()
        await house.look()
        house.now_ms += KIOSK_SILENT_MS
        await house.look()
    assert len({news.alarm.id for news in house.told}) == 2


async def test_after_an_absence_of_the_server_itself_devices_have_their_time_to_report(house: House) -> None:
    """It was not they who were silent. What was missed before stays missed until it speaks."""
    await house.reports()
    house.now_ms += HOUR_MS
    assert await house.look() == []
    await house.reports()
    house.now_ms += KIOSK_SILENT_MS - 1
    assert await house.look() == []
    house.now_ms += 1
    assert await house.look() == ["kiosk_silent opened"]


async def test_an_alarm_of_before_an_absence_stays_open_until_its_device_speaks(house: House) -> None:
    await house.reports()
    await house.look()
    house.now_ms += KIOSK_SILENT_MS
    assert await house.look() == ["kiosk_silent opened"]
    house.processes_start()
    assert await house.look() == []
    await house.reports()
    assert await house.look() == ["kiosk_silent resolved"]


async def test_an_emergency_stays_until_a_person_ends_it(house: House) -> None:
    one, other = house.alarming
    alarm = await one.emergency(HALL, CounterId("1"), "", CLERK)
    assert (await other.emergency(HALL, CounterId("1"), "", CLERK)).id == alarm.id
    house.now_ms += 24 * HOUR_MS
    await house.look()
    assert [a.kind for a in await other.open()] == [AlarmKind.EMERGENCY]
    await other.resolve(await other.find(alarm.id), CLERK)
    assert [str(news.change) for news in house.told] == ["opened", "resolved"]
    with pytest.raises(UnknownAlarm):
        await one.find(alarm.id)


async def test_of_two_that_end_an_emergency_one_is_told(house: House) -> None:
    alarm = await house.alarming[0].emergency(HALL, CounterId("1"), "", CLERK)
    await asyncio.gather(*(alarming.resolve(alarm, CLERK) for alarming in house.alarming))
    assert [str(news.change) for news in house.told] == ["opened", "resolved"]


async def test_nobody_ends_an_alarm_whose_cause_goes_on(house: House) -> None:
    await house.reports()
    await house.look()
    house.now_ms += KIOSK_SILENT_MS
    await house.look()
    with pytest.raises(EndsByItself):
        await house.alarming[0].resolve((await house.alarming[0].open())[0], CLERK)


async def test_what_somebody_wrote_about_somebody_is_forgotten_though_nobody_ends_the_alarm(house: House) -> None:
    raised = await house.alarming[0].emergency(HALL, CounterId("1"), "Frau Muster braucht Hilfe", CLERK)
    house.now_ms += NOTE_KEPT_MS - 1
    await house.look()
    assert (await house.alarming[0].open())[0].note
    house.now_ms += 1
    await house.look()
    (still_open,) = await house.alarming[1].open()
    assert (still_open.id, still_open.note) == (raised.id, "")


async def test_a_note_is_not_forgotten_into_an_alarm_that_has_just_ended(house: House) -> None:
    store = AlarmStore(house.clients[0])
    raised = await house.alarming[0].emergency(HALL, CounterId("1"), "words", CLERK)
    await store.end(raised)
    await store.forget_note(raised)
    assert await store.open() == []

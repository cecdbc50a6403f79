"""The digest of a configuration changes with what decides, and with nothing else."""

from dataclasses import replace
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from queue_core.domain.calendar import business_day
from queue_core.domain.frame import begin_epoch, configure, roll_day
from queue_core.domain.office import Hours, Interval, Rules, Zone
from tests.support.zones import NEW, NORMAL, SHORT, text, zone

DAY = business_day(zone(), 1_900_000_000_000)
WEEK = Hours(week={"mon": (Interval(time(8), time(12)),)}, closed_on=frozenset({date(2030, 1, 1), date(2030, 5, 1)}))


def digest(of: Zone) -> str:
    return configure(of, DAY).digest


def with_service(service: Any, **changes: Any) -> Zone:
    plain = zone()
    return replace(plain, services={**plain.services, service: replace(plain.services[service], **changes)})


def test_the_digest_is_the_same_on_every_day() -> None:
    assert configure(zone(), DAY).digest == configure(zone(), business_day(zone(), DAY.to_ms)).digest


def test_words_do_not_change_the_digest() -> None:
    assert digest(zone(name=text("Another"))) == digest(zone())


@pytest.mark.parametrize(
    "changed",
    [
        zone(rules=Rules(recall_pause_s=1)),
        zone(hours=WEEK),
        zone(day_starts=time(5)),
        zone(time_zone=ZoneInfo("UTC")),
        with_service(NEW, quota=5),
        with_service(NEW, head_start_s={NORMAL: 5}),
        with_service(NEW, hours=WEEK),
    ],
)
def test_whatever_decides_changes_the_digest(changed: Zone) -> None:
    assert digest(changed) != digest(zone())


def test_hours_given_to_another_service_change_the_digest() -> None:
    assert digest(with_service(NEW, hours=WEEK)) != digest(with_service(SHORT, hours=WEEK))


def test_a_day_is_rolled_with_the_hours_of_the_new_one() -> None:
    following = business_day(zone(), DAY.to_ms)
    command = roll_day(zone(), DAY, following)
    assert (command.from_day, command.to_day) == (DAY.day.isoformat(), following.day.isoformat())
    assert command.hours == dict.fromkeys((NEW, SHORT), ((following.from_ms, following.to_ms),))


def test_an_epoch_begins_in_a_day() -> None:
    command = begin_epoch(DAY, "fresh")
    assert (command.day, command.day_from_ms, command.after_epoch) == (DAY.day.isoformat(), DAY.from_ms, 0)

"""Days played in a throw-away store: one seed and one start give one log."""

import json
from datetime import date, time
from io import StringIO

from queue_core.domain.calendar import local_ms
from queue_core.serve.simulation import play_alone
from tests.support.offices import office

ZONE = office({"a": 8}, [("a",)], opens=time(8), closes=time(9))
MONDAY_MS = local_ms(ZONE, date(2030, 1, 7), time(0))


async def logged(days: int, seed: int) -> list[dict[str, object]]:
    log = StringIO()
    played = await play_alone(ZONE, days, seed, MONDAY_MS, log)
    assert [day.day for day in played] == [date(2030, 1, 7 + n) for n in range(days)]
    return [json.loads(line) for line in log.getvalue().splitlines()]


async def test_the_log_is_the_same_each_time_even_its_epoch() -> None:
    assert await logged(2, seed=1) == await logged(2, seed=1)


async def test_the_log_has_no_gap_and_begins_with_the_epoch() -> None:
    log = await logged(2, seed=1)
    assert [line["seq"] for line in log] == list(range(1, len(log) + 1))
    assert [line["type"] for line in log][:2] == ["epoch_started", "configured"]
    assert [line["type"] for line in log].count("day_rolled") == 1


async def test_another_seed_gives_another_day() -> None:
    assert await logged(1, seed=1) != await logged(1, seed=2)


async def test_a_log_is_written_only_where_one_is_wanted() -> None:
    [day] = await play_alone(ZONE, 1, 1, MONDAY_MS, None)
    assert day.counts.issued > 0

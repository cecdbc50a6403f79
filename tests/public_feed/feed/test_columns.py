"""Zone by zone: what did not change is not told again, but its time goes on."""

from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest

from public_feed.feed.columns import Columns
from public_feed.feed.documents import Waits
from public_feed.feed.face import face
from tests.support.eventually import eventually
from tests.support.web_office import open_web_office
from tests.support.zones import zone

AT_S = 1_795_356_780


@pytest.mark.parametrize("time_zone", ["Europe/Berlin", "UTC"])
async def test_the_time_goes_on_where_nothing_happened(valkey_url: str, tmp_path: Path, time_zone: str) -> None:
    here = zone(time_zone=ZoneInfo(time_zone))
    async with open_web_office(valkey_url, tmp_path, here, zone("annex"), faces=[face]) as office:
        columns = Columns(office.frame)
        before = Waits.model_validate_json(columns.json(AT_S))
        after = Waits.model_validate_json(columns.json(AT_S + 5))
        fresh = Waits.model_validate_json(Columns(office.frame).json(AT_S + 5))
        assert after == fresh
        moments = [w.zones[0].services[0].observed_at for w in (before, after)]
        assert None not in moments
        assert (moments[1] - moments[0]).total_seconds() == 5  # type: ignore[operator]


async def test_only_the_zone_where_something_happened_is_another(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, zone(), zone("annex"), faces=[face]) as office:
        columns = Columns(office.frame)
        hall, annex = orjson.loads(columns.json(AT_S))["zones"]
        was = columns.version()
        assert columns.version() == was
        await office.draw("new")

        async def noticed() -> bool:
            return columns.version() != was

        await eventually(noticed)
        now = orjson.loads(columns.json(AT_S))["zones"]
        assert (now[0] != hall, now[1]) == (True, annex)

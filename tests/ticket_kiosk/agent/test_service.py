"""Out of service in an outage: the agent gives out nothing for a kiosk that staff took away, as it heard last."""

import httpx
import pytest

from queue_core.domain.attendance import DeviceKind
from tests.support.eventually import eventually
from tests.ticket_kiosk.agent.rig import PIN, Rig

pytestmark = pytest.mark.slow


async def told(rig: Rig, do: str) -> httpx.Response:
    return await rig.http.post("/kiosk/entrance/settings", json={"pin": PIN, "do": do})


async def refused(rig: Rig, key: str) -> bool:
    answer = await rig.draw(key)
    return (answer.status_code, answer.json().get("code")) == (409, "out_of_service")


async def test_what_was_typed_here_holds_at_once_also_when_the_server_goes(rig: Rig) -> None:
    assert (await told(rig, "out_of_service")).status_code == 200
    await rig.server_goes()
    assert await refused(rig, "k1")
    assert (await rig.state())["out_of_service"] is True


async def test_it_outlives_the_agent(rig: Rig) -> None:
    await told(rig, "out_of_service")
    await rig.server_goes()
    await rig.agent_dies()
    await rig.agent_comes()
    assert await refused(rig, "k1")


async def test_put_back_it_draws_without_the_server_again(rig: Rig) -> None:
    await told(rig, "out_of_service")
    await told(rig, "in_service")
    await rig.server_goes()
    assert (await rig.drawn("k1"))["number"] == "N001"


async def test_what_staff_did_at_the_device_page_is_heard_within_one_document(rig: Rig) -> None:
    await rig.office.frame.attendance.command(DeviceKind.KIOSK, "entrance", "out_of_service", None, "staff")

    async def is_known() -> bool:
        return bool((await rig.state())["out_of_service"])

    await eventually(is_known, within_s=20)
    await rig.server_goes()
    assert await refused(rig, "k1")


async def test_numbers_given_out_before_are_taken_by_the_server_all_the_same(rig: Rig) -> None:
    await rig.server_goes()
    given = await rig.drawn("k1")
    await rig.office.frame.attendance.command(DeviceKind.KIOSK, "entrance", "out_of_service", None, "staff")
    await rig.server_comes()
    await eventually(lambda: not rig.house.ledger.pending(), within_s=20)
    assert await rig.numbers() == [given["number"]]

"""The server goes away: the kiosk goes on, every visitor has one number, and the server learns of each once."""

import asyncio
from pathlib import Path

import pytest

from queue_core.domain.model import ServiceId, TicketState
from queue_core.real_clock import real_ms
from tests.support.eventually import eventually
from tests.ticket_kiosk.agent.rig import BLOCK, Rig, open_rig

pytestmark = pytest.mark.slow

UPLOADS = "/kiosk/entrance/uploads"


async def all_uploaded(rig: Rig) -> bool:
    return not rig.house.ledger.pending()


async def test_a_server_that_is_there_draws_as_ever(rig: Rig) -> None:
    drawn = await rig.drawn("k1")
    assert drawn["number"] == "A001"
    assert "emergency" not in drawn
    assert drawn["url"]


async def test_without_the_server_the_kiosk_gives_out_its_own_numbers(rig: Rig) -> None:
    await rig.server_goes()
    drawn = await rig.drawn("k1")
    assert (drawn["number"], drawn["emergency"]) == ("N001", True)
    assert (drawn["wait"], drawn["url"], drawn["qr"], drawn["ahead"]) == (None, None, None, None)
    assert "N001" in [line["text"] for line in drawn["receipt"]]
    state = await rig.state()
    assert (state["server"], state["emergency_left"]) == ("away", 39)


async def test_thirty_tickets_of_an_outage_come_in_afterwards_in_their_order(rig: Rig) -> None:
    before = await rig.drawn("before")
    await rig.server_goes()
    given = [(await rig.drawn(f"k{n}", ("new", "short")[n % 2]))["number"] for n in range(30)]
    assert len(set(given)) == 30
    await rig.server_comes()
    await eventually(lambda: all_uploaded(rig), within_s=20)
    after = await rig.drawn("after")
    assert await rig.numbers() == [before["number"], *given, after["number"]]


async def test_who_draws_while_the_uploads_are_under_way_comes_after_those_of_the_outage(rig: Rig) -> None:
    await rig.server_goes()
    given = [(await rig.drawn(f"k{n}"))["number"] for n in range(3)]
    rig.wire.loses = lambda path: path.endswith("/uploads") and len(rig.wire.lost) < 2
    await rig.server_comes()
    await eventually(lambda: rig.house.link.up, within_s=10)
    late = await rig.drawn("late")
    await eventually(lambda: all_uploaded(rig), within_s=20)
    await eventually(lambda: rig.house.link.up, within_s=10)
    assert sorted(await rig.numbers()) == sorted([*given, late["number"]])
    assert (await rig.numbers())[:3] == given


async def test_a_draw_whose_answer_was_lost_before_the_outage_leaves_one_ticket(rig: Rig) -> None:
    """The server had drawn A001 for this key; nobody heard of it, and the visitor has N001."""
    rig.wire.loses = lambda path: path.endswith("/tickets")
    drawn = await rig.drawn("k1")
    assert drawn["number"] == "N001"
    assert rig.wire.lost
    assert await rig.numbers() == ["A001"]
    rig.wire.loses = lambda _: False
    await eventually(lambda: all_uploaded(rig), within_s=20)
    assert await rig.numbers() == ["N001"]
    assert (await rig.drawn("k1"))["number"] == "N001"


async def test_a_ticket_that_was_called_before_the_upload_is_left_to_be_missed(rig: Rig) -> None:
    rig.wire.loses = lambda path: path.endswith(("/tickets", "/uploads"))
    await rig.drawn("k1")
    await rig.office.command("counters/1/open")
    await rig.office.command("counters/1/call-next")
    rig.wire.loses = lambda _: False
    await eventually(lambda: all_uploaded(rig), within_s=20)
    assert await rig.numbers() == ["N001"]


async def test_an_upload_whose_answer_was_lost_is_sent_again_and_makes_no_second_ticket(rig: Rig) -> None:
    rig.wire.loses = lambda path: path.endswith("/tickets")
    await rig.drawn("k1")
    await rig.server_goes()
    await rig.drawn("k2")
    rig.wire.loses = lambda path: path == UPLOADS and rig.wire.lost.count(UPLOADS) < 2
    await rig.server_comes()
    await eventually(lambda: all_uploaded(rig), within_s=30)
    assert rig.wire.lost.count(UPLOADS) == 2
    assert await rig.numbers() == ["N001", "N002"]


async def test_two_browsers_that_repeat_one_key_get_one_ticket_and_one_paper(rig: Rig) -> None:
    for gone in (False, True):
        if gone:
            await rig.server_goes()
        answers = await asyncio.gather(*(rig.draw(f"same-{gone}") for _ in range(10)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["number"] for answer in answers}) == 1
        jobs = {answer.json()["paper"]["job"] for answer in answers}
        assert len(jobs) == 1
        assert (await rig.paper(jobs.pop()))["state"] == "printed"
    assert len(rig.printer.tickets) == 2


async def test_a_key_with_another_wish_is_refused(rig: Rig) -> None:
    await rig.drawn("k1")
    answer = await rig.draw("k1", "short")
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


async def test_with_no_number_left_the_visitor_is_sent_to_the_desk(valkey_url: str, tmp_path: Path) -> None:
    async with open_rig(valkey_url, tmp_path, block=2) as rig:
        await rig.ready()
        await rig.server_goes()
        assert [(await rig.drawn(key))["number"] for key in ("k1", "k2")] == ["N001", "N002"]
        answer = await rig.draw("k3")
        assert (answer.status_code, answer.json()["code"]) == (409, "no_numbers_left")
        assert (await rig.drawn("k1"))["number"] == "N001"


async def test_numbers_are_lent_before_the_first_report(valkey_url: str, tmp_path: Path) -> None:
    """Otherwise every start would raise the alarm that they run out."""
    async with open_rig(valkey_url, tmp_path) as rig:
        assert (await rig.state())["emergency_left"] == BLOCK


async def test_a_new_day_is_no_alarm_before_the_agent_could_borrow_for_it(rig: Rig) -> None:
    """The first report of the day, between the server's new document and the block that is asked for next."""
    place, numbers = rig.house.place, rig.house.numbers
    assert place is not None
    assert numbers.are_asked_for(place)
    begins_ms = int(place.told["day_to_ms"])
    told = {**place.told, "day": "2099-01-01", "now_ms": begins_ms, "day_to_ms": begins_ms + 3_600_000}
    tomorrow = type(place).of(told, real_ms())
    assert (numbers.left(tomorrow), numbers.are_asked_for(tomorrow)) == (0, False)
    rig.wire.loses = lambda path: path.endswith("/blocks")
    await numbers.refill(rig.house.link, tomorrow)
    assert (numbers.left(tomorrow), numbers.are_asked_for(tomorrow)) == (0, True)


async def test_a_block_is_followed_by_another_before_it_is_used_up(valkey_url: str, tmp_path: Path) -> None:
    async with open_rig(valkey_url, tmp_path, block=4) as rig:
        await rig.ready()
        await rig.server_goes()
        for n in range(3):
            await rig.drawn(f"k{n}")
        await rig.server_comes()
        await eventually(lambda: rig.house.numbers.left(rig.house.place) == 5, within_s=20)
        await eventually(lambda: all_uploaded(rig), within_s=20)
        await rig.server_goes()
        assert [(await rig.drawn(f"again-{n}"))["number"] for n in range(5)] == ["N004", "N005", "N006", "N007", "N008"]


async def test_a_block_whose_answer_was_lost_is_the_same_when_asked_again(valkey_url: str, tmp_path: Path) -> None:
    async with open_rig(valkey_url, tmp_path, block=4) as rig:
        await rig.ready()
        rig.wire.loses = lambda path: path.endswith("/blocks") and len(rig.wire.lost) < 1
        await rig.server_goes()
        for n in range(3):
            await rig.drawn(f"k{n}")
        await rig.server_comes()
        await eventually(lambda: rig.house.numbers.left(rig.house.place) == 5, within_s=30)
        snapshot, _ = await rig.office.engine.read(rig.office.zone.id)
        assert [(lent.first, lent.last) for lent in snapshot.lent] == [(1, 4), (5, 8)]


async def test_an_agent_that_starts_without_a_server_goes_on_where_it_was(rig: Rig) -> None:
    await rig.server_goes()
    await rig.drawn("k1")
    await rig.agent_dies()
    await rig.agent_comes()
    assert (await rig.drawn("k1"))["number"] == "N001"
    assert (await rig.drawn("k2"))["number"] == "N002"
    await rig.server_comes()
    await eventually(lambda: all_uploaded(rig), within_s=20)
    assert await rig.numbers() == ["N001", "N002"]


async def test_numbers_given_out_before_the_day_ended_are_recorded_as_expired(rig: Rig) -> None:
    await rig.server_goes()
    await rig.drawn("k1")
    snapshot, _ = await rig.office.engine.read(rig.office.zone.id)
    await rig.office.engine.set_clock(rig.office.zone.id, snapshot.day_to_ms + 60_000, 1.0)
    await rig.server_comes()
    await eventually(lambda: all_uploaded(rig), within_s=20)
    assert rig.house.ledger.draws["k1"].uploaded == {"key": "k1", "number": "N001", "state": "expired"}
    assert await rig.numbers() == []
    await eventually(lambda: rig.house.numbers.left(rig.house.place) == 40, within_s=20)


async def test_when_the_day_ends_in_an_outage_the_old_numbers_end_too(rig: Rig) -> None:
    place = rig.house.place
    assert place is not None
    await rig.server_goes()
    await rig.drawn("k1")
    tomorrow = {**place.told, "now_ms": place.told["day_to_ms"] + 1}
    rig.house.draws.place = type(place).of(tomorrow, place.heard_ms)
    answer = await rig.draw("k2")
    assert answer.json()["code"] == "no_numbers_left"


async def test_what_the_server_refuses_holds_up_nobody_and_is_told(rig: Rig) -> None:
    await rig.server_goes()
    for key in ("k1", "k2", "k3"):
        await rig.drawn(key)
    draw = rig.house.ledger.draws["k2"]
    assert draw.lent is not None
    draw.lent["n"] = 999
    await rig.server_comes()
    await eventually(lambda: all_uploaded(rig), within_s=20)
    assert await rig.numbers() == ["N001", "N003"]
    assert draw.uploaded == {"key": "k2", "number": "N002", "state": "refused", "code": "number_not_lent"}
    assert [refused.key for refused in rig.house.ledger.rejected()] == ["k2"]


async def test_an_odd_request_in_an_outage_gets_no_number_and_holds_up_nobody(rig: Rig) -> None:
    """Uploads go in one request: a draw that the server would not even read would keep all others out for ever."""
    await rig.server_goes()
    odd = [
        await rig.draw("with blank"),
        await rig.draw("k1", colour="red"),
        await rig.draw("k2", further="short"),
        await rig.draw("k3", further=["short"] * 50),
        await rig.draw("k4", zone=7),
        await rig.draw("k5", service="x" * 65),
    ]
    assert [answer.status_code for answer in odd] == [400, 422, 422, 422, 422, 422]
    given = (await rig.drawn("k6"))["number"]
    await rig.server_comes()
    await eventually(lambda: all_uploaded(rig), within_s=20)
    assert await rig.numbers() == [given]


async def test_a_stop_and_hours_hold_in_an_outage_too(valkey_url: str, tmp_path: Path) -> None:
    async with open_rig(valkey_url, tmp_path) as rig:
        await rig.office.command("services/short/close")
        await eventually(lambda: rig.house.place and rig.house.place.refusal("short") == "service_closed", within_s=20)
        await rig.server_goes()
        answer = await rig.draw("k1", "short")
        assert (answer.status_code, answer.json()["code"]) == (409, "service_closed")
        assert (await rig.drawn("k2"))["number"] == "N001"


async def test_the_clock_of_an_outage_is_the_servers(rig: Rig) -> None:
    """Whatever this machine's own clock says: the zone's ran ahead when it was heard last."""
    _, now_ms = await rig.office.engine.read(rig.office.zone.id)
    await rig.office.engine.set_clock(rig.office.zone.id, now_ms + 3_600_000, 1.0)
    await eventually(lambda: rig.house.place and rig.house.place.now_ms() > now_ms + 3_500_000, within_s=20)
    await rig.server_goes()
    assert (await rig.drawn("k1"))["issued_ms"] > now_ms + 3_500_000


async def test_a_visitor_with_several_errands_keeps_them(rig: Rig) -> None:
    await rig.server_goes()
    answer = await rig.draw("k1", "new", further=["short"])
    assert answer.json()["further"] == ["short"]
    await rig.server_comes()
    await eventually(lambda: all_uploaded(rig), within_s=20)
    snapshot, _ = await rig.office.engine.read(rig.office.zone.id)
    (ticket,) = snapshot.waiting()
    assert (ticket.state, list(ticket.further)) == (TicketState.WAITING, [ServiceId("short")])

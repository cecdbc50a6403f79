import json
from dataclasses import replace
from datetime import time

import pytest

from queue_core.domain.commands import (
    CallNext,
    Cancel,
    CloseService,
    Delay,
    Finish,
    Miss,
    OpenCounter,
    Park,
    Recall,
    Return,
    Start,
)
from queue_core.domain.model import ReturnMode, TicketId, TicketState
from queue_core.domain.office import Arrow, Hours, Interval, MissedReturn, Rules
from queue_core.domain.views import states
from queue_core.domain.views.scene import Scene
from queue_core.domain.views.view import View
from tests.queue_core.domain.views.scenes import NINE_MS, Morning, Reason
from tests.support.outlook import Minutes, Said
from tests.support.zones import NEW, ONE, SHORT, TWO, text, zone

OFFICE_HOURS = Hours(week={"mon": (Interval(time(8), time(12)), Interval(time(14), time(16)))})


def test_waits_show_what_a_visitor_asks_before_coming() -> None:
    morning = Morning()
    morning.issue()
    morning.do(OpenCounter(ONE))
    morning.outlook = Said(services={NEW: Minutes(600), SHORT: None}, reasons={SHORT: Reason.NO_COUNTER_OPEN})
    new, short = states.waits(morning.scene())["services"]
    assert (new["state"], new["open"], new["waiting"], new["counters_open"]) == ("open", True, 1, 1)
    assert new["wait"] == {"p10_s": 300, "p50_s": 600, "p90_s": 1200, "method": "test"}
    assert (short["waiting"], short["wait"], short["reason"]) == (0, None, "no_counter_open")


def test_nothing_is_known_without_an_estimate() -> None:
    [service, _] = states.waits(Morning().scene())["services"]
    assert (service["wait"], service["reason"]) == (None, None)


def test_a_service_says_why_nobody_can_draw() -> None:
    few = replace(zone().services[NEW], quota=1)
    morning = Morning(zone(services={**zone().services, NEW: few}))
    morning.issue()
    morning.do(CloseService(SHORT))
    assert [s["state"] for s in states.waits(morning.scene())["services"]] == ["full", "stopped"]
    assert not any(s["open"] for s in states.waits(morning.scene())["services"])


@pytest.mark.parametrize(
    ("later_h", "state", "closes_h", "opens_h"),
    [(0, "open", 3, None), (3, "closed", None, 5), (6, "open", 7, None), (8, "closed", None, 7 * 24 - 1)],
)
def test_a_service_says_until_or_from_when(later_h: int, state: str, closes_h: int | None, opens_h: int | None) -> None:
    morning = Morning(zone(hours=OFFICE_HOURS))
    morning.model.now_ms = NINE_MS + later_h * 3_600_000
    [service, _] = states.waits(morning.scene())["services"]
    assert service["state"] == state
    assert service["closes_ms"] == (None if closes_h is None else NINE_MS + closes_h * 3_600_000)
    assert service["opens_ms"] == (None if opens_h is None else NINE_MS + opens_h * 3_600_000)


def test_the_public_sees_numbers_and_where_they_are_called() -> None:
    morning = Morning()
    for _ in range(3):
        morning.issue()
    morning.do(OpenCounter(ONE))
    morning.do(CallNext(ONE))
    state = states.public(morning.scene())
    assert [(c["id"], c["state"], c["number"]) for c in state["counters"]] == [
        (ONE, "open", "A001"),
        (TWO, "closed", None),
    ]
    assert [call["number"] for call in state["calls"]] == ["A001"]
    assert set(state["calls"][0]) == {"id", "number"}
    assert (state["services"][0]["serving"], state["services"][0]["last_called"]) == (1, "A001")
    assert state["services"][1]["last_called"] is None
    assert state["totals"]["issued"] == 3


@pytest.mark.parametrize("seed", range(5))
def test_views_for_everybody_hold_no_ticket_and_no_time_of_one(seed: int) -> None:
    morning = Morning()
    for _ in morning.random_events(seed, 120):
        tickets = morning.model.state.tickets.values()
        for view in (View.WAITS, View.PUBLIC):
            told = json.dumps(states.state(view, morning.scene()))
            assert not any(t.id in told for t in tickets)
            times = {t.issued_ms for t in tickets} | {t.called_ms or t.issued_ms for t in tickets}
            assert not any(str(ms) in told for ms in times)
        assert not any(t.number in json.dumps(states.waits(morning.scene())) for t in tickets)


@pytest.mark.parametrize("seed", range(3))
def test_totals_add_up_at_every_moment(seed: int) -> None:
    morning = Morning()
    for _ in morning.random_events(seed, 120):
        totals = dict(states.public(morning.scene())["totals"])
        assert totals.pop("issued") == sum(totals.values())
        assert set(totals) == {state.value for state in TicketState}


def test_the_lobby_knows_who_is_still_expected() -> None:
    morning = Morning()
    morning.issue()
    morning.issue()
    morning.do(OpenCounter(ONE))
    morning.do(CallNext(ONE))
    morning.do(Recall(ONE))
    [call] = states.lobby(morning.scene())["calls"]
    assert (call["number"], call["counter"], call["recalls"], call["current"]) == ("A001", ONE, 1, True)
    morning.do(Start(ONE))
    [call] = states.lobby(morning.scene())["calls"]
    assert call["current"] is False
    morning.do(Finish(ONE))
    morning.do(CallNext(ONE))
    assert [(c["number"], c["current"]) for c in states.lobby(morning.scene())["calls"]] == [
        ("A002", True),
        ("A001", False),
    ]


def test_the_desk_sees_who_waits_in_order_and_what_every_counter_holds() -> None:
    morning = Morning()
    first, second, third = morning.issue(), morning.issue(SHORT), morning.issue()
    morning.do(OpenCounter(ONE))
    morning.do(CallNext(ONE))
    morning.do(Park(ONE, "papers"))
    morning.do(CallNext(ONE))
    state = states.desk(morning.scene())
    assert [(t["id"], t["state"]) for t in state["tickets"]] == [(first, "parked"), (third, "waiting")]
    assert state["tickets"][0]["reason"] == "papers"
    held = state["counters"][0]["ticket"]
    assert (held["id"], held["state"], held["called_ms"]) == (second, "called", NINE_MS)
    undo = {"type": "called", "ticket": second, "number": "C001", "until_ms": NINE_MS + 30_000}
    assert state["counters"][0]["undo"] == undo
    assert state["counters"][1]["ticket"] is None
    assert state["rules"]["undo_s"] == 30
    assert [c["id"] for c in state["classes"]] == ["normal", "priority", "appointment"]


def test_the_desk_sees_who_estimates_and_as_of_when() -> None:
    morning = Morning()
    assert states.desk(morning.scene())["estimates"] is None
    morning.outlook = Said(at_ms=NINE_MS, method="queue_length")
    assert states.desk(morning.scene())["estimates"] == {"method": "queue_length", "as_of_ms": NINE_MS}
    morning.outlook = Said(at_ms=NINE_MS, method="")
    assert states.desk(morning.scene())["estimates"] == {"method": None, "as_of_ms": NINE_MS}
    assert all("estimates" not in state(morning.scene()) for state in (states.waits, states.public, states.lobby))


def test_an_own_ticket_tells_its_place_then_where_to_go() -> None:
    morning = Morning()
    morning.issue()
    mine = morning.issue()
    morning.do(OpenCounter(ONE))
    assert states.own(morning.scene(), mine)["ahead"] == 1
    morning.outlook = Said(tickets={mine: Minutes(60)}, ahead={mine: 4})
    state = states.own(morning.scene(), mine)
    assert (state["ahead"], state["wait"]["p50_s"], state["counter"]) == (4, 60, None)
    morning.do(CallNext(ONE))
    morning.do(Finish(ONE))
    morning.do(CallNext(ONE))
    state = states.own(morning.scene(), mine)
    assert (state["state"], state["counter"], state["ahead"], state["wait"]) == ("called", ONE, None, None)
    assert state["counter_name"] == {"de": "Counter 1", "en": "Counter 1"}
    morning.do(Miss(ONE))
    state = states.own(morning.scene(), mine)
    assert (state["state"], state["counter"], state["final"]) == ("missed", None, False)


def test_a_ticket_that_ended_is_shown_as_far_as_it_is_remembered() -> None:
    morning = Morning()
    mine = morning.issue()
    ticket = replace(morning.model.state.tickets[mine], state=TicketState.CANCELLED)
    morning.do(Cancel(mine, "visitor"))
    known, unknown = replace(morning.scene(), closed={mine: ticket}), morning.scene()
    assert (states.own(known, mine)["state"], states.own(known, mine)["final"]) == ("cancelled", True)
    assert (states.own(unknown, mine)["state"], states.own(unknown, mine)["number"]) == ("unknown", None)
    assert states.own(known, mine).keys() == states.own(unknown, mine).keys()


def test_what_the_configuration_does_not_name_is_left_out() -> None:
    morning = Morning()
    morning.issue(SHORT)
    small = zone(services={NEW: zone().services[NEW]}, counters={ONE: zone().counters[ONE]})
    scene = Scene.at(small, morning.model.state, None, NINE_MS)
    for view in (View.WAITS, View.PUBLIC, View.LOBBY, View.DESK):
        assert [s["id"] for s in states.state(view, scene)["services"]] == [NEW]
    assert states.own(scene, next(iter(morning.model.state.tickets)))["service_name"] == {}


def test_the_own_view_of_nobody_is_unknown() -> None:
    assert states.state(View.OWN, Morning().scene())["state"] == "unknown"
    assert states.state(View.OWN, Morning().scene(), TicketId("x"))["final"] is True


def test_a_ticket_to_be_called_later_says_when() -> None:
    morning = Morning()
    mine = morning.issue()
    morning.do(OpenCounter(ONE))
    morning.do(CallNext(ONE))
    morning.do(Return(mine, ReturnMode.AFTER, 600))
    assert states.own(morning.scene(), mine)["not_before_ms"] == NINE_MS + 600_000


def test_a_clerks_choice_shows_at_the_counter_and_in_what_is_open() -> None:
    morning = Morning()
    morning.do(OpenCounter(ONE, (SHORT,)))
    scene = morning.scene()
    counter = states.desk(scene)["counters"][0]
    assert (counter["services"], counter["skills"]) == ([SHORT], [NEW, SHORT])
    assert [s["counters_open"] for s in states.public(scene)["services"]] == [0, 1]


def test_a_missed_visitor_sees_until_when_the_zones_rule_lets_them_back() -> None:
    morning = Morning()
    ticket = morning.issue()
    morning.do(OpenCounter(ONE))
    morning.do(CallNext(ONE))
    assert states.own(morning.scene(), ticket)["return_until_ms"] is None
    morning.do(Miss(ONE))
    assert states.own(morning.scene(), ticket)["return_until_ms"] == NINE_MS + 1_800_000
    strict = replace(morning.scene(), zone=zone(rules=Rules(missed_return=MissedReturn.NO)))
    assert states.own(strict, ticket)["return_until_ms"] is None


def test_a_ticket_shows_what_is_still_to_come_of_its_visit() -> None:
    morning = Morning()
    ticket = morning.issue()
    morning.model.state.tickets[ticket] = replace(morning.model.state.tickets[ticket], further=(SHORT,))
    assert states.own(morning.scene(), ticket)["further"] == [{"id": SHORT, "name": zone().services[SHORT].name}]
    assert states.desk(morning.scene())["tickets"][0]["further"] == [SHORT]


def test_a_waiting_visitor_sees_how_often_they_may_still_put_it_off() -> None:
    morning = Morning()
    ticket = morning.issue()
    own = states.own(morning.scene(), ticket)
    assert (own["delay_s"], own["delays_left"]) == (600, 2)
    morning.do(Delay(ticket))
    own = states.own(morning.scene(), ticket)
    assert (own["delays_left"], own["not_before_ms"]) == (1, NINE_MS + 600_000)
    assert states.desk(morning.scene())["tickets"][0]["delays"] == 1
    morning.do(Delay(ticket))
    own = states.own(morning.scene(), ticket)
    assert (own["delay_s"], own["delays_left"]) == (None, 0)


def test_who_is_called_sees_the_whole_way() -> None:
    place = replace(zone().counters[ONE], floor=text("1. OG"), room=text("114"), arrow=Arrow.LEFT)
    morning = Morning()
    ticket = morning.issue()
    scene = replace(morning.scene(), zone=zone(counters={ONE: place}))
    assert {states.own(scene, ticket)[name] for name in ("arrow", "floor", "room")} == {None}
    morning.do(OpenCounter(ONE))
    morning.do(CallNext(ONE))
    own = states.own(replace(morning.scene(), zone=zone(counters={ONE: place})), ticket)
    assert (own["arrow"], own["floor"]["de"], own["room"]["de"]) == ("left", "1. OG", "114")

"""The API's side is a few lines here: what it would answer, and how often it fails before."""

import json
from collections.abc import Callable

import httpx
import pytest
from pydantic import BaseModel

from queue_core.domain.booking_commands import Book, CancelBooking, CheckIn, MoveBooking
from queue_core.domain.clock import ZoneClock
from queue_core.domain.commands import (
    CallNext,
    CallTicket,
    Cancel,
    CloseService,
    Command,
    Finish,
    Issue,
    OpenService,
    Park,
    PauseCounter,
    ReserveNumbers,
    Return,
    Transfer,
    Undo,
)
from queue_core.domain.errors import Refusal, Refused, StoreAway
from queue_core.domain.model import (
    BookingId,
    ClassId,
    CounterId,
    Current,
    ReturnMode,
    SeriesId,
    ServiceId,
    TicketId,
    ZoneId,
)
from queue_core.real_clock import real_ms
from queue_core.simulate.http_port import HttpPort, request
from queue_core.web.api import requests

HALL, ONE, A = ZoneId("hall"), CounterId("1"), ServiceId("a")
T1, B1, SLOT_MS = TicketId("t1"), BookingId("b1"), 1_894_006_800_000
BOOKING = Book(B1, A, ClassId("default"), SLOT_MS)
DRAW = Issue(A, ClassId("default"))
BASE = "/api/v1/zones/hall"
Answer = Callable[[httpx.Request], httpx.Response]


class Naps:
    """A sleep that only takes note."""

    def __init__(self) -> None:
        self.taken_s: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken_s.append(seconds)


class Server:
    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = list(answers)
        self.keys: list[str] = []

    def __call__(self, asked: httpx.Request) -> httpx.Response:
        self.keys.append(asked.headers["Idempotency-Key"])
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def port(server: Answer, naps: Naps | None = None, clock: ZoneClock | None = None) -> HttpPort:
    client = httpx.AsyncClient(transport=httpx.MockTransport(server), base_url="http://wartezone")
    return HttpPort(client, HALL, clock or ZoneClock(0, 0), "run", naps or Naps())


def issued() -> httpx.Response:
    return httpx.Response(201, json={"ticket": {"id": "t1", "state": "waiting"}})


@pytest.mark.parametrize(
    ("command", "path", "body"),
    [
        (DRAW, "/tickets", {"service": "a", "visitor_class": "default"}),
        (CallNext(ONE), "/counters/1/call-next", {}),
        (CallNext(ONE, Current.FINISH), "/counters/1/call-next", {"current": "finish"}),
        (Park(ONE, "papers"), "/counters/1/park", {"reason": "papers"}),
        (PauseCounter(ONE, "break"), "/counters/1/pause", {"reason": "break"}),
        (CallTicket(T1, ONE, pick=True), "/tickets/t1/call", {"counter": "1"}),
        (Return(T1, ReturnMode.AFTER, 300), "/tickets/t1/return", {"mode": "after", "after_s": 300}),
        (Transfer(T1, to_service=A, by_counter=ONE), "/tickets/t1/transfer", {"service": "a", "by_counter": "1"}),
        (Cancel(T1, by="visitor"), "/tickets/t1/cancel", {}),
        (Undo(ONE), "/counters/1/undo", {}),
        (Undo(ONE, T1), "/counters/1/undo", {"meant": "t1"}),
        (OpenService(A), "/services/a/open", {}),
        (CloseService(A, "full"), "/services/a/close", {"reason": "full"}),
        (
            BOOKING,
            "/bookings",
            {"booking": "b1", "service": "a", "visitor_class": "default", "slot_at": "2030-01-07T09:00:00+00:00"},
        ),
        (MoveBooking(B1, SLOT_MS), "/bookings/b1/move", {"slot_at": "2030-01-07T09:00:00+00:00"}),
        (CancelBooking(B1), "/bookings/b1/cancel", {}),
        (CheckIn(B1), "/bookings/b1/check-in", {}),
    ],
)
def test_commands_are_said_as_the_api_wants_them(command: Command, path: str, body: dict[str, object]) -> None:
    asked = request(HALL, command)
    assert asked.path == BASE + path
    assert json.loads(json.dumps(asked.body)) == body


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        (DRAW, requests.DrawTicket),
        (CallNext(ONE), requests.CallNextTicket),
        (CallNext(ONE, Current.MISS), requests.CallNextTicket),
        (Park(ONE, "papers"), requests.WithReason),
        (PauseCounter(ONE, "break"), requests.WithReason),
        (Finish(ONE), requests.FinishVisit),
        (CallTicket(T1, ONE, pick=True), requests.CallTicketAt),
        (Return(T1, ReturnMode.OLD), requests.ReturnTicket),
        (Return(T1, ReturnMode.AFTER, 300), requests.ReturnTicket),
        (Transfer(T1, to_service=A, by_counter=ONE), requests.TransferTicket),
        (Cancel(T1, by="visitor"), requests.Nothing),
        (CloseService(A, "full"), requests.WithReason),
        (BOOKING, requests.BookSlot),
        (MoveBooking(B1, SLOT_MS), requests.MoveSlot),
        (CheckIn(B1), requests.Nothing),
    ],
)
def test_api_accepts_what_is_sent(command: Command, wanted: type[BaseModel]) -> None:
    wanted.model_validate_json(json.dumps(request(HALL, command).body))


def test_what_no_visitor_or_clerk_does_is_not_sent() -> None:
    with pytest.raises(ValueError, match="ReserveNumbers"):
        request(HALL, ReserveNumbers(SeriesId("a"), 10, "kiosk"))


async def test_drawn_ticket_is_handed_on() -> None:
    assert await port(Server(issued())).do(DRAW) == T1


async def test_nobody_eligible_is_no_ticket() -> None:
    assert await port(Server(httpx.Response(204))).do(CallNext(ONE)) is None


async def test_ticket_that_was_only_finished_is_not_called() -> None:
    finished = httpx.Response(200, json={"counter": {"id": "1"}, "ticket": {"id": "t1", "state": "finished"}})
    assert await port(Server(finished)).do(CallNext(ONE, Current.FINISH)) is None


async def test_every_command_has_its_own_key_and_keeps_it_when_repeated() -> None:
    server = Server(httpx.Response(503), httpx.ReadTimeout("slow"), httpx.ConnectError("gone"), issued())
    naps = Naps()
    office = port(server, naps)
    assert await office.do(DRAW) == T1
    assert server.keys == ["run-1"] * 4
    assert len(naps.taken_s) == 3
    await office.do(DRAW)
    assert server.keys[-1] == "run-2"


async def test_server_says_how_long_to_wait() -> None:
    naps = Naps()
    await port(Server(httpx.Response(429, headers={"Retry-After": "7"}), issued()), naps).do(DRAW)
    assert naps.taken_s == [7.0]


async def test_server_that_does_not_come_back_is_given_up() -> None:
    with pytest.raises(StoreAway):
        await port(Server(httpx.Response(503))).do(DRAW)


async def test_refusal_is_told_by_its_code() -> None:
    problem = httpx.Response(
        409, json={"code": "counter_busy", "ticket": "t1"}, headers={"Content-Type": "application/problem+json"}
    )
    with pytest.raises(Refused) as refused:
        await port(Server(problem)).do(Finish(ONE))
    assert refused.value.code is Refusal.COUNTER_BUSY


async def test_fault_of_ours_ends_the_simulation() -> None:
    with pytest.raises(httpx.HTTPStatusError):
        await port(Server(httpx.Response(401, text="who are you"))).do(DRAW)


async def test_waits_in_real_time_until_the_zones_clock_is_there() -> None:
    naps = Naps()
    await port(Server(issued()), naps, ZoneClock(1_000_000, real_ms(), rate=20.0)).advance_to(1_200_000)
    assert naps.taken_s == [pytest.approx(10.0, abs=1.0)]


async def test_does_not_wait_for_what_is_past() -> None:
    naps = Naps()
    await port(Server(issued()), naps, ZoneClock(1_000_000, real_ms(), rate=20.0)).advance_to(900_000)
    assert naps.taken_s == []

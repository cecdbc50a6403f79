import json

from queue_core.domain.model import ServiceId, TicketId
from queue_core.estimate.forecast import Forecast, NoRange, Range


def test_forecast_survives_json() -> None:
    passport, advice = ServiceId("passport"), ServiceId("advice")
    forecast = Forecast(
        at_ms=1_900_000_000_000,
        as_of_seq=17,
        tickets={TicketId("t1"): Range(60, 120, 240, "queue_length")},
        services={passport: Range(120, 240, 480, "queue_length"), advice: None},
        ahead={TicketId("t1"): 0, passport: 1, advice: 0},
        reasons={advice: NoRange.NO_COUNTER_OPEN},
    )
    assert Forecast.from_json(json.loads(json.dumps(forecast.to_json()))) == forecast


def test_a_forecast_that_was_told_names_every_ticket() -> None:
    told = Forecast(0, 0, tickets={TicketId("t1"): Range(60, 120, 240, "queue_length"), TicketId("t2"): None})
    heard = Forecast.from_json(told.to_json()).tickets
    assert heard[TicketId("t1")] == told.tickets[TicketId("t1")]
    assert (list(heard), len(heard)) == (["t1", "t2"], 2)
    assert heard.get(TicketId("t2")) is heard.get(TicketId("nobody")) is None


def test_unknown_wait_is_null_and_never_zero() -> None:
    passport = ServiceId("passport")
    assert Forecast(0, 0, services={passport: None}).to_json()["services"] == {passport: None}

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


def test_unknown_wait_is_null_and_never_zero() -> None:
    passport = ServiceId("passport")
    assert Forecast(0, 0, services={passport: None}).to_json()["services"] == {passport: None}

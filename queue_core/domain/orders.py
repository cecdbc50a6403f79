"""What staff tell a device to do. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from queue_core.domain.attendance import DeviceKind

#: A display that was off for hours must not play yesterday's test tone.
ORDER_VALID_MS = 10 * 60_000
#: More than so many at once are a mistake: the oldest go.
ORDERS_MOST = 20
MESSAGE_MOST = 200

Value = str | int | bool | None | Mapping[str, Any]


class OrderName(StrEnum):
    RELOAD = "reload"
    VOLUME = "volume"
    TEST_TONE = "test_tone"
    MESSAGE = "message"
    BLANK = "blank"
    IDENTIFY = "identify"
    REPRINT = "reprint"
    PRINTER_TEST = "printer_test"
    OUT_OF_SERVICE = "out_of_service"
    IN_SERVICE = "in_service"


#: What which kind of device can do.
ORDERS: Mapping[DeviceKind, frozenset[OrderName]] = {
    DeviceKind.KIOSK: frozenset({OrderName.RELOAD, OrderName.IDENTIFY, OrderName.OUT_OF_SERVICE, OrderName.IN_SERVICE}),
    DeviceKind.DISPLAY: frozenset(
        {
            OrderName.RELOAD,
            OrderName.VOLUME,
            OrderName.TEST_TONE,
            OrderName.MESSAGE,
            OrderName.BLANK,
            OrderName.IDENTIFY,
        }
    ),
    DeviceKind.AGENT: frozenset({OrderName.REPRINT, OrderName.PRINTER_TEST}),
}


#: Whether the device serves nobody from now on: no deed of the device but a state that the server keeps.
SERVICE: Mapping[OrderName, bool] = {OrderName.OUT_OF_SERVICE: True, OrderName.IN_SERVICE: False}

#: What nobody asks for by its name: a copy is made of a ticket, at the ticket's own address, or it could say anything.
MADE_ELSEWHERE = frozenset({OrderName.REPRINT})


class OrderState(StrEnum):
    """HANDED: the device has it. DONE: the device said so."""

    WAITING = "waiting"
    HANDED = "handed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Order:
    """`by`: the principal that wants it."""

    id: str
    name: OrderName
    value: Value
    by: str
    at_ms: int
    state: OrderState = OrderState.WAITING

    def is_valid(self, now_ms: int) -> bool:
        return now_ms < self.at_ms + ORDER_VALID_MS

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> "Order":
        return Order(**{**value, "name": OrderName(value["name"]), "state": OrderState(value["state"])})


def is_fit(name: OrderName, value: Value) -> bool:
    """Whether this command may have this value."""
    match name:
        case OrderName.VOLUME:
            return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100
        case OrderName.BLANK:
            return isinstance(value, bool)
        case OrderName.MESSAGE:
            return isinstance(value, str) and len(value) <= MESSAGE_MOST and (value == "" or value.isprintable())
        case OrderName.REPRINT:
            return isinstance(value, Mapping)
        case _:
            return value is None

"""The addresses of devices: their reports, their pairing, what staff do with them."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from queue_core.web.devices import orders, pairing, reports
from queue_core.web.frame import Frame


def routes(frame: Frame) -> Sequence[BaseRoute]:
    return [*reports.routes(frame), *pairing.routes(frame), *orders.routes(frame)]

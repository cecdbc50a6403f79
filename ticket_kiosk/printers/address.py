"""Where a printer is: `tcp://host[:port]` or `usb://vendor:product`."""

import re
from dataclasses import dataclass

from queue_core.domain.errors import WartezoneError

PORT = 9100
_TCP = re.compile(r"tcp://(?P<host>\[[0-9a-fA-F:.%]+\]|[^\s:/\[\]@?#]+)(?::(?P<port>\d{1,5}))?/?")
_USB = re.compile(r"usb://(?P<vendor>[0-9a-fA-F]{1,4}):(?P<product>[0-9a-fA-F]{1,4})/?")
_PORTS = range(1, 65_536)


class BadPrinterAddress(WartezoneError):
    """No printer can be there."""


@dataclass(frozen=True, slots=True)
class TcpAddress:
    host: str
    port: int = PORT


@dataclass(frozen=True, slots=True)
class UsbAddress:
    vendor: int
    product: int


def printer_address(text: str) -> TcpAddress | UsbAddress:
    """Raises `BadPrinterAddress`."""
    if tcp := _TCP.fullmatch(text):
        port = int(tcp["port"] or PORT)
        if port in _PORTS:
            return TcpAddress(tcp["host"].strip("[]"), port)
    if usb := _USB.fullmatch(text):
        return UsbAddress(int(usb["vendor"], 16), int(usb["product"], 16))
    raise BadPrinterAddress(
        f"{text!r} is no address of a printer: write tcp://host:{PORT}, or usb://vendor:product as lsusb shows them"
    )

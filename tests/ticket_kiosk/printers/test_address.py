"""Addresses of printers: two kinds, and one clear error for all else."""

import pytest

from ticket_kiosk.printers import opened
from ticket_kiosk.printers.address import BadPrinterAddress, TcpAddress, UsbAddress, printer_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp://printer", TcpAddress("printer", 9100)),
        ("tcp://10.0.0.7:9101", TcpAddress("10.0.0.7", 9101)),
        ("tcp://[fe80::1]:9100", TcpAddress("fe80::1", 9100)),
        ("usb://04b8:0e28", UsbAddress(0x04B8, 0x0E28)),
    ],
)
def test_an_address_is_read(text: str, address: object) -> None:
    assert printer_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "printer",
        "http://printer",
        "tcp://",
        "tcp://a:0",
        "tcp://a:99999",
        "tcp://a:x",
        "usb://04b8",
        "usb://xyz:1",
        "tcp://a b",
        "tcp://a/b",
    ],
)
def test_a_bad_address_is_refused_before_anything_is_printed(text: str) -> None:
    with pytest.raises(BadPrinterAddress, match=r"is no address of a printer: write tcp://host:9100, or usb://"):
        opened(text)

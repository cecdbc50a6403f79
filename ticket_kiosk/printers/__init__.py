"""Printers of tickets, behind one port: who prints hears from the printer itself whether there is paper in a hand."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ticket_kiosk.printers.port import Printer

__all__ = ["opened"]


def opened(address: str) -> "Printer":
    """`tcp://host[:port]` or `usb://vendor:product`; nothing is sent before it is used. Raises `BadPrinterAddress`."""
    from ticket_kiosk.printers.address import printer_address
    from ticket_kiosk.printers.escpos import EscposPrinter

    return EscposPrinter(printer_address(address))

"""The line to a printer: one connection for one ticket or one look, with an end to every waiting."""

import select
import socket
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol

import usb.core  # type: ignore[import-untyped]
import usb.util  # type: ignore[import-untyped]

from ticket_kiosk.printers.address import TcpAddress, UsbAddress

_MS = 1000
_ANSWER_BYTES = 16


@dataclass(frozen=True, slots=True)
class Patience:
    """`answer_s`: for a connection, for taking what is sent, for an answer that every model gives. `idle_s`: for an
    answer that not every model knows, from one that has nothing else to do. `dots_per_s`: as slow as paper may come, 60
    mm a second at 8 dots a millimetre. `overdue_s`: for any answer at all from one that should be done. `gone_s`: so
    long nobody is away, nor silent, without having been unplugged."""

    answer_s: float = 3.0
    idle_s: float = 0.5
    dots_per_s: float = 480.0
    overdue_s: float = 1.0
    gone_s: float = 10.0


class PrinterSilent(Exception):
    """The printer does not take what is sent, or its connection is gone."""


class Line(Protocol):
    """Open from the start. Raises `PrinterSilent`."""

    def send(self, data: bytes) -> None: ...

    def heard(self, until_s: float) -> bytes:
        """What the printer says next; nothing when `until_s` (of the monotonic clock) has passed."""

    def close(self) -> None: ...


def line_to(address: TcpAddress | UsbAddress, timeout_s: float) -> Line:
    """Raises `PrinterSilent`."""
    return TcpLine(address, timeout_s) if isinstance(address, TcpAddress) else UsbLine(address, timeout_s)


class TcpLine:
    """To a printer with a network plug, or to one behind a print server that passes bytes on."""

    def __init__(self, address: TcpAddress, timeout_s: float) -> None:
        try:
            self._socket = socket.create_connection((address.host, address.port), timeout_s)
        except OSError as e:
            raise PrinterSilent(str(e)) from e

    def send(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as e:
            raise PrinterSilent(str(e)) from e

    def heard(self, until_s: float) -> bytes:
        try:
            if not select.select([self._socket], [], [], max(0.0, until_s - monotonic()))[0]:
                return b""
            answer = self._socket.recv(_ANSWER_BYTES)
        except OSError as e:
            raise PrinterSilent(str(e)) from e
        if not answer:
            raise PrinterSilent("the printer closed the connection")
        return answer

    def close(self) -> None:
        self._socket.close()


class UsbLine:
    """To a printer on this machine's USB; whoever runs this must be allowed to use the device. No reset at the start,
    as python-escpos does: many a printer forgets what it was doing then, or leaves the bus for a second."""

    def __init__(self, address: UsbAddress, timeout_s: float) -> None:
        self._timeout_ms = round(_MS * timeout_s)
        try:
            self._device = _found(address)
            self._in, self._out = _endpoints(self._device)
        except (usb.core.USBError, usb.core.NoBackendError, NotImplementedError) as e:
            raise PrinterSilent(str(e)) from e

    def send(self, data: bytes) -> None:
        try:
            self._device.write(self._out, data, self._timeout_ms)
        except usb.core.USBError as e:
            raise PrinterSilent(str(e)) from e

    def heard(self, until_s: float) -> bytes:
        left_ms = max(1, round(_MS * (until_s - monotonic())))
        try:
            return bytes(self._device.read(self._in, _ANSWER_BYTES, left_ms))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as e:
            raise PrinterSilent(str(e)) from e

    def close(self) -> None:
        usb.util.dispose_resources(self._device)


def _found(address: UsbAddress) -> Any:
    device = usb.core.find(idVendor=address.vendor, idProduct=address.product)
    if device is None:
        raise PrinterSilent("no such device on USB")
    if device.is_kernel_driver_active(0):
        device.detach_kernel_driver(0)
    return device


def _endpoints(device: Any) -> tuple[int, int]:
    """In and out of its first interface: they differ from model to model."""
    device.set_configuration()
    interface = device.get_active_configuration()[(0, 0)]
    ends = {usb.util.endpoint_direction(end.bEndpointAddress): end.bEndpointAddress for end in interface}
    if set(ends) != {usb.util.ENDPOINT_IN, usb.util.ENDPOINT_OUT}:
        raise PrinterSilent("the device on USB lacks a way in or out: it is no printer that answers")
    return ends[usb.util.ENDPOINT_IN], ends[usb.util.ENDPOINT_OUT]

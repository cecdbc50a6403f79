"""Where editions lie: which addresses have one, and who prints it."""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.routing import compile_path

from queue_core.web.edition import Printed, Printer
from queue_core.web.frame import Frame
from queue_core.web.operation import Operation


@dataclass(frozen=True, slots=True, eq=False)
class Address:
    """`route` is the operation's path, as figures and log name it."""

    route: str
    printer: Printer


class Shelf:
    """Remembers every address that was asked for and exists: as many as zones, and a few more."""

    def __init__(self, frame: Frame, operations: Iterable[Operation]) -> None:
        self._frame = frame
        self._kinds = [(compile_path(o.path)[0], o.path, o.handle) for o in operations if isinstance(o.handle, Printed)]
        self._known: dict[str, Address] = {}

    def find(self, path: str) -> Address | None:
        """None: no printed document belongs there. Raises what a handler may raise for one that does not exist."""
        return self._known.get(path) or self._opened(path)

    def _opened(self, path: str) -> Address | None:
        for pattern, route, printed in self._kinds:
            if match := pattern.match(path):
                address = Address(route, printed.open(self._frame, **match.groupdict()))
                address.printer()
                self._known[path] = address
                return address
        return None

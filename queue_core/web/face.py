"""What a face is: a slice of the product (kiosk, lobby, ...) with routes, templates, static files and words in one
package, found by the entry point group `wartezone.faces`. See docs/faces.md.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points

from starlette.routing import BaseRoute

from queue_core.domain.errors import WartezoneError
from queue_core.spelling import did_you_mean, nearest
from queue_core.web.frame import Frame
from queue_core.web.operation import Operation

__all__ = ["Face", "Frame", "UnknownFace", "load_faces"]

GROUP = "wartezone.faces"


class UnknownFace(WartezoneError):
    """A face was asked for that is not installed."""


@dataclass(frozen=True, slots=True)
class Face:
    """`package` holds `templates/`, `static/` and `locale/`; `operations` are routes that OpenAPI documents."""

    name: str
    package: str
    routes: Callable[[Frame], Sequence[BaseRoute]]
    operations: Sequence[Operation] = field(default=())


def load_faces(names: Iterable[str] | None = None) -> list[Face]:
    """The installed faces, or the named ones in that order. Raises `UnknownFace`."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    chosen = sorted(found) if names is None else list(names)
    for name in chosen:
        if name not in found:
            raise UnknownFace(f"no face is called {name}{did_you_mean(nearest(name, found))}")
    return [found[name].load() for name in chosen]

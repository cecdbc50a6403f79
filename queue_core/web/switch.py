"""Starlette's router, told beforehand which of its routes can match at all."""

from collections.abc import Sequence

from starlette.routing import BaseRoute, Match, Route, Router
from starlette.types import Receive, Scope, Send

#: How many parts an address has, and its last one; None: any word.
Shape = tuple[int, str | None]
_VARIABLE = "{"
_SEVERAL_PARTS = ":path}"


class Switch(Router):
    """Most addresses end in a word of their own: only routes with as many parts and that last word, or any, are asked.

    Whether one matches, and what an address that none matches is told, Starlette alone decides.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        super().__init__(routes, redirect_slashes=False)
        shapes = {shape for route in routes if (shape := _shape(route))}
        lengths: set[Shape] = {(parts, None) for parts, _ in shapes}
        self._candidates = {s: [r for r in routes if _may_match(r, s)] for s in shapes | lengths}
        self._anywhere = [r for r in routes if _shape(r) is None]

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for route in self._asked(scope["path"]):
                match, found = route.matches(scope)
                if match is Match.FULL:
                    scope.update(found, router=self, route=route)
                    await route.handle(scope, receive, send)
                    return
        await super().app(scope, receive, send)

    def _asked(self, path: str) -> Sequence[BaseRoute]:
        parts, last = path.count("/"), path.rpartition("/")[2]
        by_word = self._candidates.get((parts, last))
        return by_word or self._candidates.get((parts, None), self._anywhere)


def _shape(route: BaseRoute) -> Shape | None:
    """None where the number of parts may vary."""
    if not isinstance(route, Route) or _SEVERAL_PARTS in route.path:
        return None
    last = route.path.rpartition("/")[2]
    return route.path.count("/"), None if _VARIABLE in last else last


def _may_match(route: BaseRoute, asked: Shape) -> bool:
    shape = _shape(route)
    return shape is None or (shape[0] == asked[0] and shape[1] in (None, asked[1]))

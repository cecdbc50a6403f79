"""Who may ask what: every route declares it, and none without a declaration is ever mounted.

`public(endpoint)` lets anyone in; `requires(role, ...)` lets in principals of these roles, and only into their zones
where the path names one (`{zone}`). The endpoint finds the principal by `principal_of(request)`.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Protocol, TypeVar, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from queue_core.domain.attendance import DeviceKind, may_be
from queue_core.domain.model import ZoneId
from queue_core.domain.principal import CredentialKind, Principal, Role
from queue_core.web.crossing import require_own_form
from queue_core.web.problems import forbidden, unauthenticated

Endpoint = Callable[[Request], Awaitable[Response | ASGIApp]]
Declared = TypeVar("Declared", bound=Endpoint | ASGIApp)
Roles = frozenset[Role]
ANYONE: Roles | None = None

_POLICY = "access_policy"
_PRINCIPAL = "wartezone.principal"
_ANY_METHOD = "*"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Identify(Protocol):
    async def __call__(self, request: Request) -> Principal | None: ...


class UndeclaredAccess(Exception):
    """A route says nothing about who may use it."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """One route and method as the application serves it; `roles` None: anyone."""

    path: str
    method: str
    roles: Roles | None


def public(endpoint: Endpoint) -> Endpoint:
    """Anyone may ask; who has a credential is still recognised (`principal_of`)."""

    @wraps(endpoint)
    async def guarded(request: Request) -> Response | ASGIApp:
        return await endpoint(request)

    return _declared(guarded, ANYONE)


def requires(*roles: Role) -> Callable[[Endpoint], Endpoint]:
    """Only principals of one of these roles, within their zones."""
    allowed = frozenset(roles)

    def guard(endpoint: Endpoint) -> Endpoint:
        @wraps(endpoint)
        async def guarded(request: Request) -> Response | ASGIApp:
            await admit(request, allowed)
            return await endpoint(request)

        return _declared(guarded, allowed)

    return guard


async def admit(request: Request, allowed: Roles) -> Principal:
    """The principal, if it may; raises `Problem` 401 or 403."""
    principal = await identified(request)
    if principal is None:
        raise unauthenticated()
    if principal.role not in allowed:
        raise forbidden(f"Role {principal.role} may not do this.", needs=sorted(allowed))
    if principal.role is Role.DEVICE and not may_be(principal.name, DeviceKind.KIOSK):
        raise forbidden("A display only shows: it draws nothing and looks at no tickets.")
    zone = request.path_params.get("zone")
    if zone is not None:
        require_zone(principal, zone)
    if principal.kind is CredentialKind.SESSION and request.method not in SAFE_METHODS:
        await require_own_form(request, principal.csrf)
    return principal


async def identified(request: Request) -> Principal | None:
    """Who asks, found once for a request."""
    scope = request.scope
    if _PRINCIPAL not in scope:
        identify: Identify = scope["app"].state.identify
        scope[_PRINCIPAL] = await identify(request)
    return cast(Principal | None, scope[_PRINCIPAL])


def principal_of(request: Request) -> Principal:
    """Whom `requires` let in."""
    return cast(Principal, request.scope[_PRINCIPAL])


def recognised(request: Request) -> Principal | None:
    """Who asks, as far as anybody has wanted to know."""
    return cast(Principal | None, request.scope.get(_PRINCIPAL))


def require_zone(principal: Principal, zone: str) -> None:
    """For routes that name their zone elsewhere than in the path."""
    if not principal.may_enter(ZoneId(zone)):
        raise forbidden(f"Not for zone {zone}.")


def require_site(principal: Principal, zones: Iterable[ZoneId]) -> None:
    """For what belongs to the whole site: whoever may enter one of its zones is of the site."""
    if not any(principal.may_enter(zone) for zone in zones):
        raise forbidden("Not for this site.")


def policies(routes: Iterable[BaseRoute], prefix: str = "") -> Iterator[Guarded]:
    """Every route and method with who may use it. Raises `UndeclaredAccess` for the first that does not say."""
    for route in routes:
        if isinstance(route, Mount) and route.routes:
            yield from policies(route.routes, prefix + route.path)
            continue
        if not isinstance(route, Route):
            raise UndeclaredAccess(f"{prefix}{getattr(route, 'path', route)}")
        declared: dict[str, Roles | None] = getattr(route.endpoint, _POLICY, {})
        for method in sorted((route.methods or set()) - {"HEAD"}):
            key = method if method in declared else _ANY_METHOD
            if key not in declared:
                raise UndeclaredAccess(f"{method} {prefix}{route.path}")
            yield Guarded(prefix + route.path, method, declared[key])


class Resource:
    """All methods of one address, so that a wrong method is told every right one."""

    def __init__(self, endpoints: Mapping[str, Endpoint]) -> None:
        self._endpoints = {**endpoints, **({"HEAD": endpoints["GET"]} if "GET" in endpoints else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._endpoints[scope["method"]](Request(scope, receive))
        await answer(scope, receive, send)


def resource(path: str, endpoints: Mapping[str, Endpoint]) -> Route:
    """One route for all methods of an address."""
    declared = {m: getattr(e, _POLICY) for m, e in endpoints.items() if hasattr(e, _POLICY)}
    policies = {method: policy.get(method, policy.get(_ANY_METHOD)) for method, policy in declared.items()}
    return Route(path, by_method(Resource(endpoints), policies), methods=sorted(endpoints))


def _declared(endpoint: Endpoint, roles: Roles | None) -> Endpoint:
    return by_method(endpoint, {_ANY_METHOD: roles})


def by_method(endpoint: Declared, roles: dict[str, Roles | None]) -> Declared:
    """Declares the policies of an endpoint that serves several methods and admits by itself."""
    setattr(endpoint, _POLICY, roles)
    return endpoint

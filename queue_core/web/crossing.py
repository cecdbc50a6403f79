"""Whether a request was sent from our own pages: what stands between a cookie and another site's form."""

import hmac

from starlette.requests import Request

from queue_core.web.problems import Problem

CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf_token"
_OWN_SITES = frozenset({"same-origin", "none"})
_HIDDEN = "null"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def require_own_site(request: Request) -> None:
    """Sec-Fetch-Site and Origin, where the browser sends them, must be ours. Raises `Problem` 403."""
    _require_site(request)
    if request.headers.get("origin") == _HIDDEN and request.headers.get("sec-fetch-site") != "same-origin":
        raise _foreign()


async def require_own_form(request: Request, token: str) -> None:
    """The sites as above, and the session's token in the X-CSRF-Token header or the form field `csrf_token`.

    Browsers hide the origin of forms on pages that send no referrer; the token then speaks alone.
    """
    _require_site(request)
    sent = request.headers.get(CSRF_HEADER)
    if sent is None and request.headers.get("content-type", "").startswith(_FORMS):
        sent = str((await request.form()).get(CSRF_FIELD, ""))
    if not token or not hmac.compare_digest((sent or "").encode(), token.encode()):
        raise Problem(403, "csrf", "The form is too old or was not sent from our page; load the page again.")


def _require_site(request: Request) -> None:
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if origin is not None and origin in _listed(request):
        return
    foreign_site = site is not None and site not in _OWN_SITES
    if foreign_site or (origin not in (None, _HIDDEN) and not _is_own(request, origin)):
        raise _foreign()


def _foreign() -> Problem:
    return Problem(403, "foreign_site", "This request was sent from another site.")


def _listed(request: Request) -> tuple[str, ...]:
    """Our public address, also where a proxy asks us by another; and what the administration added."""
    settings = request.app.state.frame.settings
    return (*settings.allowed_origins, *([settings.public_url] if settings.public_url else []))


def _is_own(request: Request, origin: str | None) -> bool:
    host = request.headers.get("host", "")
    return origin in (f"http://{host}", f"https://{host}")

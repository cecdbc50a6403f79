"""Whether a request was sent from our own pages: what stands between a cookie and another site's form."""

import hmac
from urllib.parse import urlsplit

from starlette.requests import Request

from queue_core.web.problems import Problem

CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf_token"
_OWN_SITES = frozenset({"same-origin", "none"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def require_own_site(request: Request) -> None:
    """Sec-Fetch-Site and Origin, where the browser sends them, must be ours. Raises `Problem` 403."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    foreign_site = site is not None and site not in _OWN_SITES
    foreign_origin = origin is not None and not _is_own(request, origin)
    if foreign_site or foreign_origin:
        raise Problem(403, "foreign_site", "This request was sent from another site.")


async def require_own_form(request: Request, token: str) -> None:
    """`require_own_site`, and the session's token in the X-CSRF-Token header or the form field `csrf_token`."""
    require_own_site(request)
    sent = request.headers.get(CSRF_HEADER)
    if sent is None and request.headers.get("content-type", "").startswith(_FORMS):
        sent = str((await request.form()).get(CSRF_FIELD, ""))
    if not token or not hmac.compare_digest((sent or "").encode(), token.encode()):
        raise Problem(403, "csrf", "The form is too old or was not sent from our page; load the page again.")


def _is_own(request: Request, origin: str) -> bool:
    allowed = request.app.state.frame.settings.allowed_origins
    return origin in allowed or urlsplit(origin).netloc == request.headers.get("host", "")

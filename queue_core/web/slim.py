"""Pages for everybody go out compressed.

They hold nothing secret beside what a visitor may choose, so that their length tells nothing (BREACH); pages of staff
and of tickets stay as they are.
"""

import gzip

from starlette.requests import Request
from starlette.responses import Response

_LEVEL = 5


def slim(request: Request, page: Response) -> Response:
    """The same page, for a browser that takes it so."""
    page.headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return page
    page.body = gzip.compress(bytes(page.body), _LEVEL, mtime=0)
    page.headers["Content-Encoding"] = "gzip"
    page.headers["Content-Length"] = str(len(page.body))
    return page

"""What a kiosk shows whose agent has no page yet, and no server to fetch it from: a sentence in every language."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from queue_core.web.words import direction, languages, translations
from ticket_kiosk import PACKAGE

_EVERY_S = 5
_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"


def waiting_page() -> Response:
    """It asks again by itself."""
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": _POLICY, "Refresh": str(_EVERY_S)}
    return HTMLResponse(_rendered(), 200, headers)


@cache
def _rendered() -> str:
    folder = str(files(PACKAGE) / "templates")
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    sentences = []
    for language in languages(PACKAGE):
        _ = translations(PACKAGE, language).gettext
        sentences.append((language, direction(language), _("This terminal is starting. Please go to the desk.")))
    return environment.get_template("agent_waiting.html").render(sentences=sentences)

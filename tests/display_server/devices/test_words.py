"""The device page knows how to say what devices report of themselves."""

import re
from importlib.resources import files
from pathlib import Path

KIOSK = Path(str(files("ticket_kiosk") / "templates"))
PAGE = Path(str(files("display_server.devices") / "templates"))


def test_every_screen_of_a_kiosk_has_words() -> None:
    shown = re.findall(r'data-on="([^"]+)"', "".join(page.read_text() for page in KIOSK.rglob("*.html")))
    words = (PAGE / "_words.html").read_text()
    assert {name for names in shown for name in names.split() if f'"screen-{name}"' not in words} == set()

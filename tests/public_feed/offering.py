"""An office with everything switched on that one can do from home."""

from typing import Any

from queue_core.domain.office import Appointments, Remote
from queue_core.domain.site import Site, Video
from queue_core.web.face import load_faces
from tests.support.cases import RULES
from tests.support.zones import APPOINTMENT, NEW, zone

FACES = load_faces()
ZONE = zone(appointments=Appointments((NEW,), APPOINTMENT), remote=Remote())
SITE = Site({"de": "Amt"}, ("de",), videos=(Video("tour", {"de": "Rundgang"}, youtube="dQw4w9WgXcQ"),), cases=RULES)
#: Where its home page leads to.
WAYS = ("/appointments", "/z/hall/draw", "/status", "/videos")
MAIL: dict[str, Any] = {
    "smtp_host": "127.0.0.1",
    "smtp_port": 1,
    "smtp_security": "none",
    "smtp_from": "termine@example.de",
    "public_url": "http://127.0.0.1:8080",
}
PUSH: dict[str, Any] = {"push_contact": "mailto:it@example.de", "push_loopback": True}

"""The one table of the architecture: which rooms there are, what each may import, and where third parties live.

A module belongs to the room with the longest matching name; a room within a room is one of its own. `ours` names the
rooms or single modules that a room may import beside itself; a name stands for everything below it. `third_party` names
top-level packages from elsewhere, or is ANY for rooms that may use every package without a home of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

#: holds nothing but the version and the place of the package's files, and imports nothing: anyone may ask it.
ROOT_PACKAGE = "queue_core"
PACKAGES = (ROOT_PACKAGE, "display_server", "ticket_kiosk", "public_feed")
#: made of rooms only; a file beside those belongs to nobody.
NO_FILES = frozenset({ROOT_PACKAGE, "display_server"})

ANY: frozenset[str] = frozenset({"*"})
NONE: frozenset[str] = frozenset()

_DOMAIN = "queue_core.domain"
_SETTINGS = "queue_core.settings"
_CLOCK = "queue_core.real_clock"
_BELOW_FACES = frozenset(
    {
        _DOMAIN,
        _SETTINGS,
        "queue_core.casework",
        "queue_core.appointments",
        "queue_core.engine",
        "queue_core.live",
        "queue_core.mail",
        "queue_core.push.phones",
        "queue_core.speech",
        "queue_core.watch",
        "queue_core.web",
    }
)


@dataclass(frozen=True, slots=True)
class Room:
    ours: frozenset[str]
    third_party: frozenset[str]


ROOMS: Mapping[str, Room] = {
    ROOT_PACKAGE: Room(NONE, NONE),
    "queue_core.domain": Room(NONE, NONE),
    "queue_core.estimate": Room(frozenset({_DOMAIN}), frozenset({"numpy"})),
    "queue_core.real_clock": Room(NONE, NONE),
    "queue_core.store": Room(frozenset({_DOMAIN, _CLOCK}), ANY),
    "queue_core.speech": Room(frozenset({_DOMAIN, _SETTINGS}), ANY),
    "queue_core.spelling": Room(NONE, NONE),
    "queue_core.settings": Room(frozenset({_DOMAIN, "queue_core.spelling"}), ANY),
    "queue_core.office_file": Room(frozenset({_DOMAIN, "queue_core.spelling"}), ANY),
    "queue_core.filling": Room(frozenset({_DOMAIN}), ANY),
    "queue_core.engine": Room(
        frozenset(
            {
                _DOMAIN,
                _CLOCK,
                "queue_core.day_so_far",
                "queue_core.estimate",
                "queue_core.filling",
                "queue_core.open_zone",
                "queue_core.past_days",
                "queue_core.store",
            }
        ),
        ANY,
    ),
    "queue_core.open_zone": Room(frozenset({_DOMAIN, _CLOCK, "queue_core.store"}), NONE),
    "queue_core.past_days": Room(frozenset({_DOMAIN, "queue_core.estimate", "queue_core.store"}), NONE),
    "queue_core.day_so_far": Room(frozenset({_DOMAIN, "queue_core.estimate", "queue_core.store"}), NONE),
    "queue_core.appointments": Room(frozenset({_DOMAIN, "queue_core.engine"}), NONE),
    "queue_core.webhook": Room(frozenset({_CLOCK, "queue_core.store.outbox", "queue_core.watch"}), ANY),
    "queue_core.mail": Room(
        frozenset(
            {_DOMAIN, _CLOCK, _SETTINGS, "queue_core.store.mail", "queue_core.web.clock", "queue_core.web.words"}
        ),
        ANY,
    ),
    "queue_core.reminders": Room(
        frozenset({_DOMAIN, "queue_core.mail.due", "queue_core.store", "queue_core.webhook"}), NONE
    ),
    "queue_core.watch": Room(
        frozenset({_DOMAIN, _CLOCK, "queue_core.engine", "queue_core.live", "queue_core.store"}), ANY
    ),
    "queue_core.push": Room(
        frozenset(
            {
                _DOMAIN,
                _CLOCK,
                "queue_core.engine",
                "queue_core.live",
                "queue_core.store.case_phones",
                "queue_core.store.push",
            }
        ),
        ANY,
    ),
    "queue_core.casework": Room(frozenset({_DOMAIN, _CLOCK, "queue_core.store"}), ANY),
    "queue_core.live": Room(frozenset({_DOMAIN, _CLOCK, "queue_core.store.reader"}), ANY),
    "queue_core.web": Room(_BELOW_FACES | {"queue_core.spelling"}, ANY),
    "queue_core.forecaster": Room(frozenset({_DOMAIN, "queue_core.estimate", "queue_core.store"}), ANY),
    "queue_core.forecasting": Room(frozenset({_DOMAIN, "queue_core.forecaster"}), ANY),
    "queue_core.judgement": Room(frozenset({_DOMAIN, "queue_core.estimate", "queue_core.store"}), ANY),
    "queue_core.lessons": Room(frozenset({_DOMAIN, "queue_core.estimate"}), NONE),
    "queue_core.jobs": Room(
        frozenset(
            {
                _DOMAIN,
                _CLOCK,
                _SETTINGS,
                "queue_core.case_drop",
                "queue_core.case_taking",
                "queue_core.casework",
                "queue_core.engine",
                "queue_core.filling",
                "queue_core.judgement",
                "queue_core.mail",
                "queue_core.office_file",
                "queue_core.push",
                "queue_core.reminders",
                "queue_core.store",
                "queue_core.web.links",
                "queue_core.web.secret",
                "queue_core.webhook",
            }
        ),
        ANY,
    ),
    "queue_core.doctor": Room(
        frozenset({_DOMAIN, _SETTINGS, "queue_core.case_drop", "queue_core.office_file", "queue_core.store"}), ANY
    ),
    "queue_core.simulate": Room(frozenset({_DOMAIN, _CLOCK, "queue_core.engine", "queue_core.estimate"}), ANY),
    "queue_core.evaluate": Room(frozenset({_DOMAIN, "queue_core.estimate", "queue_core.simulate"}), ANY),
    # The composition root builds everything; it finds the faces by their entry points.
    "queue_core.serve": Room(frozenset({"queue_core"}), ANY),
    "queue_core.cli": Room(frozenset({"queue_core"}), ANY),
    "queue_core.table_file": Room(frozenset({_DOMAIN, "queue_core.spelling"}), NONE),
    "queue_core.case_file": Room(
        frozenset({_DOMAIN, "queue_core.casework", "queue_core.spelling", "queue_core.table_file"}), NONE
    ),
    "queue_core.case_drop": Room(frozenset({_DOMAIN, "queue_core.table_file"}), NONE),
    "queue_core.case_taking": Room(
        frozenset(
            {
                _DOMAIN,
                "queue_core.case_drop",
                "queue_core.case_file",
                "queue_core.casework",
                "queue_core.store",
                "queue_core.table_file",
            }
        ),
        NONE,
    ),
    "queue_core.appointment_file": Room(frozenset({_DOMAIN, "queue_core.spelling", "queue_core.table_file"}), NONE),
    "queue_core.intake": Room(frozenset({_DOMAIN, "queue_core.appointment_file", "queue_core.table_file"}), NONE),
    "queue_core.cli_appointments": Room(frozenset({"queue_core"}), ANY),
    "queue_core.cli_cases": Room(frozenset({"queue_core"}), ANY),
    "queue_core.cli_access": Room(frozenset({"queue_core"}), ANY),
    "queue_core.cli_evaluate": Room(frozenset({"queue_core"}), ANY),
    "queue_core.cli_laws": Room(frozenset({"queue_core"}), ANY),
    "queue_core.cli_store": Room(frozenset({"queue_core"}), ANY),
    "queue_core.__main__": Room(frozenset({"queue_core.cli"}), NONE),
    "display_server.appointments": Room(
        _BELOW_FACES | {"queue_core.appointment_file", "queue_core.intake", "queue_core.table_file"}, ANY
    ),
    "display_server.lobby": Room(_BELOW_FACES, ANY),
    "display_server.desk": Room(_BELOW_FACES, ANY),
    "display_server.board": Room(_BELOW_FACES, ANY),
    "display_server.casework": Room(_BELOW_FACES, ANY),
    "display_server.devices": Room(_BELOW_FACES, ANY),
    "display_server": Room(NONE, NONE),
    "ticket_kiosk": Room(_BELOW_FACES | {"ticket_kiosk.paper"}, ANY),
    # A process of its own, and its own composition root.
    "ticket_kiosk.agent": Room(
        _BELOW_FACES | {_CLOCK, "ticket_kiosk", "queue_core.cli_store", "queue_core.serve.logs"}, ANY
    ),
    "ticket_kiosk.printers": Room(frozenset({_DOMAIN}), ANY),
    "ticket_kiosk.printers.command": Room(
        frozenset(
            {_DOMAIN, "queue_core.web.words", "ticket_kiosk.paper", "ticket_kiosk.printers", "ticket_kiosk.receipt"}
        ),
        ANY,
    ),
    "ticket_kiosk.paper": Room(frozenset({_DOMAIN, "ticket_kiosk.receipt"}), ANY),
    "public_feed.appointments": Room(_BELOW_FACES, ANY),
    "public_feed.cases": Room(_BELOW_FACES, ANY),
    "public_feed.app": Room(_BELOW_FACES, ANY),
    "public_feed.feed": Room(_BELOW_FACES, ANY),
    "public_feed.legal": Room(_BELOW_FACES, ANY),
    "public_feed.now": Room(_BELOW_FACES, ANY),
    "public_feed.own": Room(_BELOW_FACES, ANY),
    "public_feed.remote": Room(_BELOW_FACES, ANY),
    "public_feed.survey": Room(_BELOW_FACES, ANY),
    "public_feed.widget": Room(_BELOW_FACES, ANY),
    "public_feed.videos": Room(_BELOW_FACES, ANY),
    "public_feed": Room(NONE, NONE),
}

_FACES = frozenset({"display_server", "ticket_kiosk", "public_feed"})

#: package from elsewhere -> the only rooms and modules that may import it.
HOMES: Mapping[str, frozenset[str]] = {
    "redis": frozenset({"queue_core.store"}),
    "rq": frozenset({"queue_core.jobs"}),
    "starlette": frozenset({"queue_core.web", "queue_core.serve"}) | _FACES,
    "jinja2": frozenset({"queue_core.web"}) | _FACES,
    "websockets": frozenset({"queue_core.live"}),
    "uvicorn": frozenset({"queue_core.serve", "ticket_kiosk.agent"}),
    "uvloop": frozenset({"queue_core.serve"}),
    "PIL": frozenset({"ticket_kiosk.paper", "ticket_kiosk.printers"}),
    "escpos": frozenset({"ticket_kiosk.printers"}),
    "aiosmtplib": frozenset({"queue_core.mail"}),
    "icalendar": frozenset({"queue_core.mail"}),
    "espeakng_loader": frozenset({"queue_core.speech"}),
    "typer": frozenset(
        {
            "ticket_kiosk.agent.command",
            "ticket_kiosk.printers.command",
            "queue_core.cli",
            "queue_core.cli_access",
            "queue_core.cli_appointments",
            "queue_core.cli_cases",
            "queue_core.cli_evaluate",
            "queue_core.cli_laws",
            "queue_core.cli_store",
        }
    ),
}

#: the only modules that may read the process environment.
ENVIRONMENT_READERS = frozenset({"queue_core.settings.loading", "queue_core.settings.secret_files"})

#: names that say nothing about what a module owns.
DRAWERS = frozenset({"common", "helper", "helpers", "misc", "tools", "util", "utils"})

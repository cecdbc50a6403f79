"""The views, and who may have them is not decided here: `lobby` and `desk` are for devices and staff, `own` for whoever
holds the ticket's link, the others for everybody."""

from enum import StrEnum


class View(StrEnum):
    WAITS = "waits"
    PUBLIC = "public"
    LOBBY = "lobby"
    DESK = "desk"
    OWN = "own"


FOR_EVERYBODY = frozenset({View.WAITS, View.PUBLIC})

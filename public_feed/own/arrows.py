"""Which way to go, as it is drawn and said: left and right are those of the room, so they are never mirrored."""

from collections.abc import Callable, Mapping

from queue_core.domain.office import Arrow

#: Paths within 100 by 100; the same signs as on the display.
ARROWS: Mapping[str, str] = {
    Arrow.LEFT: "M96 40H44V14L3 50 44 86V60H96Z",
    Arrow.RIGHT: "M4 40H56V14L97 50 56 86V60H4Z",
    Arrow.UP: "M3 97V77H25V60H45V43H65V26H97V97ZM20 55 12 47 40 19 29 8H62V41L51 30 26 55Z",
    Arrow.DOWN: "M3 97V26H35V43H55V60H75V77H97V97ZM48 3 76 31 87 20V53H54L65 42 37 14Z",
    Arrow.AHEAD: "M40 96V44H14L50 3 86 44H60V96Z",
}


def directions(_: Callable[[str], str]) -> dict[str, str]:
    """In the words of a language."""
    return {
        Arrow.LEFT: _("to the left, as you face the display"),
        Arrow.RIGHT: _("to the right, as you face the display"),
        Arrow.UP: _("upstairs"),
        Arrow.DOWN: _("downstairs"),
        Arrow.AHEAD: _("straight ahead, past the display"),
    }

"""What a start prints: where the screens are, and how the first person gets in."""

from collections.abc import Iterator

from queue_core.domain.office import Office, Zone
from queue_core.domain.principal import invitation_path
from queue_core.settings import Settings


def welcome(settings: Settings, office: Office, faces: frozenset[str], invitation: str | None) -> str:
    lines = [f"Wartezone is ready on {settings.base_url}", ""]
    lines += [_line(settings, name, path) for name, path in _shared(faces)]
    for zone in office.values():
        lines += ["", f"  {_name(zone)}"]
        lines += [_line(settings, name, path) for name, path in _devices(zone, faces)]
    if invitation:
        lines += ["", "  First start: make your account with this link, once, within a week:"]
        lines += [f"  {settings.base_url}{invitation_path(invitation)}"]
    return "\n".join([*lines, "", "  Ctrl-C stops it.", ""])


def _line(settings: Settings, name: str, path: str) -> str:
    return f"    {name:<12} {settings.base_url}{path}"


def _name(zone: Zone) -> str:
    return zone.name.get("en") or next(iter(zone.name.values()))


def _shared(faces: frozenset[str]) -> Iterator[tuple[str, str]]:
    for face, name, path in (("public", "public page", "/"), ("desk", "desk", "/desk"), ("board", "board", "/board")):
        if face in faces:
            yield name, path


def _devices(zone: Zone, faces: frozenset[str]) -> Iterator[tuple[str, str]]:
    if "kiosk" in faces:
        yield from (("kiosk", f"/kiosk/{kiosk}") for kiosk in zone.kiosks)
    if "lobby" in faces:
        yield from (("lobby wall", f"/lobby/{display}") for display in zone.displays)

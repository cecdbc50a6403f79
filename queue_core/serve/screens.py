"""What a start prints: where the screens are, and how the first person gets in."""

from collections.abc import Iterator

from queue_core.domain.office import Office
from queue_core.settings import Settings


def welcome(settings: Settings, office: Office, faces: frozenset[str], invitation: str | None) -> str:
    lines = [f"Wartezone is ready on {settings.base_url}", ""]
    lines += [f"  {name:<12} {settings.base_url}{path}" for name, path in _screens(office, faces)]
    if invitation:
        lines += ["", "  First start: make your account with this link, once, within a week:"]
        lines += [f"  {settings.base_url}/welcome?code={invitation}"]
    return "\n".join([*lines, "", "  Ctrl-C stops it.", ""])


def _screens(office: Office, faces: frozenset[str]) -> Iterator[tuple[str, str]]:
    first = next(iter(office.values()))
    others = [zone for zone in office.values() if zone is not first]
    if "public" in faces:
        yield "public page", "/"
    for zone in (first, *others):
        if "kiosk" in faces:
            yield from (("kiosk", f"/kiosk/{kiosk}") for kiosk in zone.kiosks)
        if "lobby" in faces:
            yield from (("lobby wall", f"/lobby/{display}") for display in zone.displays)
    if "desk" in faces:
        yield "desk", "/desk"
    if "board" in faces:
        yield "board", "/board"

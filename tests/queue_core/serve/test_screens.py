"""What a start prints."""

from queue_core.serve.screens import welcome
from queue_core.settings import Settings
from tests.support.zones import zone

ALL = frozenset({"public", "desk", "board", "kiosk", "lobby"})
HALL = zone(kiosks=("door",), displays=("wall",))


def test_every_screen_is_named_with_its_address() -> None:
    printed = welcome(Settings(port=9000), {HALL.id: HALL}, ALL, None)
    addresses = [word for word in printed.split() if word.startswith("http")]
    screens = {"", "/", "/desk", "/board", "/kiosk/door", "/lobby/wall"}
    assert set(addresses) == {f"http://127.0.0.1:9000{path}" for path in screens}


def test_faces_that_are_not_served_are_not_named() -> None:
    printed = welcome(Settings(), {HALL.id: HALL}, frozenset({"lobby"}), None)
    assert "/lobby/wall" in printed
    assert not any(path in printed for path in ("/kiosk", "/desk", "/board"))


def test_the_public_address_is_the_one_to_open() -> None:
    settings = Settings(public_url="https://wartezone.example.de", host="0.0.0.0")
    assert "https://wartezone.example.de/desk" in welcome(settings, {HALL.id: HALL}, ALL, None)


def test_the_invitation_stands_there_only_where_there_is_one() -> None:
    assert "the-code" in welcome(Settings(), {HALL.id: HALL}, ALL, "the-code")
    assert "First start" not in welcome(Settings(), {HALL.id: HALL}, ALL, None)

"""One entry of a wall's list stands for all videos of the site."""

from pathlib import Path

import pytest

from queue_core.domain.devices import Medium, MediumKind
from queue_core.office_file.playlist import UNKNOWN_LENGTH_S
from tests.queue_core.office_file.files import SITE, ZONE, faults, office

VIDEOS = """
[[site.video]]
id = "welcome"
title = { de = "Willkommen" }
file = "welcome.webm"

[[site.video]]
id = "tube"
title = { de = "Rundgang" }
youtube = "dQw4w9WgXcQ"
length_s = 95

[[site.video]]
id = "long"
title = { de = "Vortrag" }
youtube = "aqz-KE-bpKQ"
"""
WALL = """
[[display]]
id = "wall"
medium = [{ kind = "image", source = "a.png" }, { kind = "videos" }, { kind = "image", source = "b.png" }]
"""
IN_HOUSE = Medium(MediumKind.VIDEO, "welcome.webm", text={"de": "Willkommen"})
ELSEWHERE = (
    Medium(MediumKind.YOUTUBE, "dQw4w9WgXcQ", 95, {"de": "Rundgang"}),
    Medium(MediumKind.YOUTUBE, "aqz-KE-bpKQ", UNKNOWN_LENGTH_S, {"de": "Vortrag"}),
)


def shown(folder: Path, wall: str, site: str = SITE + VIDEOS) -> tuple[Medium, ...]:
    return office(folder, ZONE + wall, site).devices.displays["wall"].media


@pytest.mark.parametrize(
    ("more", "films"),
    [("", (IN_HOUSE,)), ("youtube = true\n", (IN_HOUSE, *ELSEWHERE))],
    ids=["own-files-only", "youtube-too"],
)
def test_the_videos_stand_where_the_entry_stood(tmp_path: Path, more: str, films: tuple[Medium, ...]) -> None:
    first, *between, last = shown(tmp_path, WALL + more)
    assert (first.source, tuple(between), last.source) == ("a.png", films, "b.png")


def test_a_site_without_videos_leaves_the_rest(tmp_path: Path) -> None:
    assert [medium.source for medium in shown(tmp_path, WALL, SITE)] == ["a.png", "b.png"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('kind = "videos", source = "a.webm"', "videos are those of [[site.video]]"),
        ('kind = "videos", seconds = 9', "videos are those of [[site.video]]"),
        ('kind = "image"', "a medium of the kind image needs a source"),
    ],
    ids=["source", "seconds", "no-source"],
)
def test_what_is_wrong_is_told(tmp_path: Path, entry: str, message: str) -> None:
    wall = f'\n[[display]]\nid = "wall"\nmedium = [{{ {entry} }}]\n'
    (fault,) = faults(tmp_path, {"site.toml": SITE, "zone.toml": ZONE + wall})
    assert message in fault.message

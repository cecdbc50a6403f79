"""The videos that a site offers."""

from pathlib import Path

import pytest

from queue_core.domain.site import Video
from tests.queue_core.office_file.files import SITE, ZONE, faults, office

FILE = """
[[site.video]]
id = "welcome"
title = { de = "Willkommen" }
file = "welcome.webm"
poster = "welcome.jpg"
length_s = 95
language = "de"
captions = { de = "welcome.de.vtt" }
"""
YOUTUBE = '\n[[site.video]]\nid = "tube"\ntitle = { de = "Rundgang" }\nyoutube = "dQw4w9WgXcQ"\n'


def test_a_video_is_a_file_or_one_of_youtube(tmp_path: Path) -> None:
    welcome, tube = office(tmp_path, site=SITE + FILE + YOUTUBE).site.videos
    assert welcome.files == {"welcome.webm", "welcome.jpg", "welcome.de.vtt"}
    assert tube == Video("tube", {"de": "Rundgang"}, youtube="dQw4w9WgXcQ")


def test_a_file_that_is_not_there_is_told_and_the_start_goes_on(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "welcome.webm").touch()
    (tmp_path / "media" / "welcome.jpg").touch()
    warnings = office(tmp_path, site=SITE + FILE).warnings
    assert [w.message for w in warnings] == ["video 'welcome': there is no file media/welcome.de.vtt"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (YOUTUBE.replace("dQw4w9WgXcQ", "short"), "'short' is no id of a video: the 11 characters after watch?v="),
        (f'{YOUTUBE}file = "a.webm"\n', "a video is either a file of the folder media or one of YouTube"),
        (YOUTUBE.replace("youtube", "info = { de = 'x' }\n#"), "either a file of the folder media or one of YouTube"),
        (f'{YOUTUBE}captions = {{ de = "a.vtt" }}\n', "captions of a YouTube video lie there"),
        (FILE.replace("welcome.de.vtt", "welcome.srt"), "'welcome.srt' is no file with captions"),
        (FILE.replace('"welcome.webm"', '"../welcome.webm"'), "is no file of the folder media"),
        (FILE + FILE, "video 'welcome' stands there twice"),
    ],
    ids=["youtube-id", "two-sources", "no-source", "captions-elsewhere", "captions", "outside-media", "twice"],
)
def test_what_is_wrong_is_told(tmp_path: Path, table: str, message: str) -> None:
    (fault,) = faults(tmp_path, {"site.toml": SITE + table, "zone.toml": ZONE})
    assert message in fault.message

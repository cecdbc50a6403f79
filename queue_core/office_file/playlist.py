"""What a wall shows between calls, once all videos of the site have taken the place of the entry that names them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from queue_core.domain.devices import DisplayPlace, Medium, MediumKind
from queue_core.domain.site import Video

#: A film elsewhere does not say when it ends; so long it is shown where nobody has said how long it is.
UNKNOWN_LENGTH_S = 120


def with_videos(place: DisplayPlace, videos: Sequence[Video]) -> DisplayPlace:
    """Those of YouTube only on a wall that may ask there: the list is the same for walls that may not."""
    return replace(place, media=tuple(_in_place(place.media, videos, youtube=place.youtube)))


def _in_place(media: Iterable[Medium], videos: Sequence[Video], *, youtube: bool) -> Iterator[Medium]:
    for medium in media:
        if medium.kind is MediumKind.VIDEOS:
            yield from (_medium(video) for video in videos if video.file or youtube)
        else:
            yield medium


def _medium(video: Video) -> Medium:
    if video.file:
        return Medium(MediumKind.VIDEO, video.file, text=video.title)
    return Medium(MediumKind.YOUTUBE, video.youtube, video.length_s or UNKNOWN_LENGTH_S, video.title)

"""The face `app`: the pages for everybody on a phone: installable, and with a word where there is no network."""

from starlette.routing import BaseRoute, Route

from public_feed.app import manifest, offline, worker
from queue_core.web.face import Face, Frame


def routes(frame: Frame) -> list[BaseRoute]:
    return [
        Route("/app.webmanifest", manifest.manifest(frame)),
        Route("/sw.js", worker.worker(frame)),
        Route("/offline", offline.offline(frame)),
    ]


face = Face("app", "public_feed.app", routes)

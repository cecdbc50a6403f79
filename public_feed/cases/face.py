"""The face `cases`: where one's application stands."""

from starlette.routing import BaseRoute, Route

from public_feed.cases import pages, phone
from queue_core.web.access import public, resource
from queue_core.web.face import Face, Frame


def routes(frame: Frame) -> list[BaseRoute]:
    return [
        resource("/status", {"GET": public(pages.form(frame)), "POST": public(pages.opened(frame))}),
        Route("/status/{look}", public(pages.look(frame))),
        Route("/status/{look}/now", public(pages.now(frame))),
        resource("/status/{look}/push", {"POST": phone.begin(frame), "DELETE": phone.end(frame)}),
        Route("/status/{look}/close", public(pages.close(frame)), methods=["POST"]),
    ]


face = Face("cases", "public_feed.cases", routes)

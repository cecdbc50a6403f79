"""The face `remote`: a number from home, and saying at the entrance that one has come."""

from starlette.routing import BaseRoute, Route

from public_feed.remote.arrival import Arriving
from public_feed.remote.draw import Drawing
from public_feed.remote.entrance import entrance
from queue_core.domain.on_site_code import OnSiteCodes
from queue_core.web.access import public, resource
from queue_core.web.face import Face, Frame
from queue_core.web.secret import load_secret


def routes(frame: Frame) -> list[BaseRoute]:
    codes = OnSiteCodes(load_secret(frame.settings))
    drawing, arriving = Drawing(frame), Arriving(frame, codes)
    return [
        resource("/z/{public_zone}/draw", {"GET": public(drawing.show), "POST": public(drawing.draw)}),
        resource("/z/{public_zone}/here", {"GET": public(arriving.show), "POST": public(arriving.confirm)}),
        Route("/z/{zone}/entrance", entrance(frame, codes)),
    ]


face = Face("remote", "public_feed.remote", routes)

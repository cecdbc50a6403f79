"""The face `survey`: two questions after the visit, and what staff may see of the answers."""

from starlette.routing import BaseRoute, Route

from public_feed.survey.answering import Answering
from public_feed.survey.results import OPERATIONS, page
from queue_core.domain.principal import WATCHERS
from queue_core.web.access import public, requires, resource
from queue_core.web.face import Face, Frame


def routes(frame: Frame) -> list[BaseRoute]:
    answering = Answering(frame)
    return [
        resource("/survey/{link}", {"GET": public(answering.show), "POST": public(answering.answer)}),
        Route("/z/{zone}/survey", requires(*WATCHERS)(page(frame))),
    ]


face = Face("survey", "public_feed.survey", routes, OPERATIONS)

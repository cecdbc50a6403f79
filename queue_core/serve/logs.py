"""One log for everything: text for people at a terminal, JSON lines for collectors. No tokens, no personal data."""

import logging
import sys
from typing import Literal

import structlog
from structlog.typing import Processor

from queue_core.web.request_log import add_request_id

_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    add_request_id,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
#: Talk too much at the level that we want for ourselves.
_QUIET = ("uvicorn", "uvicorn.access", "httpx", "rq", "rq.worker", "rq.cron", "websockets")


def configure_logs(level: str, form: Literal["auto", "text", "json"]) -> None:
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    last: Processor = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            last,
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )

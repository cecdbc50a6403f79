"""What a kiosk may not do through the API either."""

from queue_core.domain.principal import Role
from queue_core.web.call import Call
from queue_core.web.problems import out_of_service


async def require_in_service(call: Call) -> None:
    """Raises `Problem` 409 for a device that staff took out of service; what it did before is answered again."""
    if call.by.role is not Role.DEVICE or not await call.frame.attendance.is_kept_from_drawing(call.by):
        return
    if call.once is None or not await call.frame.engine.has_done(call.in_zone.id, call.once):
        raise out_of_service()

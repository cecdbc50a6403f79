"""Out of service: staff took this kiosk away from the visitors, at its own settings or on the device page. The store
keeps it until they put it back, so that no reload, restart or other browser changes it."""

from queue_core.domain.attendance import DeviceKind, DeviceName
from queue_core.web.face import Frame
from queue_core.web.problems import out_of_service
from ticket_kiosk.place import Kiosk


def device_of(frame: Frame, kiosk: Kiosk) -> DeviceName | None:
    """As which it reports and is told what to do; None for one that has another kiosk's name in another zone."""
    own = frame.devices.kiosks.get(kiosk.place.id)
    return DeviceName(DeviceKind.KIOSK, own.id) if own == kiosk.place else None


async def is_out_of_service(frame: Frame, kiosk: Kiosk) -> bool:
    device = device_of(frame, kiosk)
    return device is not None and await frame.attendance.is_out_of_service(device)


async def require_in_service(frame: Frame, kiosk: Kiosk) -> None:
    """Raises `Problem` 409."""
    if await is_out_of_service(frame, kiosk):
        raise out_of_service()

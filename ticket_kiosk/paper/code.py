"""QR codes on paper: whole dots for every module, and the quiet zone that the standard asks for."""

import segno
from PIL.Image import Image, Resampling, frombytes

from ticket_kiosk.paper.setting import BLACK, WHITE

#: Survives a smudge, a fold and a bad camera.
ERROR_LEVEL = "m"
QUIET_MODULES = 4
_WIDTH_SHARE = 0.55
#: Half a millimetre: below that, phones of ten years ago give up.
_SMALLEST_MODULE_DOTS = 4


def code(address: str, width_dots: int) -> Image:
    """As wide as it is, not as the paper."""
    matrix = [
        bytes(row) for row in segno.make(address, error=ERROR_LEVEL, micro=False).matrix_iter(border=QUIET_MODULES)
    ]
    modules = len(matrix)
    module_dots = max(int(_WIDTH_SHARE * width_dots) // modules, _SMALLEST_MODULE_DOTS)
    module_dots = min(module_dots, width_dots // modules)
    dots = b"".join(matrix).translate(bytes([WHITE, BLACK]) + bytes(254))
    return frombytes("L", (modules, modules), dots).resize((modules * module_dots,) * 2, Resampling.NEAREST)

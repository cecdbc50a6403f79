"""QR codes on screens."""

import segno


def qr_picture(text: str, quiet_modules: int = 4) -> str:
    """An SVG as a data URI. `quiet_modules`: the empty border; the standard wants 4; 2 do on light ground."""
    return segno.make(text, error="m", micro=False).svg_data_uri(border=quiet_modules, scale=1)

"""Tickets as paper sees them: one raster, black and white, in every script. The preview on a screen is the same one."""

from ticket_kiosk.paper.picture import picture
from ticket_kiosk.paper.script import PaperUnready, require_scripts
from ticket_kiosk.paper.style import LogoUnusable, Style, style_of

__all__ = ["LogoUnusable", "PaperUnready", "Style", "picture", "require_scripts", "style_of"]

"""Times of day as every wall, paper and letter of a German office has them: of 24 hours, in every language."""

from datetime import datetime


def clock(at: datetime) -> str:
    """As `clock` of static/js/ranges.js says it in the browser."""
    return at.strftime("%H:%M")

"""Colours: text stands out from its background by 7:1, in light and in dark."""

import re
from pathlib import Path

import pytest

from queue_core.web import assets

TOKENS = (Path(assets.__file__).parent / "static" / "css" / "tokens.css").read_text()
LIGHT, MEDIA_DARK, DARK = re.split(r"@media \(prefers-color-scheme: dark\)|:root\[data-kern-theme=\"dark\"\]", TOKENS)
PAIRS = [
    *((text, background) for text in ("text", "text-muted") for background in ("page", "surface", "sunken")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("accent", "surface"),
    ("accent", "page"),
    ("accent-strong", "accent-soft"),
    ("on-call", "call"),
    ("danger", "surface"),
    *((status, f"{status}-soft") for status in ("ok", "info", "warning", "danger", "quiet")),
]


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--wz-([a-z-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "background"), PAIRS)
def test_text_stands_out(theme: str, text: str, background: str) -> None:
    known = colours(LIGHT) | (colours(DARK) if theme == "dark" else {})
    assert contrast(known[text], known[background]) >= 7


def test_a_chosen_dark_is_the_same_as_the_systems() -> None:
    assert colours(DARK) == colours(MEDIA_DARK)

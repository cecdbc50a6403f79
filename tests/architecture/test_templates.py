"""Templates and styles fit a strict content security policy and a house without internet."""

from pathlib import Path

import pytest

from tests.architecture.markup import forbidden
from tests.architecture.source import files, named

TEMPLATES = [*files("*.html"), *files("*.svg")]
STYLES = files("*.css")


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_holds_no_inline_code_and_no_foreign_address(path: Path) -> None:
    assert forbidden(path.read_text()) == []


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_a_stylesheet_fetches_nothing_from_elsewhere(path: Path) -> None:
    assert forbidden(path.read_text()) == []


def test_there_are_templates() -> None:
    assert TEMPLATES


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<script type="application/json">{}</script>',
        "<p style='color: red'>",
        "<style>p {}</style>",
        '<button class="{{ a > b }}" onclick="go()">',
        '<a href="javascript:go()">',
        '<img src="//cdn.example/x.png">',
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
        "@import 'https://cdn.example/x.css';",
        "p { background: url(https://cdn.example/x.png) }",
    ],
)
def test_the_rule_bites(text: str) -> None:
    assert len(forbidden(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        '<script type="module" src="{{ static("desk.js") }}"></script>',
        '<a href="https://example.org/imprint">',
        '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>',
        "{# <script>not here</script> #}",
        '<p data-on="x" class="style">',
    ],
)
def test_the_rule_lets_pass(text: str) -> None:
    assert forbidden(text) == []

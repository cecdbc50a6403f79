"""The rules for HTML bite, and let pass what is right."""

import pytest

from tests.support.markup import faults


def page(body: str) -> str:
    return f"<!doctype html><title>a</title>{body}"


@pytest.mark.parametrize(
    "body",
    [
        "<p><div></p>",
        "<b><i></b></i>",
        '<p id="a"></p><p id="a"></p>',
        "<table><p></p></table>",
        '<p a="1" a="2"></p>',
        "<template><p><div></p></template>",
        "<time></time>",
        "<template><template><time></time></template></template>",
        '<img alt="">',
        '<img src="a.png">',
        '<a target="_blank">a</a>',
        "<svg hidden></svg>",
        '<select required><option value="a">a</option></select>',
        '<p aria-label="a">b</p>',
        '<input aria-describedby="a">',
        '<label for="a">b</label>',
        '<a href="/"><button>a</button></a>',
    ],
)
def test_a_rule_bites(body: str) -> None:
    assert faults(page(body))


@pytest.mark.parametrize(
    "body",
    [
        "<time>14:05</time>",
        '<time datetime="2026-11-23"></time>',
        '<template><tr><td data-field="a"></td></tr></template>',
        '<template><p id="a"></p></template><p id="a"></p>',
        '<select required><option value="">-</option></select>',
        '<div role="group" aria-label="a">b</div>',
        '<p id="a"></p><input aria-describedby="a">',
    ],
)
def test_what_is_right_passes(body: str) -> None:
    assert faults(page(body)) == []

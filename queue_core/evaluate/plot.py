"""The calibration of all methods as a picture, by hand-written SVG: how many were called by the time that was said."""

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from queue_core.evaluate.contestants import ORACLE
from queue_core.evaluate.evaluation import TITLES, Evaluation
from queue_core.evaluate.scores import LEVELS, Errors, Horizon

#: Colours that tell eight lines apart, for colour-blind readers too (Okabe and Ito 2008), on white and on black.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a7d1e", "#7f7f7f")
_DASHES = ("", "", "7 3", "2 3", "9 3 2 3", "5 5", "1 4", "3 2")
_PANEL, _GAP, _LEFT, _TOP, _BELOW = 240, 44, 58, 104, 74
_LEGEND_ROW = 20
#: Of fewer tickets a share says nothing.
_FEW = 20
_STYLE = """svg{background:#fff}text{font:13px system-ui,sans-serif;fill:#1b1f24}.quiet{fill:#59636e}
.head{font-weight:600}.frame{fill:none;stroke:#8a94a0}.grid{stroke:#d5dae0}.right{stroke:#8a94a0;stroke-dasharray:4 4}
polyline{fill:none;stroke-width:2}.subject{stroke-width:3.5}
@media(prefers-color-scheme:dark){svg{background:#0d1117}text{fill:#e6edf3}.quiet{fill:#9aa4af}.grid{stroke:#30363d}}"""


class _Line(NamedTuple):
    title: str
    colour: str
    dashes: str
    kind: str
    method: str


def calibration(found: Evaluation) -> str:
    """Panels for all tickets and by what was said; on the diagonal a method is as good as its word."""
    return "\n".join(_svg(found)) + "\n"


def _svg(found: Evaluation) -> Iterator[str]:
    lines = list(_lines(found))
    width = _LEFT + len(Horizon) * (_PANEL + _GAP)
    rows = -(-len(lines) // len(Horizon))
    height = _TOP + _PANEL + _BELOW + _LEGEND_ROW * rows
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
    yield f"<title>Calibration: {escape(found.told)}</title><style>{_STYLE}</style>"
    yield _text(12, 22, "head", "Calibration: who was called by the time that was said")
    yield _text(
        12, 42, "quiet", "on the broken line a method is as good as its word; above it, calls come sooner than said"
    )
    yield _text(12, 62, "quiet", found.told)
    for n, horizon in enumerate(Horizon):
        x = _LEFT + n * (_PANEL + _GAP)
        yield from _frame(x, horizon, first=n == 0)
        for line in reversed(lines):
            yield from _curve(x, line, found.pooled[line.method].by_horizon[horizon])
    for n, line in enumerate(lines):
        x, y = _LEFT + n % len(Horizon) * (_PANEL + _GAP), _TOP + _PANEL + _BELOW - 12 + n // len(Horizon) * _LEGEND_ROW
        yield f'<polyline {_stroke(line)} points="{x},{y} {x + 34},{y}"/>'
        yield _text(x + 42, y + 4, "", line.title)
    yield "</svg>"


def _lines(found: Evaluation) -> Iterator[_Line]:
    first = [found.subject, *(m for m in found.methods if m == ORACLE)]
    for n, method in enumerate(dict.fromkeys([*first, *found.methods])):
        kind = "subject" if method == found.subject else ""
        yield _Line(TITLES.get(method, method), _COLOURS[n % len(_COLOURS)], _DASHES[n % len(_DASHES)], kind, method)


def _frame(x: int, horizon: Horizon, first: bool) -> Iterator[str]:
    title = "all tickets" if horizon is Horizon.ALL else f"said: {horizon.value}"
    yield _text(x, _TOP - 12, "head", title)
    for share in (0.1, 0.5, 0.9):
        across, up = _at(x, share, share)
        yield f'<line class="grid" x1="{x}" x2="{x + _PANEL}" y1="{up:.1f}" y2="{up:.1f}"/>'
        yield f'<line class="grid" x1="{across:.1f}" x2="{across:.1f}" y1="{_TOP}" y2="{_TOP + _PANEL}"/>'
        yield _text(across, _TOP + _PANEL + 18, "quiet", f"{share:.0%}", "middle")
        if first:
            yield _text(x - 8, up + 4, "quiet", f"{share:.0%}", "end")
    yield f'<rect class="frame" x="{x}" y="{_TOP}" width="{_PANEL}" height="{_PANEL}"/>'
    yield f'<line class="right" x1="{x}" y1="{_TOP + _PANEL}" x2="{x + _PANEL}" y2="{_TOP}"/>'
    yield _text(x + _PANEL / 2, _TOP + _PANEL + 36, "quiet", "level that was said", "middle")
    if first:
        middle = _TOP + _PANEL / 2
        turned = f'transform="rotate(-90 16 {middle})"'
        yield f'<text class="quiet" text-anchor="middle" x="16" y="{middle}" {turned}>share called by then</text>'


def _curve(x: int, line: _Line, errors: Errors) -> Iterator[str]:
    if errors.observed is None or errors.tickets < _FEW:
        return
    points = [_at(x, level, share) for level, share in zip(LEVELS, errors.observed, strict=True)]
    yield f'<polyline {_stroke(line)} points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in points)}"/>'
    for across, up in points:
        yield f'<circle cx="{across:.1f}" cy="{up:.1f}" r="{4 if line.kind else 3}" fill="{line.colour}"/>'


def _stroke(line: _Line) -> str:
    return f'class="{line.kind}" stroke="{line.colour}" stroke-dasharray="{line.dashes}"'


def _at(x: int, level: float, share: float) -> tuple[float, float]:
    return x + level * _PANEL, _TOP + (1 - share) * _PANEL


def _text(x: float, y: float, kind: str, text: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'

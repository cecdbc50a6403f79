"""All ratios and bounds of a run as one picture, by hand-written SVG."""

import math
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from benchmarks.rows import Row, Run, number

CHART = Path(__file__).parents[1] / "docs" / "images" / "benchmarks.svg"
TITLES = {
    "fanout": "One event to all viewers",
    "sse": "Server-sent events",
    "returning": "Everybody back after a restart",
    "stalled": "Clients that read nothing",
    "requests": "Requests",
    "office": "One client",
    "day": "A long day",
    "zones": "Many zones",
    "start": "Start",
    "clone": "A stranger's first minute",
}
_WIDTH, _LABEL, _TOLD, _ROW, _HEAD, _TOP = 1080, 470, 790, 22, 34, 78
_LEAST, _MOST = 0.05, 10.0
_TICKS = (0.1, 0.2, 0.5, 1, 2, 5)
_STYLE = """svg{background:#fff}text{font:13px system-ui,sans-serif;fill:#1b1f24}.quiet{fill:#59636e}
.head{font-weight:600}.good{fill:#2f7d4f}.bad{fill:#b3412e}.none{fill:#8a94a0}.thin{stroke-width:1.5;opacity:.6}.grid{stroke:#d5dae0}
.one{stroke:#59636e}.goal{stroke:#1b1f24;stroke-width:2}line.good{stroke:#2f7d4f}line.bad{stroke:#b3412e}
line.none{stroke:#8a94a0}
@media(prefers-color-scheme:dark){svg{background:#0d1117}text{fill:#e6edf3}.quiet{fill:#9aa4af}.grid{stroke:#30363d}
.one{stroke:#9aa4af}.goal{stroke:#e6edf3}.good{fill:#4fb477}.bad{fill:#e8755f}line.good{stroke:#4fb477}
line.bad{stroke:#e8755f}}"""


def draw(run: Run) -> None:
    CHART.parent.mkdir(exist_ok=True)
    CHART.write_text("\n".join(_svg(run)) + "\n", encoding="utf-8")


def _svg(run: Run) -> Iterator[str]:
    groups = [(part, list(rows)) for part, rows in groupby(_shown(run.rows), key=lambda row: row.part)]
    height = _TOP + sum(_HEAD + _ROW * len(rows) for _, rows in groups) + 16
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">'
    yield f"<title>Benchmarks: {escape(run.told)}</title><style>{_STYLE}</style>"
    title = "Ours / reference, measured in turn; where there is none, ours / its bound"
    yield f'<text class="head" x="10" y="20">{title}</text>'
    told = "dot: median, thin line: all rounds, upright line: goal; green holds, red misses, grey has no goal"
    yield f'<text class="quiet" x="10" y="38">{told}</text>'
    yield f'<text class="quiet" x="10" y="56">{escape(run.told)}</text>'
    for tick in _TICKS:
        x, kind = _x(tick), "one" if tick == 1 else "grid"
        yield f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP + 4}" y2="{height - 8}"/>'
        yield f'<text class="quiet" text-anchor="middle" x="{x:.1f}" y="{_TOP}">{tick:g}</text>'
    y = _TOP
    for part, rows in groups:
        y += _HEAD
        yield f'<text class="head" x="10" y="{y - 8}">{escape(TITLES.get(part, part))}</text>'
        for row in rows:
            yield from _line(row, y)
            y += _ROW
    yield "</svg>"


def _shown(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.ratio is not None or row.bound]


def _line(row: Row, y: int) -> Iterator[str]:
    scale = 1.0 if row.ratio is not None else 1 / (row.bound or 1.0)
    kind = {True: "good", False: "bad", None: "none"}[row.holds]
    middle = y + _ROW / 2
    yield f'<text x="20" y="{y + 16}">{escape(_label(row))}</text>'
    if row.low is not None and row.high is not None:
        low, high = _x(row.low * scale), _x(row.high * scale)
        yield f'<line class="{kind} thin" x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}"/>'
    if row.bound:
        x = _x(row.bound * scale)
        yield f'<line class="goal" x1="{x:.1f}" x2="{x:.1f}" y1="{y + 3}" y2="{y + _ROW - 3}"/>'
    yield f'<circle class="{kind}" cx="{_x(row.judged * scale):.1f}" cy="{middle}" r="5"/>'
    unit = " x" if row.ratio is not None else f" {row.unit}"
    told = number(row.judged) + unit + (f", goal {row.goal}" if row.goal else "")
    yield f'<text class="quiet" x="{_TOLD}" y="{y + 16}">{escape(told)}</text>'


def _label(row: Row) -> str:
    return f"{row.name} / {row.rival}" if row.ratio is not None else row.name


def _x(value: float) -> float:
    """On a scale of powers, so that half and double are as far from 1; what is beyond its ends stands there."""
    share = math.log(min(max(value, _LEAST), _MOST) / _LEAST) / math.log(_MOST / _LEAST)
    return _LABEL + share * (_TOLD - _LABEL - 24)

"""The ratios as a picture, by hand-written SVG."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from benchmarks.stream.rows import Row, Run

CHART = Path(__file__).parents[2] / "docs" / "images" / "benchmarks-stream.svg"
_ROW, _LABEL, _BAR, _WIDTH, _TOP, _MOST = 26, 470, 330, 920, 64, 3.0
_STYLE = """text{font:13px system-ui,sans-serif;fill:#1b1f24}.quiet{fill:#59636e}
.good{fill:#2f7d4f}.bad{fill:#b3412e}.none{fill:#8a94a0}.one{stroke:#1b1f24;stroke-dasharray:3 3}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.quiet{fill:#9aa4af}.one{stroke:#e6edf3}}"""


def draw(run: Run) -> None:
    shown = [row for row in run.rows if row.ratio is not None]
    CHART.parent.mkdir(exist_ok=True)
    CHART.write_text(_svg(run, shown), encoding="utf-8")


def _svg(run: Run, rows: Sequence[Row]) -> str:
    height = _TOP + _ROW * len(rows) + 20
    one = _LABEL + _BAR / _MOST
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        f"<title>Ours compared with references: {escape(run.told)}</title><style>{_STYLE}</style>",
        '<text x="10" y="22" font-weight="600">Ours / reference, measured in turn in one run (dashes: equal)</text>',
        f'<text class="quiet" x="10" y="42">{escape(run.told[:125])}</text>',
        *(_bar(row, _TOP + _ROW * n) for n, row in enumerate(rows)),
        f'<line class="one" x1="{one:.0f}" x2="{one:.0f}" y1="{_TOP - 8}" y2="{height - 12}"/>',
        "</svg>\n",
    ]
    return "\n".join(parts)


def _bar(row: Row, y: int) -> str:
    ratio = row.ratio or 0.0
    length = _BAR * min(ratio, _MOST) / _MOST
    kind = {True: "good", False: "bad", None: "none"}[row.holds]
    told = f"{ratio:.2f} x" + (f" (goal {row.goal.removesuffix(' x')})" if row.goal else "")
    return (
        f'<text x="10" y="{y + 14}">{escape(row.name)} / {escape(row.rival)}</text>'
        f'<rect class="{kind}" x="{_LABEL}" y="{y + 2}" width="{length:.1f}" height="{_ROW - 9}" rx="2"/>'
        f'<text x="{_LABEL + length + 6:.0f}" y="{y + 15}">{escape(told)}</text>'
    )

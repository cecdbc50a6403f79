"""What Lighthouse says of the pages for everybody: python -m benchmarks.lighthouse [--runs N] [--only PATH,...]

A whole office in processes of its own, on the loopback, with everything that it can offer from home. Lighthouse is a
program of Google's for Node (`npm install --global lighthouse`, or npx fetches it); it plays a slow phone in Chromium.
Each page is looked at several times, and the median counts: a busy machine makes single looks worse.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.document import Part
from benchmarks.stream.hall import Clerk
from tests.support.office_process import OfficeProcess, office_process

VERSION = "12.8.2"
CHROMIUM = "/usr/bin/chromium"
_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
LEAST = 95
RUNS = 3
LOOK_WITHIN_S = 180
AGAIN_MOST = 2
_TRACE_LOST = "NO_NAVSTART"
CATEGORIES = ("performance", "accessibility", "best-practices")
PART = Part("<!-- generated: python -m benchmarks.lighthouse -->", "<!-- end of Lighthouse -->")
OFFICE = Path(__file__).parents[1] / "config" / "default"
ZONE, SERVICE, BOOKED, COUNTER = "demo", "question", "application", "1"
LEGAL = ("/imprint", "/privacy", "/accessibility", "/easy")

#: What an office offers from home beside the example's own.
_ZONE_TABLES = {
    "[appointments]": 'services = ["application"]\nclass = "appointment"\n',
    "[remote]": "",
    "[survey]": "",
}
_APPOINTMENT_HOURS = "[appointments.hours]\n" + "".join(
    f'{day} = ["08:00-18:00"]\n' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
)
_VIDEOS = """
[[site.video]]
id = "welcome"
title = { de = "Ihr erster Besuch", en = "Your first visit" }
info = { de = "In 3 Minuten durch das Haus.", en = "Through the house in 3 minutes." }
youtube = "aqz-KE-bpKQ"
length_s = 180
language = "de"
"""


class NoLighthouse(Exception):
    """Neither `lighthouse` nor `npx` is here."""


@dataclass(frozen=True, slots=True)
class Look:
    """`scores`: of 100, by category; `faults`: audits that cost something, by what they say."""

    scores: Mapping[str, int]
    faults: frozenset[str]


def command() -> list[str]:
    if found := shutil.which("lighthouse"):
        return [found]
    if found := shutil.which("npx"):
        return [found, "--yes", f"lighthouse@{VERSION}"]
    raise NoLighthouse("Lighthouse needs Node: neither lighthouse nor npx is here (Debian: apt-get install npm)")


@contextmanager
def office() -> Iterator[OfficeProcess]:
    with office_process() as opened:
        config = opened.home / "office"
        shutil.copytree(OFFICE, config)
        _offer_everything(config)
        opened.settings = {**opened.settings, "config": str(config)}
        opened.start()
        yield opened


def _offer_everything(config: Path) -> None:
    zone, site = config / f"{ZONE}.toml", config / "site.toml"
    text = zone.read_text()
    for table, keys in _ZONE_TABLES.items():
        if f"\n{table}\n" not in text:
            hours = _APPOINTMENT_HOURS if table == "[appointments]" else ""
            text += f"\n{table}\n{keys}{hours}"
    zone.write_text(text)
    if "\n[[site.video]]\n" not in site.read_text():
        site.write_text(site.read_text() + _VIDEOS)


def paths(opened: OfficeProcess) -> dict[str, str]:
    """Addresses by what they are called in the table: a ticket of today that waits, one that is over, and all else."""
    clerk = Clerk(opened.port, ZONE, opened.token("supervisor", ZONE))
    device = Clerk(opened.port, ZONE, opened.token("device", ZONE))
    tickets = [device.post("/tickets", {"service": SERVICE}).body["links"]["own"] for _ in range(3)]
    over, own = (Path(tickets[n]).name for n in (0, 2))
    clerk.at_counter("open", int(COUNTER))
    clerk.at_counter("call-next", int(COUNTER))
    clerk.at_counter("finish", int(COUNTER))
    return {
        "/": "/",
        "/z/{zone}": f"/z/{ZONE}",
        "/z/{zone}/week": f"/z/{ZONE}/week",
        "/t/{link}": f"/t/{own}",
        "/z/{zone}/draw": f"/z/{ZONE}/draw",
        "/z/{zone}/here": f"/z/{ZONE}/here",
        "/appointments": "/appointments",
        "/appointments/{zone}/{service}": f"/appointments/{ZONE}/{BOOKED}",
        "/status": "/status",
        "/videos": "/videos",
        "/survey/{link}": f"/survey/{over}",
        **{path: path for path in LEGAL},
        "/widget": "/widget",
        "/widget/{zone}": f"/widget/{ZONE}",
        "/offline": "/offline",
    }


def look(address: str) -> Look:
    """One look of Lighthouse, as of a phone; what it cannot load is an error. A trace that Chromium lost is none: it
    asks to be run again."""
    done = _asked(address)
    for _ in range(AGAIN_MOST):
        if _TRACE_LOST not in done.stderr:
            break
        done = _asked(address)
    if done.returncode:
        raise RuntimeError(f"{address}: {done.stderr[-2000:]}")
    return read(json.loads(done.stdout))


def _asked(address: str) -> subprocess.CompletedProcess[str]:
    asked = ["--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={_FLAGS}"]
    return subprocess.run(
        [*command(), address, *asked],
        env={**os.environ, "CHROME_PATH": CHROMIUM},
        capture_output=True,
        text=True,
        timeout=LOOK_WITHIN_S,
    )


def read(report: Mapping[str, Any]) -> Look:
    if fault := report.get("runtimeError"):
        raise RuntimeError(str(fault))
    categories, audits = report["categories"], report["audits"]
    weighed = {ref["id"] for found in categories.values() for ref in found["auditRefs"] if ref["weight"]}
    scored = [audit for name in weighed if (audit := audits[name])["score"] is not None]
    faults = frozenset(audit["title"] for audit in scored if 100 * audit["score"] < LEAST)
    return Look({name: round(100 * categories[name]["score"]) for name in CATEGORIES}, faults)


def middle(looks: Sequence[Look]) -> dict[str, int]:
    return {name: round(median(look.scores[name] for look in looks)) for name in CATEGORIES}


def table(scores: Mapping[str, Mapping[str, int]]) -> str:
    head = ["| page | performance | accessibility | best practices | |", "|---|---|---|---|---|"]
    lines = [
        f"| `{page}` | {' | '.join(str(found[name]) for name in CATEGORIES)} | "
        f"{'yes' if min(found.values()) >= LEAST else 'MISSED'} |"
        for page, found in scores.items()
    ]
    return "\n".join([*head, *lines])


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"looks at each page; {RUNS}")
    parser.add_argument("--only", default="", help="pages as the table names them, by commas")
    parser.add_argument("--dry", action="store_true", help="print only: leave docs as they are")
    asked = parser.parse_args()
    try:
        command()
    except NoLighthouse as e:
        sys.exit(str(e))
    scores = _scores(asked.runs, set(filter(None, asked.only.split(","))))
    told = table(scores)
    print(told)
    if not asked.dry:
        day = datetime.now(UTC).date()
        PART.write(f"{day}, Lighthouse {VERSION}, its slow phone, median of {asked.runs}; goal {LEAST}.\n\n{told}")
    if any(score < LEAST for found in scores.values() for score in found.values()):
        sys.exit(1)


def _scores(runs: int, only: set[str]) -> dict[str, dict[str, int]]:
    scores = {}
    with office() as opened:
        for page, path in paths(opened).items():
            if only and page not in only:
                continue
            looks = [look(f"{opened.address}{path}") for _ in range(runs)]
            scores[page] = middle(looks)
            print(page, scores[page], *sorted(frozenset.union(*(found.faults for found in looks))), file=sys.stderr)
    return scores


if __name__ == "__main__":
    main()

"""Small offices as files, for what reads an office from its file."""

from pathlib import Path

ALWAYS = "always = true"
NEVER = ""
TWO_HOURS = "\n".join(f'{day} = ["08:00-10:00"]' for day in ("mon", "tue", "wed", "thu", "fri"))

_OFFICE = """\
[site]
name = {{ de = "Amt", en = "Office" }}
languages = ["de", "en"]
time_zone = "Europe/Berlin"

[zone]
id = "{zone}"
name = {{ de = "Halle", en = "Hall" }}

[hours]
{hours}

[[class]]
id = "normal"
name = {{ de = "Alle", en = "Everyone" }}

[[series]]
id = "a"
prefix = "A"

[[service]]
id = "new"
name = {{ de = "Neu", en = "New" }}
series = "a"

[[counter]]
id = "1"
name = {{ de = "Schalter 1", en = "Counter 1" }}
services = ["*"]
"""


def office_file(folder: Path, hours: str = ALWAYS, zone: str = "hall") -> Path:
    """One zone with a service `new`, numbers A001 on, and a counter `1`."""
    path = folder / "office.toml"
    path.write_text(_OFFICE.format(hours=hours, zone=zone))
    return path

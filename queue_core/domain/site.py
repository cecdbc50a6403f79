"""The site: what all zones of an office share, as configured. Pure data."""

from dataclasses import dataclass, field

from queue_core.domain.office import Office, Text


@dataclass(frozen=True, slots=True)
class Site:
    """`imprint`, `privacy` and `accessibility` are what the law wants on a public page; empty where not given."""

    name: Text
    languages: tuple[str, ...]
    imprint: Text = field(default_factory=dict)
    privacy: Text = field(default_factory=dict)
    accessibility: Text = field(default_factory=dict)


def plain_site(office: Office) -> Site:
    """What is known where nothing is configured: the first zone's."""
    first = next(iter(office.values()))
    return Site(first.site, first.languages)

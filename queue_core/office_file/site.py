"""The site: what all zones of an office share."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from queue_core.domain.cases import CaseRules
from queue_core.domain.site import Site
from queue_core.office_file.devices import missing_files
from queue_core.office_file.fault import Fault
from queue_core.office_file.tables import SiteTable

YEARS_BEFORE, YEARS_AFTER = 1, 5


def site_of(table: SiteTable, today: date) -> Site:
    return Site(
        name=table.name,
        languages=tuple(table.languages),
        imprint=table.imprint or {},
        privacy=table.privacy or {},
        accessibility=table.accessibility or {},
        arbitration=table.arbitration or {},
        easy=table.easy or {},
        videos=tuple(video.video for video in table.video),
        publisher=table.publisher.publisher if table.publisher else None,
        cases=table.cases.rules if table.cases else CaseRules(),
        holidays=table.holidays.names(_years(today), table.languages) if table.holidays else {},
        **table.given("license"),
    )


def site_doubts(site: Site, folder: Path) -> Iterator[Fault]:
    """Files that are not there."""
    for video in site.videos:
        yield from missing_files(f"video {video.id!r}", sorted(video.files), folder)


def holidays_around(today: date, site: SiteTable) -> frozenset[date]:
    """Public holidays of the years around `today`, enough for a server that nobody restarts for long."""
    if site.holidays is None:
        return frozenset()
    return site.holidays.days(_years(today))


def _years(today: date) -> range:
    return range(today.year - YEARS_BEFORE, today.year + YEARS_AFTER + 1)

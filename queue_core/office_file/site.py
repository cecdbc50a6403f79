"""The site: what all zones of an office share."""

from datetime import date

from queue_core.domain.site import Site
from queue_core.office_file.tables import SiteTable

YEARS_BEFORE, YEARS_AFTER = 1, 5


def site_of(table: SiteTable) -> Site:
    return Site(
        name=table.name,
        languages=tuple(table.languages),
        imprint=table.imprint or {},
        privacy=table.privacy or {},
        accessibility=table.accessibility or {},
    )


def holidays_around(today: date, site: SiteTable) -> frozenset[date]:
    """Public holidays of the years around `today`, enough for a server that nobody restarts for long."""
    if site.holidays is None:
        return frozenset()
    return site.holidays.days(range(today.year - YEARS_BEFORE, today.year + YEARS_AFTER + 1))

"""Who publishes what a site tells everybody, and under which licence. Pure data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class License(StrEnum):
    """Under which others may use what is published."""

    DL_DE_BY = "dl-de/by-2-0"
    DL_DE_ZERO = "dl-de/zero-2-0"
    CC_BY = "cc-by-4.0"
    CC_ZERO = "cc-zero-1.0"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Whom licences want to be named. `url` of a page and `email` for questions: "" where not given."""

    name: Mapping[str, str]
    url: str = ""
    email: str = ""

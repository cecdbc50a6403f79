"""What the world calls the licences: their texts, and their names in DCAT-AP.de's list."""

from collections.abc import Mapping
from dataclasses import dataclass

from queue_core.domain.publisher import License


@dataclass(frozen=True, slots=True)
class Deed:
    """`url` leads to the text; `iri` is the entry of http://dcat-ap.de/def/licenses/. `named`: who uses the data must
    name who publishes them."""

    url: str
    iri: str
    named: bool


DEEDS: Mapping[License, Deed] = {
    License.DL_DE_BY: Deed("https://www.govdata.de/dl-de/by-2-0", "http://dcat-ap.de/def/licenses/dl-by-de/2.0", True),
    License.DL_DE_ZERO: Deed(
        "https://www.govdata.de/dl-de/zero-2-0", "http://dcat-ap.de/def/licenses/dl-zero-de/2.0", False
    ),
    License.CC_BY: Deed(
        "https://creativecommons.org/licenses/by/4.0/", "http://dcat-ap.de/def/licenses/cc-by/4.0", True
    ),
    License.CC_ZERO: Deed(
        "https://creativecommons.org/publicdomain/zero/1.0/", "http://dcat-ap.de/def/licenses/cc-zero", False
    ),
}

"""Where people go: an address, and where it lies on a map. Pure data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """`latitude` and `longitude` in degrees (WGS 84), both or none. `country`: ISO 3166-1, two letters."""

    street: str
    postal_code: str
    town: str
    country: str = "DE"
    latitude: float | None = None
    longitude: float | None = None

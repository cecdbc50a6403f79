"""Who publishes an office's open data, and where its zones are, as the files say."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from queue_core.domain.place import Address
from queue_core.domain.publisher import Publisher
from queue_core.office_file.values import SomeWords, Table, table_fault


class AddressTable(Table):
    street: str = Field(min_length=1)
    postal_code: str = Field(min_length=1)
    town: str = Field(min_length=1)
    country: str = Field(default="DE", pattern="^[A-Z]{2}$")
    latitude: float | None = Field(default=None, ge=-90, le=90, allow_inf_nan=False)
    longitude: float | None = Field(default=None, ge=-180, le=180, allow_inf_nan=False)

    @property
    def address(self) -> Address:
        return Address(**dict(self))

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise table_fault("latitude and longitude stand together or not at all")
        return self


class PublisherTable(Table):
    name: SomeWords
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")] | None = None

    @property
    def publisher(self) -> Publisher:
        return Publisher(**self.given("name", "url", "email"))

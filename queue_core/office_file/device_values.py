"""The values that only devices have, each with its check."""

import re
from datetime import time
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from queue_core.domain.devices import Volume
from queue_core.office_file.values import clock, fault

PIN = re.compile(r"\d{4,8}")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
USB = re.compile(r"usb://[0-9a-fA-F]{4}:[0-9a-fA-F]{4}")
YOUTUBE = re.compile(r"[\w-]{11}")


def _pin(value: str) -> str:
    if not PIN.fullmatch(value):
        raise fault("a PIN has 4 to 8 digits, in quotes")
    return value


def _colour(value: str) -> str:
    if not COLOUR.fullmatch(value):
        raise fault(f'{value!r} is no colour such as "#1a5fb4"')
    return value.lower()


def _printer_address(value: str) -> str:
    if USB.fullmatch(value) or _is_tcp(value):
        return value
    raise fault(f'{value!r} is no printer such as "tcp://192.168.1.20:9100" or "usb://04b8:0202"')


def _is_tcp(value: str) -> bool:
    try:
        parsed = urlsplit(value)
        named = bool(parsed.hostname) and parsed.port != 0
    except ValueError:
        return False
    return parsed.scheme == "tcp" and named and not (parsed.path or parsed.query or parsed.username)


def _file(value: str) -> str:
    if not value or value.startswith("/") or "\\" in value or ".." in value.split("/"):
        raise fault(f'{value!r} is no file of the folder media, such as "welcome.png"')
    return value


def _blank(value: object) -> tuple[time, time]:
    begins, dash, ends = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash:
        raise fault(f'{value!r} is no time such as "18:30-06:30"')
    return clock(begins.strip()), clock(ends.strip())


def _volumes(value: object) -> tuple[Volume, ...]:
    if not isinstance(value, dict) or not all(type(percent) is int for percent in value.values()):
        raise fault('write the loudness from a time on: { "07:00" = 60, "12:00" = 40 }')
    wrong = [percent for percent in value.values() if not 0 <= percent <= 100]
    if wrong:
        raise fault(f"a loudness is 0 to 100, not {wrong[0]}")
    return tuple(sorted((Volume(clock(since), percent) for since, percent in value.items()), key=lambda v: v.since))


def page_address(value: str) -> bool:
    """Whether a wall may show the page of this address."""
    parsed = urlsplit(value)
    return parsed.scheme in ("https", "http") and bool(parsed.hostname) and not parsed.username


Pin = Annotated[str, AfterValidator(_pin)]
Colour = Annotated[str, AfterValidator(_colour)]
PrinterAddress = Annotated[str, AfterValidator(_printer_address)]
MediaFile = Annotated[str, AfterValidator(_file)]
Blank = Annotated[tuple[time, time], BeforeValidator(_blank)]
Volumes = Annotated[tuple[Volume, ...], BeforeValidator(_volumes)]
ScreenInches = Annotated[float, Field(ge=3, le=300, allow_inf_nan=False)]

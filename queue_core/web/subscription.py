"""What a page says of the browser's push service, and how it is told what is wrong with it."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from queue_core.push.phones import Phone
from queue_core.web.problems import Problem
from queue_core.web.reading import read_body

#: The face whose service worker wakes when a message comes.
APP = "app"


class Keys(BaseModel):
    """What the browser made for us, in base64url."""

    model_config = ConfigDict(extra="forbid")

    p256dh: str = Field(max_length=128)
    auth: str = Field(max_length=64)


class Subscription(BaseModel):
    model_config = ConfigDict(extra="forbid")

    endpoint: str = Field(max_length=1024)
    keys: Keys


class Ended(BaseModel):
    model_config = ConfigDict(extra="forbid")

    endpoint: str = Field(max_length=1024)


async def asked_phone(request: Request, language: str, words: Mapping[str, Sequence[str]]) -> Phone:
    """The phone that is to be told, in these words."""
    wanted = await read_body(request, Subscription)
    assert isinstance(wanted, Subscription)
    return Phone(wanted.endpoint, wanted.keys.p256dh, wanted.keys.auth, language, words)


async def ended_endpoint(request: Request) -> str:
    """Of the phone that is to be told no more."""
    ended = await read_body(request, Ended)
    assert isinstance(ended, Ended)
    return ended.endpoint


def unusable(why: Exception) -> Problem:
    return Problem(422, "phone_unusable", f"{why}.")


def too_many(of_what: str) -> Problem:
    return Problem(409, "too_many_phones", f"No more phones can be told of this {of_what}.")

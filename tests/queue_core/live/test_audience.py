from typing import Any, cast

from queue_core.live.audience import Audience, Following
from queue_core.live.client import Client


class Visitor:
    def __init__(self, credential: str = "") -> None:
        self.credential = credential

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} is no business of an audience")


def visitor(credential: str = "") -> Client:
    return cast(Client, Visitor(credential))


def test_who_holds_a_credential_is_known_without_asking_everybody() -> None:
    audience = Audience()
    first, second, stranger = visitor("wall"), visitor("wall"), visitor()
    for client in (first, second, stranger):
        audience.add(client, cast(Following, object()))
    assert audience.holders("wall") == [first, second]
    assert audience.holders("") == []
    assert audience.credentials == {"wall"}
    assert len(audience) == 3


def test_who_has_left_holds_nothing() -> None:
    audience, client, following = Audience(), visitor("wall"), cast(Following, object())
    audience.add(client, following)
    assert audience.remove(client) is following
    assert audience.remove(client) is None
    assert (audience.holders("wall"), audience.credentials, len(audience)) == ([], frozenset(), 0)

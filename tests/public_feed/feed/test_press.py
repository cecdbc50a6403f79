"""An edition is printed once for everybody, and anew when its matter or its time has changed."""

import json
from dataclasses import dataclass, field

from public_feed.feed.documents import PublisherName
from public_feed.feed.envelope import Source
from queue_core.domain.publisher import License, Publisher
from queue_core.domain.site import Site
from queue_core.web.edition import Edition
from queue_core.web.press import Press, Terms

START_S = 1_795_356_782.25
TERMS = Terms(ttl_s=5, valid_s=90)


@dataclass
class Matter:
    """What a press prints, and the clock on its wall."""

    version: str = "a"
    now_s: float = START_S
    told: list[int] = field(default_factory=list)

    def data(self, at_s: int) -> bytes:
        self.told.append(at_s)
        return json.dumps({"matter": self.version}).encode()

    def press(self) -> Press:
        body = Source("https://licence.example").around(TERMS, self.data)
        return Press(TERMS, lambda: self.version, body, clock=lambda: self.now_s)


def test_the_envelope_says_how_long_it_may_be_kept_and_shown() -> None:
    assert json.loads(Matter().press().edition().body) == {
        "version": "1.0",
        "generated_at": "2026-11-22T14:13:00Z",
        "ttl_s": 5,
        "valid_until": "2026-11-22T14:14:30Z",
        "license": "https://licence.example",
        "publisher": None,
        "data": {"matter": "a"},
    }


def test_what_did_not_change_is_printed_once_in_an_interval() -> None:
    matter = Matter()
    press = matter.press()
    first = press.edition()
    matter.now_s += 2.7
    assert press.edition() is first
    matter.now_s += 0.1
    assert press.edition() is not first
    assert matter.told == [1_795_356_780, 1_795_356_785]


def test_a_change_is_printed_within_a_second() -> None:
    matter = Matter()
    press = matter.press()
    first = press.edition()
    matter.version = "b"
    assert press.edition() is first
    matter.now_s += 1
    assert json.loads(press.edition().body)["data"] == {"matter": "b"}
    assert press.edition().etag != first.etag


def test_who_knows_the_same_prints_the_same_bytes_whenever_it_is_asked() -> None:
    def printed(now_s: float, *earlier: str) -> Edition:
        matter = Matter()
        press = matter.press()
        for n, version in enumerate([*earlier, "z"]):
            matter.version, matter.now_s = version, now_s - len(earlier) + n
            edition = press.edition()
        return edition

    assert printed(START_S) == printed(START_S + 2.5, "a", "b")
    assert printed(START_S) != printed(START_S + 5)


def test_what_has_no_time_of_its_own_stays_the_same_edition_as_long_as_nothing_changes() -> None:
    matter = Matter()
    press = Press(TERMS, lambda: matter.version, matter.data, clock=lambda: matter.now_s, timeless=True)
    first = press.edition()
    matter.now_s += 600
    assert press.edition() is first
    matter.version, matter.now_s = "b", matter.now_s + 1
    assert press.edition() is not first


def test_the_source_is_the_site_s_licence_and_publisher() -> None:
    assert Source.of(Site({"de": "Amt"}, ("de",))) == Source("https://www.govdata.de/dl-de/by-2-0")
    named = Site({"de": "Amt"}, ("de",), license=License.CC_ZERO, publisher=Publisher({"de": "Stadt"}))
    assert Source.of(named) == Source(
        "https://creativecommons.org/publicdomain/zero/1.0/", PublisherName(name={"de": "Stadt"}, url=None)
    )


def test_the_publisher_is_named_as_in_the_first_language_where_another_has_no_name_of_its_own() -> None:
    by = Publisher({"de": "Stadt", "tr": "Belediye"})
    named = Source.of(Site({"de": "Amt"}, ("de", "en", "tr"), publisher=by)).publisher
    assert named
    assert named.name == {"de": "Stadt", "en": "Stadt", "tr": "Belediye"}


def test_no_cache_may_give_out_what_must_not_be_shown_any_more() -> None:
    kept = dict(part.split("=") for part in TERMS.cache_control().split(", ") if "=" in part)
    oldest_s = (
        TERMS.ttl_s + int(kept["max-age"]) + max(int(kept["stale-if-error"]), int(kept["stale-while-revalidate"]))
    )
    assert oldest_s <= TERMS.valid_s

"""A state is watched: whoever learns sees each event between the state before and the state after it."""

import pytest

from queue_core.domain.events import Event, EventType
from queue_core.domain.snapshot import LogGap, Snapshot
from queue_core.estimate.watch import Watch


class Seen:
    def __init__(self) -> None:
        self.seen: list[tuple[str, int, int]] = []

    def observe(self, event: Event, before: Snapshot) -> None:
        self.seen.append(("observe", event.seq, before.seq))

    def follow(self, event: Event, after: Snapshot) -> None:
        self.seen.append(("follow", event.seq, after.seq))


def event(seq: int, kind: EventType = EventType.SERVICE_OPENED) -> Event:
    return Event(1, seq, 1000 * seq, kind, "", {"service": "a"})


def test_each_event_is_seen_before_and_after_it_is_in_the_state() -> None:
    watch, seen = Watch(Snapshot(epoch=1, seq=4)), Seen()
    watch.observe(event(5), seen)
    watch.observe(event(6), seen)
    assert seen.seen == [("observe", 5, 4), ("follow", 5, 5), ("observe", 6, 5)]
    assert watch.as_of == (1, 6)


def test_a_snapshot_given_is_copied_a_living_one_is_its_owners_to_fold() -> None:
    given = Snapshot(epoch=1, seq=4)
    Watch(given).observe(event(5), Seen())
    assert given.seq == 4
    watch = Watch.beside(given)
    watch.observe(event(5), Seen())
    assert (given.seq, watch.stands_at(1, 4)) == (4, False)
    with pytest.raises(LogGap):
        watch.observe(event(6), Seen())
    given.fold(event(5))
    assert watch.stands_at(1, 5)
    watch.observe(event(6), Seen())


def test_a_day_is_ended_once_and_only_if_something_happened_in_it() -> None:
    watch = Watch(Snapshot(epoch=1, seq=4))
    assert not watch.ends_day()
    watch.observe(event(5), Seen())
    assert watch.ends_day()
    assert not watch.ends_day()

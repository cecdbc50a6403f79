"""Plays one office day somewhere: visitors and clerks act in order of time, wherever the port leads."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from queue_core.domain.model import ServiceId
from queue_core.domain.office import Zone
from queue_core.simulate.clerks import Clerk
from queue_core.simulate.day import OfficeDay
from queue_core.simulate.port import OfficePort
from queue_core.simulate.scene import Counts, Scene
from queue_core.simulate.visitors import Visitors


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the day is."""

    day: OfficeDay
    at_ms: int
    waiting: int
    at_counters: int
    served: int


Report = Callable[[Standing], None]


def unheard(_standing: Standing) -> None:
    """For whoever does not watch."""


async def play(zone: Zone, day: OfficeDay, port: OfficePort, report: Report = unheard) -> Counts:
    """Plays the day from its first action until the last clerk leaves."""
    scene = Scene(port, day, Random(f"{day.name} chance"))
    visitors = Visitors(scene)
    clerks = [Clerk(zone, shift, scene, visitors) for shift in day.shifts]

    def wake_one(service: ServiceId) -> None:
        idle = [clerk for clerk in clerks if clerk.idle and clerk.serves(service)]
        if idle:
            scene.random.choice(idle).wake()

    scene.on_queued = wake_one
    for slot in day.booked:
        visitors.book(slot)
    for visit in day.visits:
        visitors.expect(visit)
    for clerk in clerks:
        clerk.begin()
    while scene.agenda and not all(clerk.gone for clerk in clerks):
        at_ms, action = scene.agenda.next()
        scene.now_ms = at_ms
        await port.advance_to(at_ms)
        await action()
        if report is not unheard:
            report(Standing(day, at_ms, scene.waiting(), scene.at_counters(), scene.counts.served))
    return scene.counts

"""A day's appointments as staff see them, and the spans in which none are given."""

from starlette.responses import Response

from queue_core.appointments import FreeDay
from queue_core.domain.booking_commands import BlockSlots, UnblockSlots
from queue_core.domain.calendar import iso
from queue_core.domain.errors import Refusal as R
from queue_core.domain.model import Block, BlockId, Booking, ServiceId
from queue_core.domain.office import Zone
from queue_core.domain.principal import CHIEFS, STAFF
from queue_core.web.api import requests as asked
from queue_core.web.api.answers import done, json_response
from queue_core.web.api.appointments import APPOINTMENTS, SLOTS, day_asked, free_day, record
from queue_core.web.api.bookings import TAG
from queue_core.web.api.replies import AppointmentDayReply, Done
from queue_core.web.call import Call
from queue_core.web.operation import DAY, Operation, Query


async def day(call: Call) -> Response:
    zone = call.in_zone
    found = call.frame.appointments.day(zone.id, day_asked(call, "day"))
    named = found.day.day

    def listed(bookings: tuple[Booking, ...]) -> list[dict[str, object]]:
        return [{**record(zone, b), "ticket": b.used or None} for b in bookings]

    value = {
        "day": named.isoformat(),
        "services": [
            {"service": s.service, "slots": free_day(zone, FreeDay(named, s.slots))["slots"]} for s in found.services
        ],
        "appointments": listed((*found.bookings, *found.arrived)),
        "holds": listed(found.holds),
        "blocks": [_block(zone, block) for block in found.blocks],
    }
    return json_response(value)


def _block(zone: Zone, block: Block) -> dict[str, object]:
    return {
        "id": block.id,
        "from": iso(zone, block.from_ms),
        "to": iso(zone, block.to_ms),
        "services": list(block.services),
        "reason": block.reason,
    }


async def block(call: Call) -> Response:
    body: asked.BlockSpan = call.body
    services = tuple(map(ServiceId, body.services))
    command = BlockSlots(asked.epoch_ms(body.from_at), asked.epoch_ms(body.to_at), services, body.reason)
    outcome = await call.do(command)
    await _note(call, "slots_blocked", outcome.events[-1].data["block"])
    return done(call, outcome, status=201)


async def unblock(call: Call) -> Response:
    body: asked.UnblockSpan = call.body
    outcome = await call.do(UnblockSlots(BlockId(body.block)))
    await _note(call, "slots_unblocked", body.block)
    return done(call, outcome)


async def _note(call: Call, what: str, block: str) -> None:
    await call.frame.identity.note(call.by.id, what, f"{call.in_zone.id} {block}")


OPERATIONS = (
    Operation(
        "GET",
        APPOINTMENTS,
        day,
        "A day's slots, appointments, holds and blocks; today without `day`",
        STAFF,
        reply=AppointmentDayReply,
        query=(Query("day", "As 2030-03-04.", form=DAY),),
        tag=TAG,
    ),
    Operation(
        "POST",
        f"{SLOTS}/block",
        block,
        "Give no appointments in a span; those that are there stay",
        CHIEFS,
        request=asked.BlockSpan,
        reply=Done,
        status=201,
        command=True,
        refusals=(R.UNKNOWN_SERVICE, R.BLOCK_EXISTS, R.BLOCKS_EXHAUSTED),
        example={"from_at": "2030-03-04T12:00:00+01:00", "to_at": "2030-03-04T14:00:00+01:00"},
        tag=TAG,
    ),
    Operation(
        "POST",
        f"{SLOTS}/unblock",
        unblock,
        "Give appointments again",
        CHIEFS,
        request=asked.UnblockSpan,
        reply=Done,
        command=True,
        refusals=(R.UNKNOWN_BLOCK,),
        example={"block": "4f1c0a9be2d7"},
        tag=TAG,
    ),
)

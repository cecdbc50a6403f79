"""Alarms: which are open, raising an emergency, ending one. Nobody's name is in them."""

from pydantic import Field
from starlette.responses import Response

from queue_core.domain.alarms import Alarm, AlarmKind
from queue_core.domain.calendar import iso
from queue_core.domain.errors import Refusal as R
from queue_core.domain.errors import Refused
from queue_core.domain.model import CounterId, ZoneId
from queue_core.domain.principal import STAFF, WATCHERS
from queue_core.watch.alarming import EndsByItself, UnknownAlarm
from queue_core.web.api import requests as asked
from queue_core.web.api.answers import json_response
from queue_core.web.api.replies import Reply, Words
from queue_core.web.call import Call
from queue_core.web.operation import Handler, Operation
from queue_core.web.problems import Problem

_TAG = "alarms"
_ALL = "/api/v1/alarms"
_ZONE = "/api/v1/zones/{zone}/alarms"


class RaiseAlarm(asked.Request):
    kind: str = Field(pattern="^emergency$", description="Only an emergency is raised by a person.")
    counter: asked.Id
    note: asked.Note = ""


class AlarmRecord(Reply):
    """`device` and `device_kind`, or `counter`. An automatic one ends by itself."""

    id: str
    kind: AlarmKind
    automatic: bool
    zones: list[str]
    since: str
    device_kind: str | None = None
    device: str | None = None
    counter: str | None = None
    counter_name: Words | None = None
    note: str


class AlarmReply(Reply):
    alarm: AlarmRecord


class AlarmList(Reply):
    alarms: list[AlarmRecord]


async def list_all(call: Call) -> Response:
    return await _listed(call, None)


async def list_alarms(call: Call) -> Response:
    return await _listed(call, call.in_zone.id)


async def raise_alarm(call: Call) -> Response:
    body: RaiseAlarm = call.body
    counter = CounterId(body.counter)
    if counter not in call.in_zone.counters:
        raise Refused(R.UNKNOWN_COUNTER, {"counter": counter})
    alarm = await call.frame.alarms.emergency(call.in_zone.id, counter, body.note, call.by)
    return json_response({"alarm": _record(call, alarm)}, 201)


async def resolve_any(call: Call) -> Response:
    return await _resolved(call, None)


async def resolve_alarm(call: Call) -> Response:
    return await _resolved(call, call.in_zone.id)


async def _listed(call: Call, zone: ZoneId | None) -> Response:
    found = [alarm for alarm in await call.frame.alarms.open() if _is_for(call, alarm, zone)]
    return json_response({"alarms": [_record(call, alarm) for alarm in found]})


async def _resolved(call: Call, zone: ZoneId | None) -> Response:
    try:
        alarm = await call.frame.alarms.find(call.path("alarm"))
        if not _is_for(call, alarm, zone):
            raise UnknownAlarm(alarm.id)
        await call.frame.alarms.resolve(alarm, call.by)
    except UnknownAlarm:
        raise Problem(404, "unknown_alarm", "No alarm with this id is open.") from None
    except EndsByItself:
        raise Problem(409, "alarm_automatic", "This alarm ends by itself as soon as its cause does.") from None
    return json_response({"alarm": _record(call, alarm)})


def _is_for(call: Call, alarm: Alarm, zone: ZoneId | None) -> bool:
    """Within this zone, or any that this person may enter. Zones that the office no longer has are nobody's."""
    here = call.frame.engine.office
    return alarm.zones[0] in here and any(call.by.may_enter(own) and zone in (None, own) for own in alarm.zones)


def _record(call: Call, alarm: Alarm) -> dict[str, object]:
    zone = call.frame.engine.zone(alarm.zones[0])
    place = zone.counters.get(alarm.counter) if alarm.counter else None
    return {
        "id": alarm.id,
        "kind": alarm.kind.value,
        "automatic": alarm.is_automatic,
        "zones": list(alarm.zones),
        "since": iso(zone, alarm.since_ms),
        "device_kind": alarm.device.kind.value if alarm.device else None,
        "device": alarm.device.id if alarm.device else None,
        "counter": alarm.counter,
        "counter_name": dict(place.name) if place else None,
        "note": alarm.note,
    }


def _resolving(among: str, handler: Handler) -> Operation:
    return Operation(
        "POST",
        f"{among}/{{alarm}}/resolve",
        handler,
        "End an emergency; an automatic alarm ends by itself",
        STAFF,
        request=asked.Nothing,
        reply=AlarmReply,
        command=True,
        tag=_TAG,
    )


OPERATIONS = (
    Operation(
        "GET", _ALL, list_all, "Open alarms of every zone that you may enter", WATCHERS, reply=AlarmList, tag=_TAG
    ),
    _resolving(_ALL, resolve_any),
    Operation("GET", _ZONE, list_alarms, "Open alarms of a zone", WATCHERS, reply=AlarmList, tag=_TAG),
    Operation(
        "POST",
        _ZONE,
        raise_alarm,
        "Call for help at a counter; pressed twice it is one alarm",
        STAFF,
        request=RaiseAlarm,
        reply=AlarmReply,
        command=True,
        status=201,
        refusals=(R.UNKNOWN_COUNTER,),
        example={"kind": "emergency", "counter": "1"},
        tag=_TAG,
    ),
    _resolving(_ZONE, resolve_alarm),
)

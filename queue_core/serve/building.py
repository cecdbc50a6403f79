"""Builds one web process from settings, office and store: engine, hub, forecasters, application, server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from starlette.applications import Starlette

from queue_core.casework.casework import case_office
from queue_core.domain.errors import Refused
from queue_core.domain.model import BookingId, ServiceId, Ticket, TicketId, ZoneId
from queue_core.domain.office import Office
from queue_core.engine import Engine
from queue_core.estimate.forecast import Forecast
from queue_core.filling import Filling
from queue_core.forecaster import Forecaster, ForecastFigures, Kept, Ladder, Pace, Surveyed, Workbench
from queue_core.forecaster.craft import CRAFT
from queue_core.forecasting import Forecasting
from queue_core.live.hub import Hub, Surroundings
from queue_core.live.limits import Limits
from queue_core.live.websocket import StreamEndpoint
from queue_core.mail.post import post_office
from queue_core.office_file import OfficeFiles
from queue_core.push.watching import PushWatch
from queue_core.serve.alarm_post import announcer
from queue_core.serve.origins import origins
from queue_core.serve.phone_post import open_phones
from queue_core.settings import KIB, Settings
from queue_core.store.connection import connect_blocking
from queue_core.store.credentials import Credentials
from queue_core.store.estimates import Estimates
from queue_core.store.hindsight import Hindsight
from queue_core.store.laws import KeptLaws
from queue_core.store.mail import MailStore
from queue_core.store.opened import Store
from queue_core.store.reader import LogReader, shares
from queue_core.store.seats import Seats
from queue_core.store.sessions import Sessions, Tries
from queue_core.watch.figures import DeviceFigures
from queue_core.watch.watch import Watch, watch_over
from queue_core.web.address import address_behind
from queue_core.web.app import create_app, face_assets, make_frame
from queue_core.web.assets import Assets
from queue_core.web.face import Face
from queue_core.web.guards import Hosts
from queue_core.web.identity import TRIES_WINDOW_S, Identity
from queue_core.web.request_log import Metrics
from queue_core.web.secret import load_secret
from queue_core.web.stream_access import StreamAccess


@dataclass(frozen=True, slots=True)
class House:
    """All parts of one web process."""

    engine: Engine
    hub: Hub
    forecasting: Forecasting
    hindsight: Hindsight
    app: Starlette
    streams: StreamEndpoint
    watch: Watch
    phones: PushWatch | None = None

    async def watch_phones(self) -> None:
        """Until cancelled; at once over where no phone is ever told."""
        if self.phones:
            await self.phones.run()


def build(
    settings: Settings,
    files: OfficeFiles,
    store: Store,
    faces: Sequence[Face],
    figures: Path | None = None,
) -> House:
    """`figures`: the folder where several processes keep theirs."""
    office, devices = files.office, files.devices
    assets = face_assets(faces)
    credentials = Credentials(store.client)
    identity = _identity(settings, store, credentials)
    access = StreamAccess(identity)
    hubs: list[Hub] = []

    def shown(zone: ZoneId, service: ServiceId) -> dict[str, int] | None:
        wait = hubs[0].shown(zone, service)
        return dict(wait) if wait else None

    def shown_to(zone: ZoneId, booking: BookingId) -> Mapping[str, int] | None:
        return hubs[0].expected(engine.zone(zone), booking)

    hindsight = Hindsight(store.client, office)
    engine = Engine(office, store.zones(office), Filling(shown, shown_to), hindsight)
    around = _surroundings(settings, engine, access)
    hub = _hub(settings, office, store, around, assets)
    hubs.append(hub)
    watch = watch_over(devices, engine, store, hub, announcer(settings, store))
    cases = case_office(files.site.cases, store, load_secret(settings), credentials.audit)
    post = post_office(MailStore(store.client), load_secret(settings), settings)
    frame = make_frame(
        engine, hub, settings, identity, assets, files.site, devices, Seats(store.client), watch, cases, post
    )
    told = open_phones(settings, store, engine, hub, frame.links.path)
    frame = replace(frame, phones=told.phones if told else None)
    app = create_app(frame, faces, store.check, figures)
    streams = StreamEndpoint(hub, access.authorise, origins(settings), around.client_ip, Hosts(settings).know)
    app.state.metrics.also(DeviceFigures(app.state.metrics.registry, watch.alarms).look)
    forecasting = _forecasting(settings, store, engine, hub, _figures(engine, hub, app.state.metrics))
    phones = told.watch if told else None
    return House(engine, hub, forecasting, hindsight, app, streams, watch, phones)


def _identity(settings: Settings, store: Store, credentials: Credentials) -> Identity:
    idle_s, longest_s = 60 * settings.session_idle_minutes, 3600 * settings.session_longest_hours
    sessions = Sessions(store.client, credentials.account, idle_s, longest_s)
    return Identity(credentials, sessions, Tries(store.client, TRIES_WINDOW_S), credentials.audit, settings)


def _surroundings(settings: Settings, engine: Engine, access: StreamAccess) -> Surroundings:
    async def ticket(zone: ZoneId, ticket_id: TicketId) -> Ticket | None:
        try:
            return await engine.ticket(zone, ticket_id)
        except Refused:
            return None

    return Surroundings(
        zone=engine.zone,
        clock=engine.clock,
        begin_epoch=engine.begin_epoch,
        outlook=Forecast.from_json,
        ticket=ticket,
        revoked=access.revoked,
        client_ip=partial(address_behind, settings=settings),
    )


def _hub(settings: Settings, office: Office, store: Store, around: Surroundings, assets: Assets) -> Hub:
    limits = Limits(
        clients_most=settings.stream_clients_most,
        clients_per_ip_most=settings.stream_clients_per_ip_most,
        write_limit_bytes=settings.stream_write_limit_kib * KIB,
        buffer_most_bytes=settings.stream_buffer_kib * KIB,
        heartbeat_s=settings.heartbeat_s,
        coalesce_s=settings.estimate_pause_s,
    )
    readers = [LogReader(connect_blocking(store.url), share) for share in shares(list(office))]
    return Hub(office, readers, around, limits, assets.build)


def _figures(engine: Engine, hub: Hub, metrics: Metrics) -> ForecastFigures:
    figures = ForecastFigures(metrics.registry)
    metrics.also(partial(figures.look, engine.office, hub.forecast_age_s, engine.quality))
    return figures


def _forecasting(settings: Settings, store: Store, engine: Engine, hub: Hub, figures: ForecastFigures) -> Forecasting:
    pace = Pace(settings.estimate_pause_s, settings.estimate_idle_s, settings.estimate_lease_s)
    forecasting, bench = Forecasting(), Workbench()
    for zone in engine.office:
        seen = Surveyed(
            partial(engine.zone, zone),
            partial(hub.snapshot, zone),
            partial(hub.now_ms, zone),
            partial(hub.forecast, zone),
            partial(engine.rhythm, zone),
        )
        kept = Kept(Estimates(store.client, zone, pace.lease_s), KeptLaws(store.client, zone))
        forecasting.add(zone, Forecaster(seen, kept, pace, Ladder(zone, bench, figures, pace.idle_s), CRAFT))
        hub.observe(zone, partial(forecasting.observe, zone))
    return forecasting

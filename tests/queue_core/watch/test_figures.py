"""Devices and alarms as Prometheus reads them."""

from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from queue_core.domain.model import CounterId, ZoneId
from queue_core.domain.principal import CredentialKind, Principal, Role
from queue_core.watch.figures import DeviceFigures
from tests.support.web_office import WebOffice, open_web_office


async def test_the_figures_tell_of_silence_skew_and_open_alarms(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path) as office:
        await _happen(office)
        registry = CollectorRegistry()
        seen_ms = office.frame.alarms.attendance
        at_ms = max(attendance.seen_ms for attendance in seen_ms.values())
        DeviceFigures(registry, office.frame.alarms, lambda: at_ms + 5_000).look()
        told = generate_latest(registry).decode()
    assert 'wartezone_alarms{kind="emergency"} 1.0' in told
    assert 'wartezone_alarms{kind="paper_out"} 0.0' in told
    assert 'wartezone_device_silent_seconds{device="lobby",kind="display"} 5.0' in told
    assert "wartezone_device_clock_skew_seconds" in told


async def _happen(office: WebOffice) -> None:
    await office.http.post("/devices/display/lobby/report", json={"facts": {"clock_ms": 1}})
    clerk = Principal("staff:c", Role.COUNTER, None, CredentialKind.SESSION)
    await office.frame.alarms.emergency(ZoneId("hall"), CounterId("1"), "", clerk)
    await office.frame.alarms.look()

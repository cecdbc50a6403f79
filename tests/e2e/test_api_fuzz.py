"""The whole API holds what its document promises, whatever it is sent: schemathesis asks every operation of it."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from queue_core.domain.principal import Role
from tests.support.office_files import office_file
from tests.support.office_process import OfficeProcess

pytestmark = pytest.mark.slow

ZONE = "hall"
CONFIG = Path(__file__).parent / "support" / "fuzz.toml"
HOOKS = CONFIG.with_name("fuzz_hooks.py")
COMMAND = (str(Path(sys.executable).with_name("st")), "--config-file", str(CONFIG), "run")
FUZZED_WITHIN_S = 600
TICKETS, APPOINTMENTS = 30, 12
_MORE = """
[appointments]
services = ["new"]
share_percent = 100
notice_minutes = 0
[remote]
[survey]
"""
_CASES = """
[[site.cases.stage]]
id = "received"
name = { de = "Eingegangen", en = "Received" }
then = { de = "Wir lesen den Antrag.", en = "We read the application." }
[[site.cases.stage]]
id = "decided"
name = { de = "Entschieden", en = "Decided" }
then = { de = "Der Bescheid kommt.", en = "The decision comes." }
ends = true
[[site.cases.document]]
id = "lease"
name = { de = "Mietvertrag", en = "Lease" }
"""

_UNLIMITED = {
    "holds_of_address": "0",
    "holds_of_address_a_day": "0",
    "appointment_asks_per_minute_of_address": "0",
}


def test_every_operation_answers_as_its_document_says(office: OfficeProcess, tmp_path: Path) -> None:
    office.settings = {**office.settings, "config": str(_office(tmp_path)), **_UNLIMITED}
    office.start()
    token = office.token(Role.SUPERVISOR, ZONE)
    done = subprocess.run(
        [*COMMAND, f"{office.address}/openapi.json", "--header", f"Authorization: Bearer {token}"],
        env={**os.environ, **_hooked(office, token)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=FUZZED_WITHIN_S,
    )
    print(done.stdout[done.stdout.rfind("SUMMARY") :])
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
    assert "internal_error" not in office.log()


def _office(folder: Path) -> Path:
    path = office_file(folder, zone=ZONE)
    path.write_text(path.read_text() + _MORE + _CASES)
    return path


def _hooked(office: OfficeProcess, token: str) -> Mapping[str, str]:
    """The environment of support/fuzz_hooks.py."""
    return {
        "SCHEMATHESIS_HOOKS": str(HOOKS),
        "WARTEZONE_FUZZ_KNOWN": json.dumps(_known(office, token)),
        "WARTEZONE_FUZZ_ZONE": f"{office.address}/api/v1/zones/{ZONE}",
        "WARTEZONE_FUZZ_TOKEN": token,
    }


def _known(office: OfficeProcess, token: str) -> Mapping[str, list[str]]:
    """Something of everything, made before, and its ids by the names that parameters and fields have."""
    with httpx.Client(base_url=f"{office.address}/api/v1", headers={"Authorization": f"Bearer {token}"}) as api:
        tickets = [_made(api, "tickets", service="new")["ticket"]["id"] for _ in range(TICKETS)]
        held = [_held(api) for _ in range(APPOINTMENTS)]
        alarm = _made(api, "alarms", kind="emergency", counter="1")["alarm"]["id"]
        case = {"case": "12345BG0067890", "stage": "received", "updated_at": "2026-01-05T09:00:00+01:00"}
        assert api.put("/cases", json={"cases": [case]}).is_success
    return {
        "zone": [ZONE],
        "ticket": tickets,
        "meant": tickets,
        "service": ["new"],
        "services": ["new"],
        "further": ["new"],
        "counter": ["1"],
        "by_counter": ["1"],
        "visitor_class": ["normal"],
        "series": ["a"],
        "lent_series": ["a"],
        "slot_at": [at for at, _, _ in held],
        "booking": [booking for _, booking, _ in held],
        "appointment": [link for _, _, link in held],
        "alarm": [alarm],
        "case": [case["case"]],
        "stage": ["received", "decided"],
        "documents_missing": ["lease"],
        "language": ["de", "en"],
        "name": ["waits", "zones"],
    }


def _made(api: httpx.Client, path: str, **body: str) -> dict[str, Any]:
    answer = api.post(f"/zones/{ZONE}/{path}", json=body, headers={"Idempotency-Key": uuid.uuid4().hex})
    assert answer.is_success, answer.text
    return dict(answer.json())


def _held(api: httpx.Client) -> tuple[str, str, str]:
    """A time that is held; its appointment's id; the part of its link that stands for it."""
    days = api.get(f"/zones/{ZONE}/slots", params={"service": "new"}).json()["days"]
    at = next(slot["slot_at"] for day in days for slot in day["slots"] if slot["free"])
    done = _made(api, "appointments", service="new", slot_at=at)
    return at, done["booking"]["id"], done["links"]["own"].rpartition("/")[2]

"""The command `wartezone`, as a person at a shell meets it: what it prints, and that a fault is one line."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_core import cli
from queue_core.jobs.days import roll_days
from queue_core.jobs.timetable import QUEUE
from queue_core.serve.ports import bind
from queue_core.store.connection import connect_jobs
from queue_core.store.embedded import EmbeddedStore
from queue_core.store.keys import SCHEMA
from tests.support.embedded import client_of, running_store
from tests.support.eventually import eventually_sync
from tests.support.office_files import NEVER, TWO_HOURS, office_file
from tests.support.office_process import COMMAND, free_port
from tests.support.shell import Done, Run, shell
from tests.support.valkey import Server, running_server

pytestmark = pytest.mark.slow

START = "2030-01-07"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One small office is configured; its data are in `tmp_path / "data"`."""
    monkeypatch.setenv("WARTEZONE_CONFIG", str(office_file(tmp_path)))
    monkeypatch.setenv("WARTEZONE_DATA", str(tmp_path / "data"))


@pytest.fixture
def wartezone(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    office: None,  # noqa: ARG001 (what is configured)
) -> Run:
    return shell(monkeypatch, capsys)


@pytest.fixture
def served(valkey_url: str, monkeypatch: pytest.MonkeyPatch, office: None) -> None:  # noqa: ARG001 (the jobs need it)
    """There is a store in which the zone `hall` was served already."""
    monkeypatch.setenv("WARTEZONE_REDIS_URL", valkey_url)
    roll_days()


@pytest.fixture
def begun(tmp_path: Path) -> None:
    """A server was here before, and has ended."""
    with running_store(tmp_path / "data"):
        pass


@pytest.mark.parametrize(
    "command",
    [("serve",), ("worker",), ("export-log", "--zone", "hall"), ("token", "list"), ("token", "revoke", "x")],
)
def test_a_store_that_nobody_answers_at_is_said(wartezone: Run, command: tuple[str, ...]) -> None:
    done = wartezone(*command, redis_url="redis://127.0.0.1:1", port="0")
    assert done.fault.startswith("the store does not answer: ConnectionError: ")


@pytest.mark.parametrize("command", [("serve",), ("demo",), ("simulate",), ("worker",), ("token", "list"), ("doctor",)])
def test_each_setting_that_is_wrong_has_its_line(wartezone: Run, command: tuple[str, ...]) -> None:
    done = wartezone(*command, port="x", hostt="1")
    assert done.code == cli.USAGE
    assert done.err.splitlines() == [
        "wartezone: WARTEZONE_HOSTT: no such setting (did you mean WARTEZONE_HOST?)",
        "wartezone: WARTEZONE_PORT: must be a valid integer, unable to parse string as an integer",
    ]


def test_an_address_without_a_valid_port_is_said_without_its_password(wartezone: Run) -> None:
    done = wartezone("token", "list", redis_url="redis://:secret@there:99999")
    assert done.fault == "WARTEZONE_REDIS_URL: has no valid port"


@pytest.mark.parametrize("command", ["serve", "simulate"])
def test_a_broken_office_file_is_said_with_its_line(wartezone: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "broken.toml").write_text("[zone\n")
    done = wartezone(command, config=str(tmp_path / "broken.toml"), port="0")
    assert "broken.toml:1: not TOML" in done.fault


def test_a_taken_port_is_said_before_anything_starts(wartezone: Run, tmp_path: Path) -> None:
    with bind("127.0.0.1", 0) as taken:
        done = wartezone("serve", port=str(taken.getsockname()[1]))
    assert "Address already in use. Choose another port" in done.fault
    assert not (tmp_path / "data").exists()


def test_an_unknown_face_is_said_with_what_was_meant(wartezone: Run) -> None:
    assert wartezone("serve", faces="lobbi", port="0").fault == "no face is called lobbi (did you mean lobby?)"


def test_tls_files_that_cannot_be_read_keep_it_from_starting(wartezone: Run, tmp_path: Path) -> None:
    absent = str(tmp_path / "absent.pem")
    done = wartezone("serve", port="0", tls_cert=absent, tls_key=absent)
    assert done.fault == f"cannot serve TLS with {absent} and {absent}: No such file or directory"


def test_a_data_directory_in_use_is_said(wartezone: Run, tmp_path: Path) -> None:
    with running_store(tmp_path / "data"):
        assert "is already served by process" in wartezone("serve", port="0").fault


HALL = ("--zone", "hall")
#: All that look into a server's data.
LOOKING = (
    ("token", "create", "--role", "device", *HALL),
    ("token", "list"),
    ("token", "revoke", "x"),
    ("account", "list"),
    ("account", "remove", "x"),
    ("invite", "--role", "counter", *HALL),
    ("export-log", *HALL),
    ("export-archive", "archives", *HALL),
    ("laws", "show", *HALL),
    ("laws", "export", *HALL),
    ("laws", "reset", *HALL),
    ("laws", "rebuild", *HALL),
    ("appointments", "list", *HALL),
    ("simulate", "--over", "http://127.0.0.1:9", *HALL),
    ("worker",),
)


@pytest.mark.parametrize("command", LOOKING, ids=" ".join)
def test_who_looks_where_no_server_ever_was_is_told_so_and_leaves_nothing(
    wartezone: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    there = set(tmp_path.iterdir())
    assert wartezone(*command).fault.startswith(f"there is no data directory at {tmp_path / 'data'}. ")
    assert set(tmp_path.iterdir()) == there


def test_the_doctor_makes_no_data_directory(wartezone: Run, tmp_path: Path) -> None:
    done = wartezone("doctor")
    assert "none yet" in done.out
    assert (done.code, (tmp_path / "data").exists()) == (0, False)


def test_a_damaged_log_is_said(wartezone: Run, tmp_path: Path) -> None:
    with running_store(tmp_path / "data"):
        pass
    (tmp_path / "data/appendonlydir/appendonly.aof.manifest").write_text("not a manifest\n")
    assert "is damaged: its manifest" in wartezone("serve", port="0").fault
    assert "is damaged: its manifest" in wartezone("token", "list").fault


def test_a_store_of_a_later_release_is_refused(wartezone: Run, tmp_path: Path) -> None:
    with running_store(tmp_path / "data") as store, client_of(store) as client:
        client.set(SCHEMA, 999)
    assert "was written by a later Wartezone (schema 999" in wartezone("serve", port="0").fault
    assert "was written by a later Wartezone (schema 999" in wartezone("export-log", "--zone", "hall").fault


@pytest.mark.parametrize("command", [("export-log",), ("token", "create", "--role", "device"), ("simulate",)])
@pytest.mark.usefixtures("served")
def test_an_unknown_zone_is_said(wartezone: Run, command: tuple[str, ...]) -> None:
    assert wartezone(*command, "--zone", "nowhere").fault == "there is no zone 'nowhere'"


@pytest.mark.usefixtures("served")
def test_a_token_is_all_that_its_creation_prints(wartezone: Run) -> None:
    done = wartezone("token", "create", "--role", "device", "--zone", "hall")
    assert done.err == ""
    [token] = done.out.splitlines()
    assert token.startswith("wz_")


@pytest.mark.usefixtures("served")
def test_each_zone_that_a_token_is_for_is_looked_at(wartezone: Run) -> None:
    create = ("token", "create", "--role", "device")
    for zones in (("nowhere", "hall"), ("hall", "nowhere")):
        assert wartezone(*create, "--zone", zones[0], "--zone", zones[1]).fault == "there is no zone 'nowhere'"
    assert wartezone("token", "list").out == ""


@pytest.mark.usefixtures("served")
def test_tokens_are_listed_without_themselves_and_revoked_by_their_id(wartezone: Run) -> None:
    token = wartezone("token", "create", "--role", "counter", "--zone", "hall", "--name", "Desk 1").out.strip()
    listed = wartezone("token", "list").out
    token_id, *rest = listed.strip().split("\t")
    assert rest == ["counter", "hall", "valid", "Desk 1"]
    assert token not in listed
    assert wartezone("token", "revoke", token_id).code == 0
    assert wartezone("token", "list").out.strip().split("\t")[3] == "revoked"


@pytest.mark.usefixtures("served")
def test_an_unknown_token_cannot_be_revoked(wartezone: Run) -> None:
    assert wartezone("token", "revoke", "nothing").fault == "there is no token with id 'nothing'"


@pytest.mark.usefixtures("begun")
def test_an_account_that_does_not_exist_cannot_be_removed(wartezone: Run) -> None:
    assert wartezone("account", "list") == Done(0, "", "")
    assert wartezone("account", "remove", "nobody").fault == "there is no account 'nobody'"


@pytest.mark.usefixtures("begun")
def test_a_command_without_a_server_starts_the_store_for_its_moment(wartezone: Run, tmp_path: Path) -> None:
    assert wartezone("token", "list") == Done(0, "", "")
    store = EmbeddedStore(tmp_path / "data")
    store.start()
    store.stop()


@pytest.mark.usefixtures("begun")
def test_a_fault_leaves_no_store_running(wartezone: Run, tmp_path: Path) -> None:
    assert wartezone("export-log", "--zone", "hall").fault == "there is no zone 'hall'"
    with running_store(tmp_path / "data") as store:
        assert not store.adopted


@pytest.mark.usefixtures("served")
def test_the_exported_log_begins_with_the_epoch(wartezone: Run) -> None:
    lines = [json.loads(line) for line in wartezone("export-log", "--zone", "hall").out.splitlines()]
    assert [(line["seq"], line["type"]) for line in lines] == [(1, "epoch_started"), (2, "configured")]


def test_a_correct_office_is_counted(wartezone: Run) -> None:
    assert wartezone("check") == Done(0, "OK: 1 zone, 1 service, 1 counter\n", "")


def test_all_faults_of_an_office_are_told_at_once(wartezone: Run, tmp_path: Path) -> None:
    path = office_file(tmp_path, "mon = ['25:00-26:00']\nfunday = []")
    done = wartezone("check", str(path))
    assert (done.code, done.out) == (cli.USAGE, "")
    assert done.err.splitlines()[-1] == "2 faults"


def test_a_missing_office_is_a_fault(wartezone: Run, tmp_path: Path) -> None:
    assert "no such file" in wartezone("check", str(tmp_path / "nothing")).err


def test_the_doctor_finds_nothing_wrong_with_what_is_right(wartezone: Run) -> None:
    done = wartezone("doctor")
    assert [line.split()[0] for line in done.out.splitlines()] == ["ok"] * 5
    assert done.code == 0


def test_the_doctor_says_what_is_wrong(wartezone: Run) -> None:
    done = wartezone("doctor", redis_url="redis://127.0.0.1:1")
    assert done.code == cli.USAGE
    assert "WRONG store     does not answer: " in done.out


def test_one_seed_writes_one_log_byte_for_byte(wartezone: Run, tmp_path: Path) -> None:
    office = str(office_file(tmp_path, TWO_HOURS))
    logs = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    told = [wartezone("simulate", "--from", START, "--log", str(log), config=office) for log in logs]
    assert told[0] == told[1]
    assert logs[0].read_bytes() == logs[1].read_bytes()
    assert json.loads(told[0].out)["day"] == START
    assert json.loads(logs[0].read_text().splitlines()[0])["type"] == "epoch_started"


def test_another_seed_is_another_day(wartezone: Run, tmp_path: Path) -> None:
    office = str(office_file(tmp_path, TWO_HOURS))
    told = {wartezone("simulate", "--from", START, "--seed", seed, config=office).out for seed in ("1", "2")}
    assert len(told) == 2


def test_a_simulation_leaves_the_offices_data_alone(wartezone: Run, tmp_path: Path) -> None:
    wartezone("simulate", "--from", START, config=str(office_file(tmp_path, TWO_HOURS)))
    assert not (tmp_path / "data").exists()


def test_a_zone_that_never_opens_is_said(wartezone: Run, tmp_path: Path) -> None:
    office = str(office_file(tmp_path, NEVER))
    assert wartezone("simulate", config=office).fault == "zone 'hall' never opens"


@pytest.mark.usefixtures("served")
def test_a_live_simulation_of_a_zone_that_never_opens_is_said(wartezone: Run, tmp_path: Path) -> None:
    office = str(office_file(tmp_path, NEVER))
    done = wartezone("simulate", "--over", f"http://127.0.0.1:{free_port()}", config=office)
    assert (done.code, done.err) == (cli.USAGE, "wartezone: zone 'hall' never opens\n")


@pytest.mark.parametrize(
    ("command", "about"),
    [
        (("nonsense",), "nonsense"),
        (("token", "create", "--role", "king", "--zone", "hall"), "king"),
        (("simulate", "--log", "/nowhere/log"), "/nowhere/log"),
        (("simulate", "--from", "yesterday"), "--from"),
    ],
)
def test_what_cannot_be_parsed_is_usage(wartezone: Run, command: tuple[str, ...], about: str) -> None:
    done = wartezone(*command)
    assert done.code == cli.USAGE
    assert about in done.err
    assert "Traceback" not in done.err


@pytest.mark.usefixtures("served")
def test_a_reader_that_goes_away_is_no_fault_of_ours() -> None:
    script = f"{COMMAND} export-log --zone hall | true"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr


@pytest.fixture
def own_server() -> Iterator[Server]:
    with running_server("valkey") as server:
        yield server


@pytest.mark.usefixtures("office")
def test_a_worker_ends_when_it_is_asked(own_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_REDIS_URL", own_server.url)
    worker = subprocess.Popen([COMMAND, "worker", "--clock"], stderr=subprocess.PIPE, text=True)
    with connect_jobs(own_server.url) as client:
        assert eventually_sync(lambda: client.exists(f"rq:finished:{QUEUE}"), within_s=20)
    worker.send_signal(signal.SIGTERM)
    _, said = worker.communicate(timeout=20)
    assert worker.returncode == 0
    assert "Traceback" not in said

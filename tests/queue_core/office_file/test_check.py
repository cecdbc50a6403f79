from pathlib import Path

from queue_core.office_file import check_report
from tests.queue_core.office_file.files import SITE, ZONE, changed, written


def test_a_right_office_is_counted(tmp_path: Path) -> None:
    report = check_report(written(tmp_path, {"site.toml": SITE, "zone.toml": ZONE}))
    assert report == (["OK: 1 zone, 2 services, 1 counter"], 0)


def test_a_doubt_is_told_and_does_not_fail(tmp_path: Path) -> None:
    zone = changed(ZONE, 'prefix = "C"', 'prefix = "S"')
    lines, code = check_report(written(tmp_path, {"site.toml": SITE, "zone.toml": zone}))
    assert lines[0] == f"{tmp_path}/zone.toml:19: warning: prefix 'S': easily mistaken for digits: S"
    assert code == 0


def test_every_fault_has_a_line_and_the_exit_code_is_2(tmp_path: Path) -> None:
    zone = changed(changed(ZONE, 'series = "c"', 'serie = "c"'), "08:00-12:30", "8 to 12")
    lines, code = check_report(written(tmp_path, {"site.toml": SITE, "zone.toml": zone}))
    assert lines == [
        f"{tmp_path}/zone.toml:6: mon: '8 to 12' are no hours such as \"08:00-12:30\"",
        f"{tmp_path}/zone.toml:26: 'series' is missing",
        f"{tmp_path}/zone.toml:29: unknown key 'serie' (did you mean series?)",
        "3 faults",
    ]
    assert code == 2


def test_a_path_that_leads_nowhere_is_a_fault_like_others(tmp_path: Path) -> None:
    assert check_report(tmp_path / "gone.toml") == ([f"{tmp_path}/gone.toml:1: no such file", "1 fault"], 2)

"""`[site.cases]`: stages in order, faults with their place."""

from pathlib import Path

import pytest

from queue_core.domain.cases import CaseRules
from queue_core.office_file import OfficeInvalid, default_config, read_office
from tests.support.office_files import office_file


def stage(id_: str, *, ends: bool = False) -> str:
    words = '{ de = "Da", en = "There" }'
    return f'[[site.cases.stage]]\nid = "{id_}"\nname = {words}\nthen = {words}\n' + ("ends = true\n" if ends else "")


def read(folder: Path, *tables: str) -> CaseRules:
    path = office_file(folder)
    path.write_text(path.read_text() + "\n[site.cases]\nkept_days = 30\n" + "".join(tables))
    return read_office(path).site.cases


def test_stages_keep_their_order_and_what_is_left_out_has_defaults(tmp_path: Path) -> None:
    rules = read(tmp_path, stage("b"), stage("a"), stage("end", ends=True))
    assert list(rules.stages) == ["b", "a", "end"]
    assert (rules.kept_days, rules.silent_days) == (30, CaseRules().silent_days)
    assert (rules.first_stage, rules.default_kind, rules.ends("end"), rules.ends("a")) == ("b", "", True, False)


def test_an_office_without_the_table_has_no_stages(tmp_path: Path) -> None:
    assert read_office(office_file(tmp_path)).site.cases == CaseRules()


FAULTS = {
    "one stage": ((stage("a"),), "stage"),
    "twice": ((stage("a"), stage("a"), stage("end", ends=True)), "stage 'a' stands there twice"),
    "ends at once": ((stage("a", ends=True), stage("b")), "'a' cannot end it"),
    "never ends": ((stage("a"), stage("b")), "no stage says ends = true"),
    "unknown key": (("keptdays = 3\n", stage("a"), stage("end", ends=True)), "unknown key 'keptdays'"),
}


@pytest.mark.parametrize(("tables", "told"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, tables: tuple[str, ...], told: str) -> None:
    with pytest.raises(OfficeInvalid) as found:
        read(tmp_path, *tables)
    [fault] = found.value.faults
    assert told in str(fault)
    assert fault.line > 1


def test_the_example_says_everything_of_a_case_in_every_language() -> None:
    site = read_office(default_config()).site
    rules = site.cases
    texts = [text for stage in rules.stages.values() for text in (stage.name, stage.then)]
    texts += [*rules.kinds.values(), *rules.steps.values(), *rules.documents.values()]
    assert [text["de"] for text in texts if set(site.languages) - set(text)] == []

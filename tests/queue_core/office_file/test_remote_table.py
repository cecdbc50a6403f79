"""`[remote]` and `[survey]` as they are written, and what must not stand there."""

import pytest
from pydantic import ValidationError

from queue_core.domain.office import Proof, Remote
from queue_core.office_file.remote_table import RemoteTable, SurveyTable, remote_of


def test_an_empty_table_offers_all_services_by_the_defaults() -> None:
    assert remote_of(RemoteTable(), ()) == Remote()


def test_lengths_are_minutes_in_the_file() -> None:
    found = remote_of(RemoteTable(confirm_minutes=20, shortest_wait_minutes=5, open_most=7), ())
    assert (found.confirm_s, found.shortest_wait_s, found.open_most) == (1200, 300, 7)


def test_what_proves_arrival() -> None:
    assert remote_of(RemoteTable.model_validate({"proof": "code"}), ()).proof is Proof.CODE


@pytest.mark.parametrize(
    "table",
    [{"confirm_minutes": 0}, {"open_most": 0}, {"of_address": 0}, {"proof": "trust"}, {"limit": 3}],
    ids=lambda table: next(iter(table)),
)
def test_what_must_not_stand_there(table: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RemoteTable.model_validate(table)


def test_a_survey_needs_no_words_of_its_own() -> None:
    assert SurveyTable().survey.question == {}

"""`[site.cases]`: where an application stands; see `tables`."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from queue_core.domain.cases import CaseRules, Stage
from queue_core.office_file.values import Id, Several, Table, Words, table_fault

_TEN_YEARS_DAYS = 3650


class StageTable(Table):
    id: Id
    name: Words
    then: Words
    ends: bool | None = None

    @property
    def stage(self) -> Stage:
        return Stage(self.id, self.name, self.then, **self.given("ends"))


class WordsTable(Table):
    """Something of a case that has an id and a text."""

    id: Id
    name: Words


class CasesTable(Table):
    stage: Annotated[list[StageTable], Field(min_length=2)]
    kind: Several[WordsTable]
    step: Several[WordsTable]
    document: Several[WordsTable]
    kept_days: int | None = Field(default=None, ge=1, le=_TEN_YEARS_DAYS)
    silent_days: int | None = Field(default=None, ge=30, le=_TEN_YEARS_DAYS)

    @property
    def rules(self) -> CaseRules:
        return CaseRules(
            {table.id: table.stage for table in self.stage},
            {table.id: table.name for table in self.kind},
            {table.id: table.name for table in self.step},
            {table.id: table.name for table in self.document},
            **self.given("kept_days", "silent_days"),
        )

    @model_validator(mode="after")
    def _every_id_once(self) -> Self:
        for name, tables in (
            ("stage", self.stage),
            ("kind", self.kind),
            ("step", self.step),
            ("document", self.document),
        ):
            ids = [table.id for table in tables]
            if twice := next((id_ for n, id_ in enumerate(ids) if id_ in ids[:n]), None):
                raise table_fault(f"{name} {twice!r} stands there twice")
        return self

    @model_validator(mode="after")
    def _begins_and_ends(self) -> Self:
        if self.stage[0].ends:
            raise table_fault(f"a case begins in its first stage: {self.stage[0].id!r} cannot end it")
        if not any(stage.ends for stage in self.stage):
            raise table_fault("no stage says ends = true: no case would ever be forgotten in time")
        return self

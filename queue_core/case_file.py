"""A file of news from a case system: every fault of it with its line, or all of its records."""

import re
from datetime import datetime, tzinfo

from queue_core.casework.casework import Pushed
from queue_core.domain.case_number import case_number, case_pin
from queue_core.domain.cases import CaseRules, News, is_ahead, unfit
from queue_core.spelling import nearest
from queue_core.table_file import Columns, Fault, FileInvalid, Row, RowFault, Wrong, require_plain, rows

RECORDS_MOST = 50_000
COLUMNS = Columns(("case", "stage", "updated_at"), ("pin", "kind", "next_step", "documents_missing"), "cases")
_MOMENT = re.compile(r"^2[01]\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$")


class CaseWrong(Wrong):
    """No sentence tells a number or a PIN: faults end up in logs."""

    TWICE = "this case stands in line {before} already"
    NO_NUMBER = "case is no number of a case: 4 to 40 letters and digits"
    NO_PIN = "pin is none: 5 to 12 letters and digits"
    UNKNOWN_WORD = "{column} {cell!r} is unknown"
    IN_THE_FUTURE = "updated_at {cell!r} is in the future"
    NO_TIME = "updated_at {cell!r} is no time: write it like 2026-11-20T10:15"


def case_news(content: bytes, name: str, rules: CaseRules, time_zone: tzinfo, now_ms: int) -> list[Pushed]:
    """Raises `FileInvalid`. Times without an offset are those of `time_zone`."""
    faults: list[Fault] = []
    found: list[Pushed] = []
    lines: dict[str, int] = {}
    for line, row in rows(content, name, COLUMNS, RECORDS_MOST):
        try:
            pushed = _pushed(row, rules, time_zone, now_ms)
            if (before := lines.setdefault(pushed.number, line)) != line:
                raise RowFault(CaseWrong.TWICE, before=before)
            found.append(pushed)
        except RowFault as fault:
            faults.append(fault.at(name, line))
    if faults:
        raise FileInvalid(faults)
    return found


def _pushed(row: Row, rules: CaseRules, time_zone: tzinfo, now_ms: int) -> Pushed:
    require_plain({column: cell for column, cell in row.items() if column not in ("case", "pin")})
    number, pin = case_number(row["case"]), case_pin(row["pin"]) if row["pin"] else ""
    if number is None:
        raise RowFault(CaseWrong.NO_NUMBER)
    if pin is None:
        raise RowFault(CaseWrong.NO_PIN)
    at_ms = _at_ms(row["updated_at"], time_zone)
    news = News(row["stage"], at_ms, row["kind"], row["next_step"], tuple(row["documents_missing"].split()))
    for wrong in unfit(news, rules):
        meant = nearest(wrong.value, wrong.known)
        raise RowFault(CaseWrong.UNKNOWN_WORD, column=wrong.name, cell=wrong.value, nearest=meant)
    if is_ahead(news, now_ms):
        raise RowFault(CaseWrong.IN_THE_FUTURE, cell=row["updated_at"])
    return Pushed(number, news, pin)


def _at_ms(text: str, time_zone: tzinfo) -> int:
    """Where clocks are put back an hour comes twice: there the later one is meant, so that nothing newer is lost."""
    try:
        moment = datetime.fromisoformat(text) if _MOMENT.match(text) else None
    except ValueError:
        moment = None
    if moment is None:
        raise RowFault(CaseWrong.NO_TIME, cell=text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=time_zone, fold=1)).timestamp() * 1000)

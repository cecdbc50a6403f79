import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from queue_core.office_file.fault import KeyPath
from queue_core.office_file.positions import Position, nearest_position, positions

TEXT = '''\
top = 1    # [not] = a key
"quoted.key" = "a # no comment"
a.b = 'x = 1'

[zone]
name = { de = "Halle", "en" = "Hall, \\"big\\"" }
long = """
[fake]
key = 1""""
days = [
    2026-12-24,    # "comment"
    2026-12-31,
]

[[service]]
id = "a"

[[service]]
id = "b"
[service.hours]
mon = ["08:00-12:30", "14:00-17:00"]

[x . "y z"]
literal = \'\'\'it's\'\'\'
'''


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("top",), 1, 1),
        (("quoted.key",), 2, 1),
        (("a",), 3, 1),
        (("a", "b"), 3, 3),
        (("zone",), 5, 2),
        (("zone", "name"), 6, 1),
        (("zone", "name", "de"), 6, 10),
        (("zone", "name", "en"), 6, 24),
        (("zone", "long"), 7, 1),
        (("zone", "days"), 10, 1),
        (("zone", "days", 1), 12, 5),
        (("service",), 15, 3),
        (("service", 0), 15, 3),
        (("service", 1), 18, 3),
        (("service", 1, "id"), 19, 1),
        (("service", 1, "hours"), 20, 10),
        (("service", 1, "hours", "mon", 1), 21, 23),
        (("x", "y z"), 23, 6),
        (("x", "y z", "literal"), 24, 1),
    ],
)
def test_each_form_of_a_key_is_found(path: KeyPath, line: int, column: int) -> None:
    assert positions(TEXT)[path] == Position(line, column)


def test_only_what_is_there_is_found() -> None:
    assert set(positions(TEXT)) == set(paths(tomllib.loads(TEXT)))


def test_line_ends_of_windows_count_once() -> None:
    assert positions(TEXT.replace("\n", "\r\n")) == positions(TEXT)


def test_other_separators_of_unicode_end_no_line() -> None:
    assert positions('a = "\u2028"\nb = 1')[("b",)] == Position(2, 1)


def test_an_absent_key_is_where_its_table_is() -> None:
    found = positions(TEXT)
    assert nearest_position(found, ("service", 1, "series")) == Position(18, 3)
    assert nearest_position(found, ("nowhere",)) == Position(1, 1)


keys = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=5)
scalars = st.one_of(st.integers(-9, 9), st.booleans(), st.dates(), st.text(max_size=8), st.floats(0, 1))
tables: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.dictionaries(keys, scalars, max_size=3),
    lambda inner: st.dictionaries(
        keys, st.one_of(scalars, inner, st.lists(inner, max_size=3), st.lists(scalars, max_size=3)), max_size=3
    ),
    max_leaves=8,
)


@given(tables)
def test_every_key_of_any_document_is_found_where_it_stands(table: dict[str, Any]) -> None:
    text = tomlkit.dumps(table)
    lines = text.split("\n")
    found = positions(text)
    data = tomllib.loads(text)
    assert set(found) >= set(paths(data))
    for path, at in found.items():
        name = next((part for part in reversed(path) if isinstance(part, str)), "")
        if isinstance(path[-1], str):
            rest = lines[at.line - 1][at.column - 1 :]
            assert rest.startswith((name, '"', "'"))


def paths(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*path, key)
        yield from paths(item, (*path, key))

"""The scorecard counts what it says; sleeps and mocks in our tests must be none."""

import ast
from pathlib import Path

from tests.architecture.scorecard import figures, function_lengths, mocks, sleeps, spread, typed_share
from tests.architecture.source import ROOT, Module, modules


def module_of(text: str, file: str = "tests/test_x.py") -> Module:
    return Module("x", ROOT / Path(file), ast.parse(text), text.count("\n"))


def test_no_test_sleeps_for_a_guessed_time() -> None:
    assert sleeps(modules("tests")) == []


def test_no_test_mocks() -> None:
    assert mocks(modules("tests")) == []


def test_every_function_is_fully_typed() -> None:
    assert typed_share([*modules(), *modules("tests")]) == 1.0


def test_every_figure_has_a_value() -> None:
    assert all(figure.name and figure.value and figure.goal for figure in figures())


def test_a_sleep_is_seen_but_not_a_mere_yield_nor_polling_in_support() -> None:
    text = "import time\ntime.sleep(1)\nawait asyncio.sleep(0)\n"
    assert sleeps([module_of(text)]) == ["tests/test_x.py:2"]
    assert sleeps([module_of(text, "tests/support/x.py")]) == []


def test_a_mock_is_seen_however_it_is_imported() -> None:
    text = "import unittest.mock\nfrom unittest import mock\nfrom unittest.mock import Mock\nimport pytest\n"
    assert len(mocks([module_of(text)])) == 3


def test_a_functions_docstring_is_not_counted() -> None:
    assert list(function_lengths(module_of('def f():\n    """Long\n    text."""\n    a = 1\n    return a\n'))) == [
        ("f", 2)
    ]


def test_a_spread_is_median_ninth_tenth_and_largest() -> None:
    assert spread(range(1, 12)) == "6/10/11"
    assert spread([]) == "-"


def test_an_untyped_argument_is_seen() -> None:
    assert typed_share([module_of("def f(a: int) -> int: ...\ndef g(b) -> int: ...\n")]) == 0.5

"""The docs name every setting, event, route and command, and name none that is not there."""

import re
from pathlib import Path

import pytest

from queue_core.domain.events import FIELDS, EventType
from queue_core.settings import PREFIX, Settings
from tests.architecture.documentation import code, commands, documented_routes, names, page, served_routes
from tests.architecture.source import ROOT, named

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
_NAMED_TEST = re.compile(r"`(test_\w+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_is_documented(setting: str) -> None:
    assert names(code("settings.md"), PREFIX + setting.upper())


@pytest.mark.parametrize("event", EventType)
def test_every_event_is_documented_with_its_fields(event: EventType) -> None:
    text = code("events.md")
    assert names(text, event)
    assert [field for field in sorted(FIELDS[event]) if not names(text, field)] == []


def test_every_route_is_documented() -> None:
    assert served_routes() - documented_routes("api.md") == set()


def test_every_documented_api_route_is_served() -> None:
    documented = {path for path in documented_routes("api.md") if path.startswith(("/api/", "/feed/"))}
    assert documented - served_routes() == set()


def test_every_command_is_documented() -> None:
    assert [command for command in commands() if not names(code("operations.md"), command)] == []


@pytest.mark.parametrize("link", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_every_page_of_the_docs_is_reached_from_the_readme(link: str) -> None:
    assert f"(docs/{link})" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("page_path", PAGES, ids=named)
def test_every_link_within_the_house_leads_somewhere(page_path: Path) -> None:
    links = (link.partition("#")[0] for link in _LINK.findall(page_path.read_text()))
    assert [link for link in links if link and "://" not in link and not (page_path.parent / link).exists()] == []


def test_every_test_that_the_docs_name_exists() -> None:
    named_tests = _NAMED_TEST.findall((ROOT / "docs" / "faces.md").read_text())
    assert named_tests
    written = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name in named_tests if f"def {name}(" not in written] == []


def test_every_decision_says_that_it_was_taken_and_why() -> None:
    incomplete = [
        path.name
        for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))
        if not all(part in path.read_text() for part in ("## Context", "## Decision", "## Consequences"))
    ]
    assert incomplete == []


def test_the_architecture_is_described() -> None:
    assert all(f"`{package}" in page("architecture.md") for package in ("queue_core", "display_server", "ticket_kiosk"))

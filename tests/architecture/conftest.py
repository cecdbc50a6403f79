"""Tells the scorecard at the end of every run that includes the architecture tests."""

import pytest

from tests.architecture.scorecard import figures, oversized


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    ran = (report.nodeid for kind in ("passed", "failed") for report in terminalreporter.getreports(kind))
    if not any(node.startswith("tests/architecture/") for node in ran):
        return
    terminalreporter.section("scorecard")
    for figure in figures():
        terminalreporter.write_line(f"{figure.name:32} {figure.value:>14}   (goal {figure.goal})")
    for line in oversized():
        terminalreporter.write_line(f"long: {line}")

"""The kiosk's set-up as files: what systemd and Chromium make of them."""

import http.server
import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Error, Page, async_playwright

from tests.architecture.source import ROOT
from tests.support.eventually import eventually, eventually_sync
from tests.support.office_process import free_port
from ticket_kiosk.agent.command import DEFAULT_PORT

KIOSK = ROOT / "deploy" / "kiosk"
UNITS = sorted(path.name for path in KIOSK.glob("*.service"))
BROWSER = KIOSK / "wartezone-kiosk-browser"
HEADLESS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic")
#: How a browser says that it does not go there; its own pages are left in the middle.
BLOCKED = "ERR_BLOCKED_BY_ADMINISTRATOR|chrome-error:"
#: The page's own script, because what a test evaluates counts as somebody's touch.
PAGE = b"<!doctype html><title>?</title><script>document.title = new AudioContext().state</script>"


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_understands_the_unit(unit: str, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    programs = {"/opt/wartezone/.venv/bin/wartezone", "/usr/bin/cage"}
    text = (KIOSK / unit).read_text()
    for program in programs:
        text = text.replace(program, "/bin/true")
    (tmp_path / unit).write_text(text)
    for other in set(UNITS) - {unit}:
        (tmp_path / other).write_text(
            (KIOSK / other).read_text().replace("/opt/wartezone/.venv/bin/wartezone", "/bin/true")
        )
    done = subprocess.run(["systemd-analyze", "verify", tmp_path / unit], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.returncode == 0


def test_the_agents_unit_hands_the_token_over_as_a_credential_and_never_as_a_word() -> None:
    text = (KIOSK / "wartezone-kiosk-agent.service").read_text()
    assert "LoadCredential=wartezone_device_token:" in text
    assert "token" not in next(line for line in text.splitlines() if line.startswith("ExecStart="))


def test_a_keyboard_that_somebody_plugs_in_leads_to_no_terminal() -> None:
    text = (KIOSK / "wartezone-kiosk-browser.service").read_text()
    (start,) = [line for line in text.splitlines() if line.startswith("ExecStart=")]
    assert start.split("--")[0].split() == ["ExecStart=/usr/bin/cage"]


def test_agent_browser_and_policy_mean_the_same_page() -> None:
    origin = f"http://127.0.0.1:{DEFAULT_PORT}"
    policy = json.loads((KIOSK / "policy.json").read_text())
    assert policy["URLAllowlist"] == [origin]
    assert policy["URLBlocklist"][:2] == ["*", "chrome://*"], "the browser's own pages are no part of *"
    assert policy["AutoplayAllowed"] is True
    assert f"{origin}/" in BROWSER.read_text()
    assert f"{origin}/" in (KIOSK / "wartezone-kiosk-browser.service").read_text()


def test_the_browsers_script_is_one() -> None:
    assert os.access(BROWSER, os.X_OK)
    subprocess.run(["bash", "-n", BROWSER], check=True)


def test_the_browser_waits_for_the_agent(tmp_path: Path) -> None:
    """Else it would show its own error page to whoever comes while the agent starts."""
    browser, port = tmp_path / "browser", free_port()
    browser.write_text(f'#!/bin/bash\n(exec 3<>/dev/tcp/127.0.0.1/{port}) && echo "$@" > {tmp_path}/opened\n')
    browser.chmod(0o700)
    page = f"http://127.0.0.1:{port}/"
    places = {"KIOSK_PAGE": page, "KIOSK_PROFILE": str(tmp_path / "profile"), "KIOSK_CHROMIUM": str(browser)}
    process = subprocess.Popen([BROWSER], env={**os.environ, **places}, start_new_session=True)
    try:
        eventually_sync(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text)
        with page_server(port):
            assert process.wait(timeout=20) == 0
        assert (tmp_path / "opened").read_text().split()[-1] == page
    finally:
        process.kill()
        process.wait()


@contextmanager
def page_server(port: int = 0) -> Iterator[int]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def may_unshare() -> bool:
    """As root, on a machine with Chromium's folder of policies."""
    if not Path("/etc/chromium").is_dir():
        return False
    done = subprocess.run(["unshare", "--mount", "mount", "--bind", "/tmp", "/tmp"], capture_output=True, timeout=10)
    return done.returncode == 0


@contextmanager
def kiosk_browser(folder: Path, page: int) -> Iterator[int]:
    """The kiosk's own script and policy, the latter in a file system that this browser alone sees: other browsers on
    this machine go on. Yields the port by which it is driven."""
    managed = folder / "chromium" / "policies" / "managed"
    managed.mkdir(parents=True)
    policy = json.loads((KIOSK / "policy.json").read_text().replace(str(DEFAULT_PORT), str(page)))
    del policy["DeveloperToolsAvailability"]  # by which these tests drive it
    (managed / "wartezone.json").write_text(json.dumps(policy))
    port = free_port()
    mounted = f'mount --bind "{folder / "chromium"}" /etc/chromium && exec "$@"'
    driven = ("--remote-debugging-address=127.0.0.1", f"--remote-debugging-port={port}")
    process = subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", mounted, "sh", BROWSER, *HEADLESS, *driven],
        env={**os.environ, "KIOSK_PAGE": f"http://127.0.0.1:{page}/", "KIOSK_PROFILE": str(folder / "profile")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        eventually_sync(lambda: _answers(port), within_s=30)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/json/version").is_success
    except httpx.TransportError:
        return False


def _page_at(browser: Browser, address: str) -> Page | None:
    """Chromium has pages of its own beside it, for its address bar; the policy blocks them."""
    return next((page for page in browser.contexts[0].pages if page.url == address), None)


@pytest.mark.browser
async def test_the_kiosks_browser_speaks_without_a_touch_and_goes_nowhere_else(tmp_path: Path) -> None:
    if not may_unshare():
        pytest.skip("policies can only be tried by root, on a machine with Chromium")
    with page_server() as own, page_server() as other, kiosk_browser(tmp_path, own) as port:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
            page = await eventually(lambda: _page_at(browser, f"http://127.0.0.1:{own}/"), within_s=20)
            assert page
            await page.wait_for_function("document.title !== '' && document.title !== '?'")
            assert await page.title() == "running"
            for address in (
                f"http://127.0.0.1:{other}/",
                "https://example.org/",
                "file:///etc/passwd",
                "chrome://settings",
                "chrome://version",
                "view-source:file:///etc/passwd",
                "data:text/html,<h1>elsewhere</h1>",
                f"http://127.0.0.1:{own}@127.0.0.1:{other}/",
                f"http://localhost:{own}/",
            ):
                tab = await browser.contexts[0].new_page()
                with pytest.raises(Error, match=BLOCKED):
                    await tab.goto(address)
                await tab.close()
            await browser.close()

"""A headless Chromium, the app as a process of its own, and the workbench as tests drive it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from desk import desk
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from coder import services
from coder.review import Item
from coder.settings import Settings
from coder.store import Store

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 60_000  # milliseconds; the machine may be busy

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"no Chromium: none of {', '.join(NAMES)} is installed, and CI must run these tests")
    pytest.skip(f"no Chromium: none of {', '.join(NAMES)} is installed")


@pytest.fixture(scope="session")
def playwright(chromium: str) -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    running = playwright.chromium.launch(executable_path=chromium, args=flags)
    yield running
    running.close()


@dataclass(frozen=True)
class Served:
    """The running app."""

    url: str
    settings: Settings
    process: subprocess.Popen[bytes]

    def stop_a_while(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def serve(home: Path, command: Callable[[int], list[str]]) -> Iterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {key: value for key, value in os.environ.items() if not key.startswith("CODER_DATABASE")}
    environ |= {"CODER_HOME": str(home), "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    log = (home / "server.log").open("wb")
    process = subprocess.Popen(command(port), cwd=ROOT, env=environ, stdout=log, stderr=log)
    try:
        _wait_for(f"http://localhost:{port}/_stcore/health", process, home / "server.log")
        yield Served(f"http://localhost:{port}", Settings.from_environ(environ), process)
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(20)
        log.close()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        if process.poll() is not None:
            pytest.fail(f"the app stopped: {log.read_text(errors='replace')[-2000:]}")
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"the app did not answer: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app with an engine that needs no training, one for all tests of a file."""
    home = tmp_path_factory.mktemp("home")
    (home / "tour-removed").touch()
    with serve(home, lambda port: [sys.executable, "tests/browser/serve.py", str(port)]) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert not errors


class Bench:
    """The workbench of one interview in a browser, and what the database has of it."""

    def __init__(self, page: Page, served: Served, store: Store, number: int, project: str) -> None:
        self.page, self.served, self.store, self.number, self.project = page, served, store, number, project

    def open(self) -> Bench:
        self.page.goto(f"{self.served.url}/review?project={self.project}&interview={self.number}")
        self.page.wait_for_selector(".bei-pane")
        self.page.wait_for_selector(".bei-tag")
        return self

    def press(self, *keys: str) -> Bench:
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def saved(self) -> Bench:
        expect(self.page.locator(".bei-saved")).to_have_text("✓ 已存")
        return self

    def card(self) -> str:
        return self.page.inner_text(".bei-card")

    def items(self) -> tuple[Item, ...]:
        return services.open_interview(self.store, self.number).items

    def text(self) -> str:
        return services.open_interview(self.store, self.number).transcript.text

    def statuses(self) -> list[str]:
        return [str(item.status) for item in self.items()]

    def select(self, words: str) -> None:
        """Select the words in the transcript, as a mouse would."""
        self.page.evaluate(_SELECT, words)


# Finds the words across text nodes and selects them, then lets the pane know by a mouse's event.
_SELECT = """(words) => {
  const root = document.querySelector('.bei-text');
  const nodes = []; let all = '';
  for (const { firstChild } of root.querySelectorAll('.bei-seg')) {
    nodes.push([firstChild, all.length]); all += firstChild.data;
  }
  const start = all.indexOf(words), end = start + words.length;
  if (start < 0) throw new Error('no such words: ' + words);
  const at = (place, last) => nodes.filter(([, from]) => last ? from < place : from <= place).pop();
  const [first, a] = at(start, false), [last, b] = at(end, true);
  getSelection().setBaseAndExtent(first, start - a, last, end - b);
  root.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }));
}"""


@pytest.fixture
def bench(page: Page, served: Served, request: pytest.FixtureRequest) -> Callable[..., Bench]:
    """Opens the workbench on an interview of its own project."""

    def make(text: str | None = None) -> Bench:
        project = request.node.name
        store, numbers = desk(served.settings, *([text] if text else []), project=project)
        request.addfinalizer(store.close)
        return Bench(page, served, store, numbers[0], project).open()

    return make

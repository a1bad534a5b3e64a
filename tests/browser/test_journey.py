"""The whole way through the true app: a Word file in, reviewed by key, the coded CSV out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from conftest import Bench, Served, serve
from playwright.sync_api import Page, expect

from coder import services
from coder.export import csv as coded_csv
from coder.load import load_conventions
from coder.model.review import Status
from coder.model.text import Role
from coder.settings import Settings

TRAINING = 900_000  # milliseconds: the first import waits for the model to be trained
SAMPLES = ("001-bus-dispatch", "002-pharmacy", "003-power-repair")
LABELS = {Role.INTERVIEWER: "访谈者", Role.INTERVIEWEE: "受访者", Role.OTHER: "同事"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    home = tmp_path_factory.mktemp("true-home")
    with serve(home, lambda port: [*command, "--server.port", str(port)]) as running:
        yield running


@pytest.fixture
def interview(tmp_path: Path, app: Served) -> Path:
    """A Word file of three interviews' turns, with signs outside of the basic plane early in it."""
    document = docx.Document()
    document.add_paragraph("访谈者：先说说您自己。")
    document.add_paragraph("受访者：我姓𠮷😀，大家都叫我老𠮷😀。")
    conventions = load_conventions(app.settings.lexicon)
    for name in SAMPLES:
        path = app.settings.samples / "transcripts" / f"{name}.txt"
        transcript = services.prepare(path, conventions, app.settings.max_bytes)
        for turn in transcript.turns:
            document.add_paragraph(f"{LABELS[turn.role]}：{transcript.of(turn.span)}")
    file = tmp_path / "访谈.docx"
    document.save(str(file))
    return file


def import_file(page: Page, app: Served, file: Path) -> None:
    page.goto(app.url)
    page.locator("input[type=file]").set_input_files(str(file))
    page.get_by_role("button", name="编码并开始复核").click()
    page.wait_for_selector(".bei-tag", timeout=TRAINING)


def review(at: Bench) -> None:
    """Accept one, amend the level of one, reject one, add one."""
    at.press("a")
    level = at.page.locator(".bei-anchor:not(.bei-anchor-on)").first.locator("b").inner_text()[1:]
    at.press(*level.replace("−", "-"), "a", "x").saved()
    at.select("𠮷😀，大家")
    at.press("c")
    at.page.keyboard.type("zwkz2")
    at.press("Enter", "a").saved()


def test_journey_from_a_word_file_to_the_coded_csv(page: Page, app: Served, interview: Path) -> None:
    import_file(page, app, interview)
    store = services.open_store(Settings.from_environ({"CODER_HOME": str(app.settings.home)}))
    [row] = services.list_interviews(store, services.DEFAULT_PROJECT)
    at = Bench(page, app, store, row.id, services.DEFAULT_PROJECT)
    assert row.total > 45
    review(at)
    decided = services.list_interviews(store, services.DEFAULT_PROJECT)[0].decided
    assert decided == 4

    at.press(*("a" if number % 4 else "x" for number in range(40))).saved()
    assert services.list_interviews(store, services.DEFAULT_PROJECT)[0].decided == decided + 40

    at.open()
    expect(page.locator(".bei-progress b")).to_have_text(f"{decided + 40} / {row.total + 1}")
    statuses = [item.status for item in at.items()]
    assert {Status.ACCEPTED, Status.AMENDED, Status.REJECTED, Status.ADDED} <= set(statuses)

    page.get_by_role("link", name="导出").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 CSV").click()
    rows = coded_csv.read(download.value.path())
    assert len(rows) == len(statuses)
    assert all(coding.text == at.text()[coding.span.start : coding.span.end] for coding in rows)
    assert "𠮷😀，大家" in [coding.text for coding in rows]
    store.close()

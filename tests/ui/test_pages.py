"""Each page by AppTest: what it shows, what its buttons do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from desk import desk, words
from messages import entry, message
from streamlit.testing.v1 import AppTest

from coder import engine, services
from coder.errors import StoreError
from coder.export import csv as coded_csv
from coder.model.text import Role
from coder.services import DEFAULT_PROJECT, TOUR_PROJECT
from coder.settings import Settings
from coder.ui import found, quality, state
from coder.ui.pane import protocol

ROOT = Path(__file__).resolve().parent.parent.parent


def page(name: str, **session: object) -> AppTest:
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in session.items():
        test.session_state[key] = value
    test.run()
    return test if name == "transcripts" else test.switch_page(f"coder/ui/pages/{name}.py").run()


def fine(test: AppTest) -> AppTest:
    assert not test.exception, test.exception[0].message
    return test


# ── the entrance ──────────────────────────────────────────────────────────────────────────────────


def test_ui_app_starts_on_an_empty_database(settings: Settings) -> None:
    test = fine(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run())
    assert test.title[0].value == "访谈稿"
    assert test.selectbox(key="project").value == DEFAULT_PROJECT
    assert test.text_input(key="annotator").value == "我"


def test_ui_app_shows_own_project_before_the_tour(settings: Settings) -> None:
    desk(settings, project=TOUR_PROJECT)
    desk(settings, words(20), project="甲方")
    test = fine(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run())
    assert test.selectbox(key="project").value == "甲方"


def test_ui_app_takes_annotator_and_project_from_the_address(settings: Settings) -> None:
    desk(settings)
    desk(settings, words(20), project="甲方")
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    test.query_params["project"], test.query_params["who"] = DEFAULT_PROJECT, "李"
    test.run()
    assert fine(test).selectbox(key="project").value == DEFAULT_PROJECT
    assert test.text_input(key="annotator").value == "李"


def test_ui_app_removes_the_tour_with_one_click(settings: Settings) -> None:
    store, _ = desk(settings, project=TOUR_PROJECT)
    test = fine(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run())
    next(button for button in test.button if button.label == "移除导览").click()
    fine(test.run())
    assert TOUR_PROJECT not in [row.name for row in services.list_projects(store)]


def test_ui_app_says_a_broken_database_in_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.home.mkdir(exist_ok=True)
    (settings.home / "coder.sqlite3").write_bytes(b"no database" * 500)
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not test.exception
    assert "不是 SQLite 数据库" in test.error[0].value


# ── 访谈稿 ────────────────────────────────────────────────────────────────────────────────────────


def test_ui_transcripts_imports_pasted_text(settings: Settings) -> None:
    test = fine(page("transcripts"))
    test.text_area(key="text-0").set_value(words(12))
    fine(test.run())
    next(button for button in test.button if button.label == "编码并开始复核").click()
    fine(test.run())
    rows = services.list_interviews(state.desk().store, DEFAULT_PROJECT)
    assert [(row.name, row.interviewee, row.total) for row in rows] == [("粘贴.txt", "粘贴", 12)]


def test_ui_transcripts_opens_a_single_interview_for_review(settings: Settings) -> None:
    test = fine(page("transcripts"))
    test.text_area(key="text-0").set_value(words(12))
    fine(test.run())
    next(button for button in test.button if button.label == "编码并开始复核").click()
    fine(test.run())
    assert test.selectbox(key="interview").value == 1
    assert [button.proto.label for button in test.get("download_button")] == ["下载 CSV"]


def test_ui_transcripts_keeps_the_reason_of_one_that_failed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise StoreError("数据库", "磁盘已满", "请腾出空间后再导入")

    test = fine(page("transcripts"))
    test.text_area(key="text-0").set_value(words(12))
    fine(test.run())
    monkeypatch.setattr(services, "import_interview", full)
    next(button for button in test.button if button.label == "编码并开始复核").click()
    fine(test.run())
    assert [error.value for error in test.error] == ["粘贴.txt：数据库：磁盘已满；请腾出空间后再导入"]


def test_ui_transcripts_says_what_to_do_in_an_empty_project(settings: Settings) -> None:
    test = fine(page("transcripts"))
    assert "拖进上面的框" in test.info[0].value


def test_ui_transcripts_tells_the_limit_in_force(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODER_MAX_MEGABYTES", "7")
    test = fine(page("transcripts"))
    assert test.get("file_uploader")[0].proto.max_upload_size_mb == 7
    assert any("每份最大 7 MB" in block.proto.body for block in test.get("html"))


def test_ui_transcripts_leads_to_the_next_undecided_interview(settings: Settings) -> None:
    store, numbers = desk(settings, words(12), words(24))
    services.mark_done(store, numbers[0])
    test = fine(page("transcripts"))
    next(button for button in test.button if button.label.startswith("继续复核：访谈2")).click()
    fine(test.run())
    assert test.selectbox(key="interview").value == numbers[1]


def test_ui_transcripts_recognises_a_duplicate(settings: Settings) -> None:
    desk(settings, words(12))
    test = fine(page("transcripts"))
    test.text_area(key="text-0").set_value(words(12))
    fine(test.run())
    assert any("相同" in warning.value for warning in test.warning)
    button = next(button for button in test.button if button.label.startswith("编码"))
    assert button.disabled


def test_ui_transcripts_tells_an_unreadable_text_in_one_line(settings: Settings) -> None:
    test = fine(page("transcripts"))
    test.text_area(key="text-0").set_value("\0\1\2\3" * 200)
    fine(test.run())
    assert len(test.error) == 1
    assert "粘贴.txt" in test.error[0].value


def test_ui_transcripts_swaps_roles(settings: Settings) -> None:
    test = fine(page("transcripts"))
    test.text_area(key="text-0").set_value(words(12))
    fine(test.run())
    test.button(key="swap-pasted-0").click()
    fine(test.run())
    assert test.selectbox(key="role-pasted-0-受访者").value == Role.INTERVIEWER
    assert test.selectbox(key="role-pasted-0-访谈者").value == Role.INTERVIEWEE


def test_ui_transcripts_deletes_after_asking(settings: Settings) -> None:
    store, [number] = desk(settings)
    test = fine(page("transcripts"))
    assert services.list_interviews(store, DEFAULT_PROJECT)
    test.button(key=f"delete-{number}").click()
    fine(test.run())
    assert not services.list_interviews(store, DEFAULT_PROJECT)


# ── 复核 ──────────────────────────────────────────────────────────────────────────────────────────


def test_ui_review_opens_the_first_open_interview(settings: Settings) -> None:
    store, numbers = desk(settings, words(12), words(24))
    services.mark_done(store, numbers[0])
    test = fine(page("review"))
    assert test.selectbox(key="interview").value == numbers[1]


def test_ui_review_goes_on_to_the_next_undecided_interview(settings: Settings) -> None:
    store, numbers = desk(settings, words(12), words(24), words(18))
    services.mark_done(store, numbers[1])
    test = fine(page("review", interview=numbers[0]))
    next(button for button in test.button if button.label == "下一份").click()
    assert fine(test.run()).selectbox(key="interview").value == numbers[2]


def test_ui_review_has_no_next_when_all_others_are_finished(settings: Settings) -> None:
    desk(settings, words(12))
    test = fine(page("review"))
    assert next(button for button in test.button if button.label == "下一份").disabled


def test_ui_review_of_an_empty_project_points_to_the_first_step(settings: Settings) -> None:
    test = fine(page("review"))
    assert "还没有访谈稿" in test.info[0].value


@pytest.mark.parametrize("name", ["transcripts", "search", "codebook", "export", "model"])
def test_ui_every_page_can_deliver_decisions(settings: Settings, name: str) -> None:
    desk(settings, words(12))
    kinds = [element.proto.component_name for element in fine(page(name)).get("bidi_component")]
    assert kinds == ["bei_link"]


def test_ui_review_keeps_the_workbench_s_shape(settings: Settings) -> None:
    desk(settings, words(12))
    test = fine(page("review"))
    kinds = [element.proto.component_name for element in test.get("bidi_component")]
    assert kinds == ["bei_link", "bei_pane"]


# ── 检索 · 导出 · 词典 · 模型 ─────────────────────────────────────────────────────────────────────


def test_ui_search_filters_by_competency(settings: Settings) -> None:
    desk(settings)
    test = fine(page("search"))
    everything = len(test.dataframe[0].value)
    test.multiselect[0].set_value(["INFO"])
    fine(test.run())
    assert 0 < len(test.dataframe[0].value) < everything
    assert set(test.dataframe[0].value["代码"]) == {"INFO"}


def test_ui_search_filters_by_text(settings: Settings) -> None:
    desk(settings)
    test = fine(page("search"))
    test.text_input[0].set_value("𠮷野家")
    fine(test.run())
    assert list(test.dataframe[0].value["原文"]) == ["😀𠮷野家那次我先去了库房。"]


def test_ui_search_of_an_empty_project_points_to_the_first_step(settings: Settings) -> None:
    assert "还没有编码" in fine(page("search")).info[0].value


def test_ui_export_leaves_out_undecided_on_demand(settings: Settings) -> None:
    store, [number] = desk(settings)
    view = services.open_interview(store, number)
    protocol.answer(store, state.desk().codebook, message(view, entry(view)))
    test = fine(page("export"))
    test.checkbox[0].uncheck()
    fine(test.run())
    assert any(caption.value.startswith("1 行") for caption in test.caption)


def test_ui_found_file_is_the_coded_csv(settings: Settings) -> None:
    desk(settings)
    codings = found.project_codings()
    text = services.open_interview(state.desk().store, 1).transcript.text
    rows = coded_csv.parse(found.file_of(codings), "a.csv")
    assert len(rows) == len(codings)
    assert all(row.text == text[row.span.start : row.span.end] for row in rows)


def test_ui_codebook_shows_anchors_with_their_source(settings: Settings) -> None:
    test = fine(page("codebook"))
    assert {"等级", "锚定描述", "出处"} == set(test.table[0].value.columns)
    assert set(test.table[0].value["出处"]) <= {"已核实", "转述"}


def test_ui_model_shows_its_version(settings: Settings) -> None:
    state.engine_loader().wait(30)
    test = fine(page("model"))
    assert test.metric[0].value == "fake"


REPORT = {
    "program": {"interviews": 120, "CA": 0.52, "R": 0.68, "level_within_1": 0.83},
    "hits": {"spans": 900, "hit@1": 0.6, "hit@3": 0.85},
    "codability_auc": 0.88,
    "calibration": {"n": 500, "ECE": 0.03, "diagram": [{"n": 40, "confidence": 0.35, "agreed": 0.3}]},
    "baselines": {"majority": {"CA": 0.05}, "lexicon_only": {"CA": 0.31}, "tfidf_lr": {"CA": 0.4}},
    "by_competency": {
        "ACH": {"agreed": 10, "ours": 20, "theirs": 22, "F1": 0.48},
        "OLD": {"agreed": 0, "ours": 0, "theirs": 2, "F1": None},
    },
    "double_coding": {"CA": 0.66},
    "learning_curve": [
        {"interviews": 15, "CA": 0.3, "hit@3": 0.6},
        {"interviews": 120, "CA": 0.52, "hit@3": 0.85},
    ],
}


@pytest.fixture
def samples(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A samples folder of one's own."""
    folder = settings.home / "samples"
    folder.mkdir()
    monkeypatch.setenv("CODER_SAMPLES", str(folder))
    return folder


def test_ui_model_shows_measured_quality_beside_baselines_and_double_coding(samples: Path) -> None:
    (samples / "quality.json").write_text(json.dumps(REPORT), encoding="utf-8")
    test = fine(page("model"))
    row = test.table[0].value.iloc[0]
    assert list(row) == ["归类一致性 CA", "0.52", "0.66", "0.05", "0.31", "0.40"]
    assert test.subheader[0].value == "质量（合成语料，折外）"
    assert len(test.get("vega_lite_chart") + test.get("arrow_vega_lite_chart")) == 3


def test_ui_model_shows_quality_without_double_coding_and_curve(samples: Path) -> None:
    short = {**REPORT, "double_coding": None}
    del short["learning_curve"]
    (samples / "quality.json").write_text(json.dumps(short), encoding="utf-8")
    test = fine(page("model"))
    assert test.table[0].value["双编码"].iloc[0] == "–"
    assert len(test.get("vega_lite_chart") + test.get("arrow_vega_lite_chart")) == 2


@pytest.mark.parametrize("content", [None, "{", "[]", '{"program": {}}'])
def test_ui_model_without_a_report_says_how_to_get_one(samples: Path, content: str | None) -> None:
    if content is not None:
        (samples / "quality.json").write_text(content, encoding="utf-8")
    assert any("coder evaluate --json" in caption.value for caption in fine(page("model")).caption)


def test_ui_quality_charts_say_what_they_measure(knowledge: engine.Knowledge) -> None:
    charts = (
        quality.competencies(REPORT, knowledge.codebook),
        quality.reliability(REPORT),
        quality.curve(REPORT["learning_curve"]),  # type: ignore[arg-type]
    )
    assert all("合成语料，折外" in chart.to_dict()["title"] for chart in charts)

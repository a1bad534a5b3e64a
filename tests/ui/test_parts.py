"""Speakers, loading of the engine, and the files of an export."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from desk import desk, words

from coder import engine, services
from coder.errors import CoderError, ModelError
from coder.model.text import Role
from coder.services import DEFAULT_PROJECT
from coder.settings import Settings
from coder.ui import found, loading, state, widgets
from coder.ui.speakers import proposed_interviewee, relabel, speakers, variables_of

ROOT = Path(__file__).resolve().parent.parent.parent


def test_ui_speakers_merge_under_one_name(settings: Settings) -> None:
    conventions = state.desk().conventions
    text = "张三：您讲讲。\n李四：我去了库房。\n小李：我又看了一遍。\n".encode()
    read = services.prepare_bytes(text, "a.txt", conventions, 10_000)
    merged = relabel(
        read, {"小李": "李四"}, {"小李": Role.INTERVIEWEE, "李四": Role.INTERVIEWEE}, conventions
    )
    assert [speaker.name for speaker in speakers(merged)] == ["张三", "李四"]
    assert merged.text == read.text


def test_ui_speakers_propose_the_file_for_a_plain_label(settings: Settings) -> None:
    conventions = state.desk().conventions
    read = services.prepare_bytes(words(12).encode(), "王主任.txt", conventions, 10_000)
    assert proposed_interviewee(read, conventions) == "王主任"


def test_ui_variables_leave_out_what_is_no_pair() -> None:
    assert variables_of("部门=销售；年资＝5，随便") == {"部门": "销售", "年资": "5"}


def test_ui_loader_tells_a_failure() -> None:
    def broken(progress: loading.Progress) -> object:
        progress(0.5, "读语料")
        raise engine.ModelError("模型", "训练语料为空", "请检查 samples/")

    loader = loading.EngineLoader(broken)  # type: ignore[arg-type]
    assert loader.wait(10)
    assert loader.engine is None
    assert loader.error == "模型：训练语料为空；请检查 samples/"
    assert loader.fraction == 0.5


class Child:
    """Stands in for the training process."""

    def __init__(self, *lines: str, returncode: int = 0) -> None:
        self.stdout, self.returncode = iter(lines), returncode

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def test_ui_training_tells_the_child_s_progress(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ('[0.01, "读语料"]\n', "noise of a library\n", '[1.0, "就绪"]\n')
    monkeypatch.setattr(loading, "_child", lambda _: Child(*lines))
    told: list[tuple[float, str]] = []
    loading.train_beside(settings, lambda fraction, text: told.append((fraction, text)))
    assert [text for _, text in told] == ["读语料", "就绪"]
    assert told[-1][0] < 1


@pytest.mark.parametrize(
    ("child", "words"),
    [
        (Child('[-1.0, "samples：语料为空；请检查"]\n', returncode=1), "samples：语料为空；请检查"),
        (Child(returncode=-9), "模型：训练中断（-9）；请点“重试”"),
    ],
)
def test_ui_training_tells_the_child_s_failure(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, child: Child, words: str
) -> None:
    monkeypatch.setattr(loading, "_child", lambda _: child)
    with pytest.raises(ModelError) as caught:
        loading.train_beside(settings, lambda *_: None)
    assert str(caught.value) == words


def test_ui_training_child_gives_an_error_in_one_line(settings: Settings, tmp_path: Path) -> None:
    lost = replace(settings, lexicon=tmp_path / "no-lexicon")
    with pytest.raises(CoderError) as caught:
        loading.train_beside(lost, lambda *_: None)
    assert "no-lexicon" in str(caught.value) or "spencer" in str(caught.value)


def test_ui_engine_is_trained_beside_only_when_no_model_fits(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, knowledge: engine.Knowledge
) -> None:
    trained: list[Settings] = []
    monkeypatch.setattr(loading, "train_beside", lambda settings, _: trained.append(settings))
    loading.prepare(settings, knowledge, lambda *_: None)
    assert not trained
    monkeypatch.setattr(engine, "wanted_model", lambda *_: settings.home / "none.skops")
    loading.prepare(settings, knowledge, lambda *_: None)
    assert trained == [settings]


def test_ui_undone_goes_round(settings: Settings) -> None:
    store, numbers = desk(settings, words(12), words(24), words(18))
    rows = services.list_interviews(store, DEFAULT_PROJECT)
    assert [widgets.undone(rows, number).id for number in numbers] == [*numbers[1:], numbers[0]]  # type: ignore[union-attr]
    assert widgets.undone(rows[:1], numbers[0]) is None


def test_ui_file_of_an_export_is_written_to_a_stream(settings: Settings) -> None:
    assert BytesIO(found.file_of(())).read(3) == b"\xef\xbb\xbf"

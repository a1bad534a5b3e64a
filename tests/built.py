"""Values for tests: each builder hides what the test does not speak of."""

from __future__ import annotations

from datetime import UTC, datetime

from coder.model.codebook import Cluster, Codebook, Competency, Dimension, Label, Level, Mapping, MappingItem
from coder.model.review import Coding, Decision, Draft, Source, Status, Verdict
from coder.model.suggestion import Evidence, Reason, Run, Suggestion, Uncoded
from coder.model.text import Event, Role, Sentence, Span, Transcript, Turn

TEXT = "访谈者：您说说。\n受访者：我𠮷😀当天就去了库房，一箱一箱看。领导没说话。\n"
NOON = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


def spot(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


WENT, LOOKED, BOSS = spot("我𠮷😀当天就去了库房，"), spot("一箱一箱看。"), spot("领导没说话。")


def transcript(name: str = "甲.txt", text: str = TEXT) -> Transcript:
    """An interview of two turns and three sentences; other texts get no layers."""
    if text != TEXT:
        return Transcript(name, text)
    ask, answer = spot("您说说。"), Span(WENT.start, BOSS.end)
    return Transcript(
        name,
        text,
        hints=(spot("访谈者"),),
        turns=(
            Turn(1, "访谈者", Role.INTERVIEWER, ask, spot("访谈者："), "00:12"),
            Turn(2, "受访者", Role.INTERVIEWEE, answer),
        ),
        sentences=(
            Sentence(1, 1, Role.INTERVIEWER, ask),
            Sentence(2, 2, Role.INTERVIEWEE, WENT, 1),
            Sentence(3, 2, Role.INTERVIEWEE, LOOKED, 1),
            Sentence(4, 2, Role.INTERVIEWEE, BOSS, 1),
        ),
        events=(Event(1, answer, "库房"),),
        interviewee="P01",
        group="优秀",
        variables={"年龄": "35"},
        warnings=("角色是猜的",),
    )


def suggestion(label: str = "INFO.A.2", span: Span = WENT, confidence: float = 0.8) -> Suggestion:
    evidence = Evidence("indicator", "指标 INFO-012「当天就去」", spot("当天就去"), 0.5)
    words = Evidence("words", "词 库房")
    alternatives = (("INFO", 0.8), ("CO", 0.1))
    return Suggestion(span, 2, 1, Label.parse(label), confidence, (evidence, words), alternatives)


def run(*suggestions: Suggestion, threshold: float = 0.5) -> Run:
    uncoded = (Uncoded(BOSS, Reason.OTHER, "主语是领导"),)
    return Run("mini", "1.0", "lex1", "model1", "0.1.0", threshold, suggestions or (suggestion(),), uncoded)


def codebook() -> Codebook:
    def competency(code: str, name: str, *levels: int) -> Competency:
        steps = tuple(Level(level, f"{code} {level}", "recalled") for level in levels)
        return Competency(code, name, "c", "", (Dimension("A", "强度", steps),), suggested=code != "OTH")

    competencies = (
        competency("INFO", "信息收集", -1, 0, 1, 2, 3, 4),
        competency("CO", "关注秩序", -1, 0, 1, 2),
        competency("OTH", "其他", 0, 1),
    )
    cluster = Cluster("c", "类群", "#333333")
    return Codebook("mini", "1.0", "小手册", "", "spencer", (cluster,), competencies)


def model() -> Mapping:
    items = (MappingItem("K1", "调研", "", ("INFO",)), MappingItem("K2", "严谨", "", ("INFO", "CO")))
    return Mapping("bank", "1", "银行模型", "", "mini", items)


def draft(label: str = "INFO.A.2", span: Span = WENT, memo: str = "") -> Draft:
    return Draft(span, Label.parse(label), memo)


ITEM = f"{WENT.start}-{WENT.end}-INFO.A.2"


def decision(
    verdict: Verdict = Verdict.ACCEPT,
    number: int = 1,
    after: Draft | None = None,
    before: Draft | None = None,
    item: str = ITEM,
    annotator: str = "李",
    client: str = "c1",
    undoes: int | None = None,
    before_status: Status | None = None,
) -> Decision:
    target = None if undoes is None else (client, undoes)
    return Decision(client, number, item, annotator, verdict, before, after, NOON, target, before_status)


def coding(**values: object) -> Coding:
    given: dict[str, object] = {
        "transcript": "甲.txt",
        "interviewee": "P01",
        "group": "优秀",
        "event": 1,
        "turn": 2,
        "span": Span(0, 3),
        "text": "我去了",
        "label": Label("INFO", "A", 2),
        "confidence": 0.8,
        "status": Status.SUGGESTED,
        "annotator": "",
        "source": Source.SUGGESTION,
        "evidence": "指标 INFO-012",
        "memo": "",
        "codebook": "mini",
        "codebook_version": "1.0",
        "model_version": "model1",
    }
    return Coding(**{**given, **values})  # type: ignore[arg-type]

"""What must hold of the corpus; each check gives its problems in words, none when it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import mean

from coder.corpus import Corpus, Example, Interview
from coder.model.text import Role
from coder.samples.alike import alike
from coder.samples.files import Header, Limits
from coder.samples.speech import Speech, is_noisy, is_traditional, layout, own_words

GROUPS = ("优秀", "普通")


def headers(found: Iterable[Header]) -> Iterator[str]:
    """Ids, trades, groups and names are there, ids are the file's name, all is marked synthetic."""
    for header in found:
        if header.id != header.stem:
            yield f"{header.stem}：id 是 {header.id}，应与文件同名"
        if not header.synthetic:
            yield f"{header.stem}：没有标 synthetic: true"
        if header.group not in GROUPS:
            yield f"{header.stem}：组别 {header.group}，应是{'或'.join(GROUPS)}"
        if not header.trade or not header.interviewee:
            yield f"{header.stem}：缺行业或受访者"


def spans(interviews: Iterable[Interview], found: Iterable[Header]) -> Iterator[str]:
    """Events and reasons lie inside the text (that codings do is checked in reading)."""
    events = {header.id: header.events for header in found}
    for interview in interviews:
        end = len(interview.transcript.text)
        for span in (*events.get(interview.id, ()), *(span for span, _ in interview.reasons)):
            if not span or span.end > end:
                yield f"{interview.id}：区间 [{span.start},{span.end}) 是空的或超出文字（{end} 字）"


def roles(interviews: Iterable[Interview]) -> Iterator[str]:
    """Every coded character is the interviewee's, by the roles that the program infers."""
    for interview in interviews:
        transcript = interview.transcript
        own = [turn.span for turn in transcript.turns if turn.role is Role.INTERVIEWEE]
        for span in {coding.span for coding in interview.codings}:
            covered = sum(span.overlap(turn) for turn in own)
            if covered < len(span):
                yield f"{interview.id}：编码 [{span.start},{span.end}) 不全是受访者的话"


def covered(speech: Mapping[str, Speech], least: float) -> Iterator[str]:
    """At least this share of the interviewee sentences has a coding or a reason."""
    share = covered_share(speech)
    if share < least:
        yield f"有编码或理由的句子只占 {share:.1%}，应至少 {least:.0%}"


def covered_share(speech: Mapping[str, Speech]) -> float:
    """The share of interviewee sentences with a coding or a reason."""
    return mean(said.codable or said.reasoned for own in speech.values() for said in own)


def codable(speech: Mapping[str, Speech], between: tuple[float, float]) -> Iterator[str]:
    """The interviews' mean share of codable sentences lies in this range."""
    share = mean(codable_shares(speech))
    if not between[0] <= share <= between[1]:
        yield f"可编码句平均占 {share:.1%}，应在 {between[0]:.0%}–{between[1]:.0%}"


def codable_shares(speech: Mapping[str, Speech]) -> list[float]:
    """The share of codable sentences of each interview."""
    return [mean(said.codable for said in own) for own in speech.values() if own]


def rates(
    speech: Mapping[str, Speech], utterances: Sequence[Example], words: Iterable[str]
) -> dict[str, tuple[float, float]]:
    """How often each word occurs in 1,000 characters of codable and of not codable speech."""
    texts: dict[bool, list[str]] = {True: [], False: []}
    for said in (said for own in speech.values() for said in own):
        texts[said.codable].append(said.text)
    for example in utterances:
        texts[example.code is not None].append(example.context.text)
    joined = {codable: "\n".join(own) for codable, own in texts.items()}
    return {word: (_rate(word, joined[True]), _rate(word, joined[False])) for word in words}


def _rate(word: str, text: str) -> float:
    return 1000 * text.count(word) / len(text) if text else 0.0


def manual_words(
    speech: Mapping[str, Speech], utterances: Sequence[Example], words: Iterable[str]
) -> Iterator[str]:
    """No word of competency manuals is more frequent in codable speech than in the rest."""
    for word, (inside, outside) in rates(speech, utterances, words).items():
        if inside > outside:
            yield f"手册词“{word}”在可编码的话里更多：每千字 {inside:.3f} 对 {outside:.3f}"


def different(corpus: Corpus, limits: Limits) -> Iterator[str]:
    """No two interviews and no two utterances are nearly the same."""
    interviews = [own_words(interview.transcript) for interview in corpus.interviews]
    for score, a, b in alike(interviews, limits.alike_interviews):
        yield f"{corpus.interviews[a].id} 与 {corpus.interviews[b].id} 太像（{score:.2f}）"
    texts = [example.context.text for example in corpus.utterances]
    for score, a, b in alike(texts, limits.alike_utterances):
        yield f"单句“{texts[a][:20]}…”与“{texts[b][:20]}…”太像（{score:.2f}）"


def splits(corpus: Corpus) -> Iterator[str]:
    """Each trade is in one part; part 0 and the utterances set aside for validation are of one mind."""
    parts = Counter(trade for part in corpus.folds for trade in part)
    for trade, count in parts.items():
        if count > 1:
            yield f"行业 {trade} 在 {count} 折里"
    aside: dict[str, set[bool]] = {}
    for example in corpus.utterances:
        aside.setdefault(example.trade, set()).add(example.validation)
    for trade, found in aside.items():
        wanted = {trade in corpus.folds[0]} if trade in parts else found
        if len(found) > 1 or found != wanted:
            yield f"行业 {trade} 的单句没有整体归入{'验证' if True in wanted else '训练'}部分"


def enough(corpus: Corpus, limits: Limits, doubles: frozenset[str], codes: Iterable[str]) -> Iterator[str]:
    """There are enough interviews of every kind, codings of every competency, utterances."""
    transcripts = [interview.transcript for interview in corpus.interviews]
    coded = sum(example.code is not None for example in corpus.utterances)
    traditional = sum(is_traditional(t, limits.traditional_characters) for t in transcripts)
    wanted = (
        ("访谈", len(transcripts), limits.interviews),
        ("行业", len({interview.trade for interview in corpus.interviews}), limits.trades),
        ("版式", len({layout(t) for t in transcripts}), limits.layouts),
        ("繁体访谈", traditional, limits.traditional),
        ("语音转写的访谈", sum(is_noisy(t, limits.full_stops) for t in transcripts), limits.noisy),
        ("双编码的访谈", sum(i.id in doubles for i in corpus.interviews), limits.double),
        ("可编码的单句", coded, limits.codable_utterances),
        ("不可编码的单句", len(corpus.utterances) - coded, limits.not_codable_utterances),
    )
    yield from (f"{name}只有 {count}，应至少 {least}" for name, count, least in wanted if count < least)
    counts = codings(corpus.interviews)
    for code in codes:
        if counts[code] < limits.codings:
            yield f"{code} 在访谈里只有 {counts[code]} 处编码，应至少 {limits.codings}"
    share = mean(t.group == GROUPS[0] for t in transcripts)
    if not limits.superior_share[0] <= share <= limits.superior_share[1]:
        yield f"优秀组占 {share:.0%}，应约一半"


def codings(interviews: Iterable[Interview]) -> Counter[str]:
    """How often each competency is coded (dimension A) in these interviews."""
    return Counter(
        c.label.competency for interview in interviews for c in interview.codings if c.label.dimension == "A"
    )

"""The corpus in figures: trade × competency × level, kinds of interviews, words of manuals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import mean, median

from coder.corpus import Corpus
from coder.samples import checks
from coder.samples.files import Limits
from coder.samples.speech import Speech, is_noisy, is_traditional, layout

_WIDE = 0x2E80


def summary(corpus: Corpus, speech: Mapping[str, Speech], limits: Limits, doubles: int) -> list[str]:
    """How many interviews of which kind, how much of them is coded, how many utterances."""
    interviews = corpus.interviews
    transcripts = [interview.transcript for interview in interviews]
    lengths = sorted(len(t.text) for t in transcripts)
    groups = Counter(t.group for t in transcripts)
    noisy = sum(is_noisy(t, limits.full_stops) for t in transcripts)
    traditional = sum(is_traditional(t, limits.traditional_characters) for t in transcripts)
    shares = checks.codable_shares(speech)
    codings = checks.codings(interviews).total()
    return [
        f"合成访谈 {len(interviews)} 篇，行业 {len({i.trade for i in interviews})} 个，"
        f"{'，'.join(f'{name} {count}' for name, count in sorted(groups.items()))}，双编码 {doubles} 篇",
        f"版式 {len({layout(t) for t in transcripts})} 种，繁体 {traditional} 篇，语音转写 {noisy} 篇，"
        f"字数 {lengths[0]}–{lengths[-1]}（中位 {median(lengths):.0f}）",
        f"A 维编码 {codings} 处（每篇 {codings / len(interviews):.1f}），受访者句 "
        f"{sum(len(own) for own in speech.values())}，可编码句平均占 {mean(shares):.1%}"
        f"（{min(shares):.0%}–{max(shares):.0%}），有编码或理由 {checks.covered_share(speech):.2%}",
        *_utterances(corpus),
    ]


def _utterances(corpus: Corpus) -> list[str]:
    counts = Counter((u.validation, u.code is not None) for u in corpus.utterances)
    trades = len({u.trade for u in corpus.utterances})
    return [
        f"单句 {len(corpus.utterances)}，行业 {trades} 个："
        + "，".join(
            f"{'验证' if aside else '训练'} {counts[aside, True] + counts[aside, False]}"
            f"（可编码 {counts[aside, True]}，不可 {counts[aside, False]}）"
            for aside in (False, True)
        )
    ]


def by_level(corpus: Corpus, codes: Sequence[str], least: int) -> list[str]:
    """Competency × level: codings in interviews + utterances."""
    spoken: dict[str, Counter[int]] = defaultdict(Counter)
    single: dict[str, Counter[int]] = defaultdict(Counter)
    for code, level in _coded(corpus):
        spoken[code][level] += 1
    for example in corpus.utterances:
        if example.code and example.level is not None:
            single[example.code][example.level] += 1
    levels = sorted({level for own in (*spoken.values(), *single.values()) for level in own})
    head = _row("代码", [str(level) for level in levels], ["访谈", "单句"])
    lines = ["胜任特征 × 等级（访谈编码+单句）", head]
    for code in codes:
        cells = [_cell(spoken[code][level], single[code][level]) for level in levels]
        total = spoken[code].total()
        short = f"  不足 {least}" if total < least else ""
        lines.append(_row(code, cells, [str(total), str(single[code].total())]) + short)
    totals = [str(sum(own.total() for own in table.values())) for table in (spoken, single)]
    return [*lines, _row("合计", [""] * len(levels), totals)]


def _coded(corpus: Corpus) -> Iterable[tuple[str, int]]:
    for interview in corpus.interviews:
        for coding in interview.codings:
            if coding.label.dimension == "A" and coding.label.level is not None:
                yield coding.label.competency, coding.label.level


def _cell(spoken: int, single: int) -> str:
    return f"{spoken}+{single}" if spoken or single else "·"


def _row(head: str, cells: Iterable[str], totals: Iterable[str]) -> str:
    return _fill(head, 5) + "".join(_fill(c, 7, left=False) for c in (*cells, *totals))


def by_trade(corpus: Corpus, codes: Sequence[str]) -> list[str]:
    """One line a trade: interviews, utterances, and each competency's levels (×n where several)."""
    interviews = Counter(interview.trade for interview in corpus.interviews)
    utterances = Counter(example.trade for example in corpus.utterances)
    levels: dict[str, dict[str, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    for interview in corpus.interviews:
        for coding in interview.codings:
            if coding.label.dimension == "A" and coding.label.level is not None:
                levels[interview.trade][coding.label.competency][coding.label.level] += 1
    for example in corpus.utterances:
        if example.trade in interviews and example.code and example.level is not None:
            levels[example.trade][example.code][example.level] += 1
    lines = ["行业（篇/句）：胜任特征 等级×次数；* 为验证行业"]
    for trade in sorted(interviews):
        star = "*" if trade in corpus.folds[0] else ""
        own = "；".join(f"{code} {_levels(levels[trade][code])}" for code in codes if levels[trade][code])
        lines.append(f"{trade}{star}（{interviews[trade]}/{utterances[trade]}）：{own}")
    others = [count for trade, count in utterances.items() if trade not in interviews]
    return [*lines, f"只有单句的行业 {len(others)} 个，共 {sum(others)} 句"]


def _levels(counts: Counter[int]) -> str:
    return " ".join(f"{level}×{n}" if n > 1 else str(level) for level, n in sorted(counts.items()))


def words(corpus: Corpus, speech: Mapping[str, Speech], manual: Iterable[str]) -> list[str]:
    """How often manual words occur in 1,000 characters of codable and other speech."""
    rates = checks.rates(speech, corpus.utterances, manual)
    pairs = [f"{word} {inside:.3f}/{outside:.3f}" for word, (inside, outside) in rates.items()]
    return ["手册词每千字（可编码/不可编码）", "，".join(pairs)]


def _fill(text: str, width: int, left: bool = True) -> str:
    """``text`` filled to a width in which a Chinese character takes two."""
    space = " " * max(0, width - sum(2 if ord(c) > _WIDE else 1 for c in text))
    return text + space if left else space + text

"""lexicon/{classes,indicators,cues,conventions} → Lexicon."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from coder.errors import DataError
from coder.load.located import Located, build, read_yaml
from coder.model.codebook import Codebook
from coder.model.lexicon import Conventions, Cue, Indicator, Lexicon
from coder.model.suggestion import Reason

PLACEHOLDER = re.compile(r"<([\u4e00-\u9fff]+)>")
_PARTS = ("codebooks", "classes", "indicators", "cues", "conventions")
_NOT = {"not": "misses"}


def load_lexicon(folder: Path, codebook: Codebook) -> Lexicon:
    """Everything of ``folder`` (lexicon/) that is matched; DataError with file, line and reason."""
    classes = load_classes(folder)
    return Lexicon(
        version=_version(folder),
        classes=classes,
        indicators=_load_indicators(folder / "indicators", classes, codebook),
        cues=_load_cues(folder / "cues", classes),
        conventions=load_conventions(folder),
    )


def load_conventions(folder: Path) -> Conventions:
    """How transcripts name their speakers and open events."""
    located = read_yaml(folder / "conventions" / "transcripts.yaml")
    for name in ("boilerplate", "event_openers", "event_returns", "event_closers", "self_openers"):
        for item in located.fields().get(name, located).items() if name in located.fields() else ():
            _compile(str(item.value()), item, {})
    return build(Conventions, located)


def load_classes(folder: Path) -> dict[str, tuple[str, ...]]:
    """The word classes that patterns name as ``<类>``."""
    classes: dict[str, tuple[str, ...]] = {}
    for path in sorted((folder / "classes").glob("*.yaml")):
        for name, place in read_yaml(path).fields().items():
            if name in classes:
                raise place.error(f"词类 {name} 已由别的文件定义", "请合并")
            classes[name] = tuple(str(item.value()) for item in place.items())
    return classes


def expand(pattern: str, classes: Mapping[str, tuple[str, ...]]) -> str:
    """The regular expression with each ``<类>`` replaced by its words, the longest first.

    KeyError for a class that does not exist.
    """

    def alternatives(match: re.Match[str]) -> str:
        words = sorted(classes[match.group(1)], key=lambda word: (-len(word), word))
        return "(?:" + "|".join(map(re.escape, words)) + ")"

    return PLACEHOLDER.sub(alternatives, pattern)


def _compile(pattern: str, place: Located, classes: Mapping[str, tuple[str, ...]]) -> None:
    try:
        compiled = re.compile(expand(pattern, classes))
    except KeyError as error:
        raise place.error(f"没有词类 <{error.args[0]}>", "请先在 lexicon/classes/ 定义") from None
    except re.error as error:
        raise place.error(f"正则写错：{error}", "请检查括号与转义") from None
    if compiled.match(""):
        raise place.error(f"这个模式连空文字都命中：{pattern}", "请写得具体些")


def _load_indicators(
    folder: Path, classes: Mapping[str, tuple[str, ...]], codebook: Codebook
) -> tuple[Indicator, ...]:
    found: dict[str, Indicator] = {}
    for path in sorted(folder.glob("*.yaml")):
        for place in read_yaml(path).items():
            indicator = build(Indicator, place, _NOT)
            fields = place.fields()
            _compile(indicator.pattern, fields["pattern"], classes)
            if indicator.label not in codebook or indicator.label.dimension != "A":
                raise fields["label"].error(f"没有等级 {indicator.label}", "请写手册里 A 维度的非零等级")
            if indicator.id in found:
                raise fields["id"].error(f"编号 {indicator.id} 重复", "请改编号")
            if not indicator.matches or not indicator.misses:
                raise place.error(f"{indicator.id} 缺少例句", "matches 与 not 各至少一句")
            found[indicator.id] = indicator
    return tuple(found.values())


def _load_cues(folder: Path, classes: Mapping[str, tuple[str, ...]]) -> tuple[Cue, ...]:
    found: dict[str, Cue] = {}
    for path in sorted(folder.glob("*.yaml")):
        for place in read_yaml(path).items():
            cue = build(Cue, place, _NOT)
            fields = place.fields()
            _compile(cue.pattern, fields["pattern"], classes)
            if cue.unless:
                _compile(cue.unless, fields["unless"], classes)
            if cue.reason not in set(Reason):
                raise fields["reason"].error(f"没有理由 {cue.reason}", f"可用：{'、'.join(Reason)}")
            if cue.id in found:
                raise fields["id"].error(f"编号 {cue.id} 重复", "请改编号")
            found[cue.id] = cue
    return tuple(found.values())


def _version(folder: Path) -> str:
    """Twelve hexadecimal digits that change with the codebook and any file that is matched."""
    digest = hashlib.sha256()
    for part in _PARTS:
        for path in sorted((folder / part).glob("*.yaml")):
            try:
                content = path.read_bytes()
            except OSError as error:
                raise DataError(str(path), f"读不了：{error.strerror}", "请检查权限") from None
            digest.update(path.name.encode() + b"\0" + content.replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]

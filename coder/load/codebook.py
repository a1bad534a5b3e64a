"""lexicon/codebooks and lexicon/mappings → Codebook, Mapping."""

from __future__ import annotations

from pathlib import Path

from coder.errors import DataError
from coder.load.located import Located, build, read_yaml
from coder.model.codebook import Codebook, Mapping

_EVIDENCE = ("verified", "recalled")


def load_codebook(path: Path) -> Codebook:
    """The codebook of one YAML file; DataError with file, line and reason when it breaks a rule."""
    located = read_yaml(path)
    codebook = build(Codebook, located)
    _check_codes(codebook, located)
    competencies = located.fields()["competencies"].items()
    for competency, place in zip(codebook.competencies, competencies, strict=True):
        _check_scales(competency.code, place)
        known = {c.id for c in codebook.clusters}
        if competency.cluster not in known:
            todo = f"可用：{'、'.join(sorted(known))}"
            raise place.fields()["cluster"].error(f"没有类群 {competency.cluster}", todo)
        for neighbour in competency.neighbours:
            if neighbour.code not in codebook.by_code:
                raise place.fields()["neighbours"].error(f"没有胜任特征 {neighbour.code}", "请改为已有代码")
    return codebook


def _check_codes(codebook: Codebook, located: Located) -> None:
    seen: set[str] = set()
    for place in located.fields()["competencies"].items():
        code = place.fields()["code"]
        if code.value() in seen:
            raise code.error(f"代码 {code.value()} 重复", "每个胜任特征一个代码")
        seen.add(code.value())
    if not codebook.competencies:
        raise located.error("没有胜任特征", "至少写一个")


def _check_scales(code: str, place: Located) -> None:
    scales: set[str] = set()
    for dimension in place.fields()["dimensions"].items():
        fields = dimension.fields()
        id = str(fields["id"].value())
        if id in scales:
            raise fields["id"].error(f"{code} 的维度 {id} 重复", "请删去一个")
        scales.add(id)
        previous: int | None = None
        for step in fields["levels"].items():
            level = step.fields()["level"].value()
            if previous is not None and level != previous + 1:
                raise step.error(f"{code}.{id} 的等级 {level} 接在 {previous} 之后", "等级应逐级加一")
            previous = level
            evidence = step.fields()["evidence"]
            if evidence.value() not in _EVIDENCE:
                raise evidence.error(f"evidence 不认识：{evidence.value()}", f"可用：{'、'.join(_EVIDENCE)}")
    if "A" not in scales:
        raise place.error(f"{code} 没有 A 维度", "每个胜任特征都以 A 维度为主")


def load_mapping(path: Path, codebook: Codebook) -> Mapping:
    """The client model of one YAML file, checked against its base codebook."""
    located = read_yaml(path)
    mapping = build(Mapping, located)
    if mapping.codebook != codebook.id:
        raise located.fields()["codebook"].error(
            f"底层手册是 {mapping.codebook}，现用 {codebook.id}", "不同编号体系不混用"
        )
    seen: set[str] = set()
    for item, place in zip(mapping.items, located.fields()["items"].items(), strict=True):
        if item.id in seen:
            raise place.error(f"条目 {item.id} 重复", "请改编号")
        seen.add(item.id)
        for code in item.codes:
            if code not in codebook.by_code:
                raise place.fields()["codes"].error(f"没有胜任特征 {code}", "请改为底层手册的代码")
    return mapping


def load_mappings(folder: Path, codebook: Codebook) -> dict[str, Mapping]:
    """All client models of lexicon/mappings that rest on ``codebook``, by id."""
    mappings: dict[str, Mapping] = {}
    for path in sorted(folder.glob("*.yaml")):
        mapping = load_mapping(path, codebook)
        if mapping.id in mappings:
            raise DataError(path.name, f"模型 {mapping.id} 已由别的文件定义", "请改 id")
        mappings[mapping.id] = mapping
    return mappings

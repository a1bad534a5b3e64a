"""The codebook (编码手册) and the client models that report in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """A code with its level, written ``ACH.A.5``; level None where a scale has none."""

    competency: str
    dimension: str
    level: int | None

    def __str__(self) -> str:
        level = "" if self.level is None else f".{self.level}"
        return f"{self.competency}.{self.dimension}{level}"

    @classmethod
    def parse(cls, text: str) -> Label:
        """The label written as ``ACH.A.5``; ValueError for anything else."""
        competency, dimension, level = text.split(".")
        return cls(competency, dimension, int(level))


@dataclass(frozen=True, slots=True)
class Cluster:
    """A family of competencies, with the colour that it has on screen."""

    id: str
    name: str
    color: str


@dataclass(frozen=True, slots=True)
class Level:
    """A step of a scale. ``evidence``: verified (public text) or recalled (retold, unchecked)."""

    level: int
    anchor: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """A scale inside a competency; B–D are scored beside an A level of ``requires_level``."""

    id: str
    name: str
    levels: tuple[Level, ...]
    name_en: str = ""
    requires_level: int | None = None
    note: str = ""

    @property
    def codable_levels(self) -> tuple[int, ...]:
        """The levels a coding may have: all but 0."""
        return tuple(step.level for step in self.levels if step.level != 0)

    def anchor(self, level: int) -> str:
        """The anchor of ``level``; ValueError when the scale has no such level."""
        for step in self.levels:
            if step.level == level:
                return step.anchor
        raise ValueError(f"dimension {self.id}: level {level}; wanted one of {self.codable_levels}")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A competency easily taken for this one, and what tells them apart."""

    code: str
    difference: str


@dataclass(frozen=True, slots=True)
class Competency:
    """A competency with its definition, scales and wordings (简 and 繁)."""

    code: str
    name: str
    cluster: str
    definition: str
    dimensions: tuple[Dimension, ...]
    name_en: str = ""
    variants: tuple[str, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    suggested: bool = True

    def dimension(self, id: str) -> Dimension:
        """The scale called ``id``; ValueError when there is none."""
        for dimension in self.dimensions:
            if dimension.id == id:
                return dimension
        raise ValueError(f"{self.code}: dimension {id}; wanted one of {[d.id for d in self.dimensions]}")


@dataclass(frozen=True)
class Codebook:
    """All competencies of one version of one numbering family."""

    id: str
    version: str
    title: str
    source: str
    numbering: str
    clusters: tuple[Cluster, ...]
    competencies: tuple[Competency, ...]

    @cached_property
    def by_code(self) -> dict[str, Competency]:
        """The competencies by their code."""
        return {competency.code: competency for competency in self.competencies}

    @cached_property
    def suggested_codes(self) -> tuple[str, ...]:
        """The codes that the program may propose."""
        return tuple(c.code for c in self.competencies if c.suggested)

    def __iter__(self) -> Iterator[Competency]:
        return iter(self.competencies)

    def __contains__(self, label: Label) -> bool:
        competency = self.by_code.get(label.competency)
        scales = {d.id: d.codable_levels for d in competency.dimensions} if competency else {}
        return label.level in scales.get(label.dimension, ())

    def color(self, code: str) -> str:
        """The colour of the competency's cluster."""
        cluster = self.by_code[code].cluster
        return next(c.color for c in self.clusters if c.id == cluster)


@dataclass(frozen=True, slots=True)
class MappingItem:
    """One competency of a client model and the base codes it rests on."""

    id: str
    name: str
    definition: str
    codes: tuple[str, ...]
    kind: str = "competency"
    levelled: bool = True


@dataclass(frozen=True, slots=True)
class Mapping:
    """A client model: items that report base codes under the client's names."""

    id: str
    version: str
    title: str
    source: str
    codebook: str
    items: tuple[MappingItem, ...]
    note: str = ""

    def items_of(self, code: str) -> tuple[MappingItem, ...]:
        """The items that the base ``code`` counts towards."""
        return tuple(item for item in self.items if code in item.codes)

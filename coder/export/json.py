"""Codings as JSON: a list of objects with the CSV's columns, nothing guarded, null where empty."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from coder.export.rows import records
from coder.export.target import Target, replacing
from coder.model.codebook import Codebook, Mapping
from coder.model.review import Coding

BINARY = False


def write(
    codings: Iterable[Coding], target: Target, codebook: Codebook, models: Sequence[Mapping] = ()
) -> None:
    """Write the codings as one JSON list, one object a line."""
    lines = [json.dumps(row, ensure_ascii=False) for row in records(codings, codebook, models)]
    body = "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"
    with replacing(target) as stream:
        stream.write(body.encode("utf-8", "replace"))

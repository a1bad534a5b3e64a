"""Trained models on disk: skops files of plain arrays, the only types that are ever loaded."""

from __future__ import annotations

import os
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
from skops.io.exceptions import UntrustedTypesFoundException

from coder.classify import Featurizer, Levels, Linear, Models, Vocabulary
from coder.errors import ModelError

_FORMAT = 2
_KEPT = 3
# what zipfile, zlib, skops and numpy raise on bytes that are not what they were
_DAMAGE = (
    *(KeyError, ValueError, TypeError, AttributeError, RuntimeError, EOFError),
    *(zipfile.BadZipFile, zlib.error, struct.error),
)
_LEVEL_ARRAYS = ("centre", "spread", "prior", "steps", "error")


def path_of(folder: Path, version: str) -> Path:
    """Where the model of a version is kept."""
    return folder / f"{version}.skops"


def save(models: Models, folder: Path) -> Path:
    """Write the models to ``folder``, whole or not at all; older versions but two are removed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = path_of(folder, models.version)
    handle, name = tempfile.mkstemp(dir=folder, suffix=".tmp")
    os.close(handle)
    temporary = Path(name)
    try:
        skops.io.dump(_state(models), temporary, compression=zipfile.ZIP_DEFLATED, compresslevel=1)
        temporary.replace(target)
    except OSError as error:
        raise ModelError(str(target), f"写不了模型：{error.strerror}", "请检查磁盘空间与权限") from None
    finally:
        temporary.unlink(missing_ok=True)
    for old in sorted(folder.glob("*.skops"), key=_saved_at)[:-_KEPT]:
        old.unlink(missing_ok=True)
    return target


def _saved_at(path: Path) -> float:
    """When it was saved; 0 when another program has just removed it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def load(path: Path) -> Models:
    """The models of a file; ModelError when it is damaged, foreign, or of another format."""
    try:
        state = skops.io.load(path, trusted=[])
        if not isinstance(state, dict) or state.get("format") != _FORMAT:
            raise ModelError(path.name, "不是本程序这一版的模型", "请重新训练")
        models = _models(state)
    except OSError as error:
        raise ModelError(path.name, f"读不了模型：{error.strerror}", "请重新训练") from None
    except UntrustedTypesFoundException:
        raise ModelError(path.name, "含有不认识的类型，已拒绝", "只用本程序训练的模型") from None
    except _DAMAGE:
        raise ModelError(path.name, "模型文件损坏", "请删去它，重新训练") from None
    if models.version != path.stem:
        # runs name their model by version: a renamed file would make them lie
        raise ModelError(path.name, f"里面是另一版模型 {models.version}", "请删去它，重新训练")
    return models


def _state(models: Models) -> dict[str, Any]:
    state: dict[str, Any] = {
        "format": _FORMAT,
        "version": models.version,
        "terms": _packed(models.featurizer.vocabulary.terms),
        "idf": models.featurizer.vocabulary.idf,
        "signs": _packed(models.featurizer.signs),
        "combination": models.combination,
        "threshold": float(models.threshold),
        "levels": _levels_state(models.levels),
    }
    for name in ("codability", "reason", "competency"):
        state[name] = _linear_state(getattr(models, name))
    return state


def _linear_state(model: Linear) -> dict[str, Any]:
    # half precision: weights of a few hundredths do not need more, and the file is half as large
    return {
        "classes": _packed(model.classes),
        "weights": model.weights.astype(np.float16),
        "bias": model.bias,
    }


def _levels_state(levels: Levels) -> dict[str, Any]:
    state = {name: getattr(levels, name) for name in _LEVEL_ARRAYS}
    return {**state, "classes": _packed(levels.classes), "weights": levels.weights.astype(np.float16)}


def _levels(state: dict[str, Any]) -> Levels:
    arrays = {name: state[name] for name in _LEVEL_ARRAYS}
    return Levels(_unpacked(state["classes"]), state["weights"].astype(np.float32), **arrays)


def _models(state: dict[str, Any]) -> Models:
    vocabulary = Vocabulary(_unpacked(state["terms"]), state["idf"])
    return Models(
        version=str(state["version"]),
        featurizer=Featurizer(vocabulary, _unpacked(state["signs"])),
        codability=_linear(state["codability"]),
        reason=_linear(state["reason"]),
        competency=_linear(state["competency"]),
        levels=_levels(state["levels"]),
        combination=state["combination"],
        threshold=float(state["threshold"]),
    )


def _linear(state: dict[str, Any]) -> Linear:
    return Linear(_unpacked(state["classes"]), state["weights"].astype(np.float32), state["bias"])


def _packed(words: tuple[str, ...]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Strings as one array of bytes: skops writes a file for each string otherwise."""
    return np.frombuffer("\n".join(words).encode("utf-8"), dtype=np.uint8)


def _unpacked(packed: np.ndarray[Any, np.dtype[np.uint8]]) -> tuple[str, ...]:
    text = packed.tobytes().decode("utf-8")
    return tuple(text.split("\n")) if text else ()

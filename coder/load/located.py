"""YAML that remembers its lines, and dataclasses built from it with errors that name them."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

from coder.errors import DataError

T = TypeVar("T")
Converter = Callable[[str], Any]

_KINDS = {str: "文字", int: "整数", float: "数字", bool: "true 或 false"}
_MAX_BYTES = 4 * 1024 * 1024


class Loader(yaml.SafeLoader):
    """A safe loader that refuses aliases: they can blow a small file up to any size."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node; MarkedYAMLError for an alias."""
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="不接受 YAML 别名（*）", problem_mark=mark)
        return super().compose_node(parent, index)


@dataclasses.dataclass(frozen=True, slots=True)
class Located:
    """A YAML node with its file."""

    path: Path
    node: yaml.Node

    def error(self, what: str, todo: str = "") -> DataError:
        """The error ``file:line：what；what to do``."""
        return DataError(f"{self.path.name}:{self.node.start_mark.line + 1}", what, todo)

    def items(self) -> tuple[Located, ...]:
        """The elements of a list; DataError when it is none."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error("这里应是列表", "每项前写“- ”")
        return tuple(Located(self.path, child) for child in self.node.value)

    def fields(self) -> dict[str, Located]:
        """The values of a mapping by key; DataError when it is none or a key comes twice."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error("这里应是“键: 值”", "请对照 lexicon/README.md 的字段表")
        found: dict[str, Located] = {}
        for key, value in self.node.value:
            if key.value in found:
                raise Located(self.path, key).error(f"字段 {key.value} 写了两次", "请删去一个")
            found[key.value] = Located(self.path, value)
        return found

    def value(self) -> Any:
        """The plain Python value."""
        loader = Loader("")
        try:
            return loader.construct_object(self.node, deep=True)
        except yaml.constructor.ConstructorError as error:
            raise self.error(f"不认识的值：{error.problem}", "只用文字、数字、列表和“键: 值”") from None
        finally:
            loader.dispose()


def read_yaml(path: Path) -> Located:
    """The document of ``path``; DataError for a file that cannot be read or is no YAML."""
    try:
        data = path.read_bytes()
        if len(data) > _MAX_BYTES:
            raise DataError(path.name, f"文件太大：{len(data)} 字节", f"上限 {_MAX_BYTES} 字节")
        node = yaml.compose(data.decode("utf-8-sig"), Loader)
    except OSError as error:
        raise DataError(str(path), f"读不了：{error.strerror}", "请检查路径与权限") from None
    except UnicodeDecodeError as error:
        raise DataError(path.name, f"不是 UTF-8：第 {error.start} 字节", "请另存为 UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what = f"不是合法的 YAML：{error.problem}"
        raise DataError(f"{path.name}:{line}", what, "请检查缩进与引号") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise DataError(path.name, f"不是合法的 YAML：{type(error).__name__}", "请检查内容") from None
    if node is None:
        raise DataError(path.name, "文件是空的", "请对照 lexicon/README.md 填写")
    return Located(path, node)


def build(kind: type[T], located: Located, renames: Mapping[str, str] | None = None, **given: Any) -> T:
    """An instance of the dataclass ``kind`` from a YAML mapping.

    ``renames`` maps YAML keys to field names (``not`` → ``misses``); ``given`` are fields that do
    not come from the file. DataError with file and line for a missing, unknown or ill-typed field.
    """
    renames = renames or {}
    hints = typing.get_type_hints(kind)
    known = {f.name: f for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    written = {name: key for key, name in renames.items()}
    values = dict(given)
    for key, child in located.fields().items():
        name = renames.get(key, key)
        if name not in known or name in given:
            raise child.error(f"没有字段 {key}", f"可用：{'、'.join(sorted(set(known) - set(given)))}")
        values[name] = _convert(hints[name], child, key, renames)
    for name, field in known.items():
        if name not in values and field.default is dataclasses.MISSING:
            raise located.error(f"缺少字段 {written.get(name, name)}", "请补上")
    return kind(**values)


def _convert(hint: Any, located: Located, key: str, renames: Mapping[str, str]) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        if located.value() is None:
            return None
        return _convert(next(a for a in arguments if a is not type(None)), located, key, renames)
    if origin is tuple:
        return tuple(_convert(arguments[0], item, key, renames) for item in located.items())
    if hasattr(hint, "parse"):
        return _parsed(hint, located, key)
    if dataclasses.is_dataclass(hint):
        return build(hint, located, renames)  # type: ignore[arg-type]
    if issubclass(hint, StrEnum):
        return _chosen(hint, located, key)
    return _plain(hint, located, key)


def _parsed(hint: Any, located: Located, key: str) -> Any:
    try:
        return hint.parse(str(located.value()))
    except ValueError:
        raise located.error(f"{key} 写法不对：{located.value()}", "写法如 ACH.A.5") from None


def _chosen(hint: type[StrEnum], located: Located, key: str) -> StrEnum:
    try:
        return hint(str(located.value()))
    except ValueError:
        choices = "、".join(member.value for member in hint)
        raise located.error(f"{key} 不认识：{located.value()}", f"可用：{choices}") from None


def _plain(hint: type, located: Located, key: str) -> Any:
    value = located.value()
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        todo = "若是文字请加引号" if hint is str else ""
        raise located.error(f"{key} 应是{_KINDS[hint]}：{value!r}", todo)
    return value

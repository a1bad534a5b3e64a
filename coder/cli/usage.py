"""How commands are called: kinds of values, the help page and complaints, in Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

_HEADINGS = {"Options": "选项", "Commands": "命令"}
_EXTRA = ("Got unexpected extra arguments", "Got unexpected extra argument")


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line."""
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        """The line over a list."""
        self.write(f"{_HEADINGS.get(heading, heading)}：\n")


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command whose help is in Chinese."""

    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help, said in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这份说明"
        return option


class Group(Command, click.Group):
    """A group of such commands."""


class Place(click.ParamType[Path]):
    """A path; an empty one (an unset variable of the shell) is refused, since it would mean “here”."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path."""
        if not str(value).strip():
            self.fail("路径是空的", param, ctx)
        return Path(value)


class Between(click.ParamType[float]):
    """A number in a range."""

    def __init__(self, kind: type[int] | type[float], least: float, most: float) -> None:
        self.kind, self.least, self.most = kind, least, most
        self.name = "整数" if kind is int else "数"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How help shows it: 0–1."""
        return f"{self.least:g}–{self.most:g}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number."""
        try:
            number = self.kind(value)
        except ValueError:
            number = self.kind(self.least - 1)
        if not self.least <= number <= self.most:  # so that nan is none either
            self.fail(f"应是 {self.least:g} 到 {self.most:g} 的{self.name}，现为 {value}", param, ctx)
        return number


def complaint(error: click.UsageError) -> str:
    """click's complaint in Chinese, with the command whose help to read."""
    command = error.ctx.command_path if error.ctx else "python -m coder"
    return f"命令行：{_what(error)}；请看 {command} --help"


def _what(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}"
    if isinstance(error, click.exceptions.NoSuchCommand):
        return f"没有命令 {error.command_name}"
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_name(error)}"
    if isinstance(error, click.BadParameter):
        return f"{_name(error)} {error.message}"
    if isinstance(error, click.BadOptionUsage):
        wanting = "requires an argument" in error.message
        return f"选项 {error.option_name} " + ("后面要有值" if wanting else "后面不要值")
    message = error.format_message()
    for words in _EXTRA:
        message = message.replace(words, "多余的参数")
    return message


def _name(error: click.BadParameter) -> str:
    """The option as it is written, or the argument as help shows it."""
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    names: Sequence[str] = (error.param.make_metavar(error.ctx),) if error.param and error.ctx else ()
    return " ".join(names) or str(error.param_hint or "参数")

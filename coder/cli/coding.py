"""code and text: transcripts in, codings out, nothing stored."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import click

from coder import export
from coder.batch import Outcome
from coder.cli.say import bar, say
from coder.coding import CodeRequest, code_sources, gather_sources, read_source, suggested_codings
from coder.engine import load_engine, load_knowledge
from coder.errors import ExportError, UsageError
from coder.model.codebook import Mapping
from coder.settings import Settings

PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.command()
@PATHS
@click.option("-o", "--output", type=click.Path(path_type=Path), help="输出文件；不给则写到标准输出")
@click.option("--format", "format", help="csv 或 json；不给则看输出文件的扩展名")
@click.option("--all", "everything", is_flag=True, help="连同低于阈值的建议")
@click.option("--threshold", type=click.FloatRange(0, 1), help="建议的最低把握（0–1）")
@click.option("--interviewee", help="受访者在文中的称呼，用来覆盖推断的角色")
@click.option("--group", default="", help="组别，如 优秀、普通")
@click.option("--model", "model", help="客户模型：gen9、csm7、hrbp6、itss26")
@click.option("--explain", type=click.Path(path_type=Path), help="未编码的受访者句子及理由，写到这个文件")
@click.option(
    "--interviews", type=click.Path(path_type=Path), help="每份访谈一行（有无编码都在），写到这个文件"
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="同时用几个进程")
def code(
    paths: tuple[Path, ...],
    output: Path | None,
    format: str | None,
    everything: bool,
    threshold: float | None,
    interviewee: str | None,
    group: str,
    model: str | None,
    explain: Path | None,
    interviews: Path | None,
    jobs: int,
) -> int:
    """给访谈稿编码：PATH 是文件、文件夹或 zip。不存入数据库。

    \b
    例：python -m coder code 访谈/ -o 编码.csv --explain 未编码.csv
    """
    settings = Settings.from_environ()
    target = output or sys.stdout.buffer
    _check_targets(output, format, explain, interviews)
    models = client_models(model, settings)
    request = CodeRequest(paths, interviewee, group, threshold, jobs)
    outcomes = _code_all(request, settings)
    done = [(o.transcript, o.run) for o in outcomes if o.transcript and o.run]
    codebook = load_knowledge(settings).codebook
    codings = suggested_codings(done, everything)
    failures = [str(o.error) for o in outcomes if o.error]
    writers: list[tuple[Path | IO[bytes] | None, Callable[[Path | IO[bytes]], None]]] = [
        (target, lambda to: export.write(codings, to, codebook=codebook, models=models, format=format)),
        (explain, lambda to: export.csv.write_uncoded(done, to)),
        (interviews, lambda to: export.csv.write_interviews([t for t, _ in done], to)),
    ]
    for to, write in writers:
        try:
            if to is not None:
                write(to)
        except ExportError as error:
            failures.append(str(error))
    _report(len(done), len(codings), [w for t, _ in done for w in _warnings(t.name, t.warnings)], failures)
    return 1 if failures else 0


def _check_targets(output: Path | None, format: str | None, *others: Path | None) -> None:
    """Refuse wrong usage before any work is done."""
    name = export.format_of(output if output else sys.stdout.buffer, format)
    if output is None and export.FORMATS[name].BINARY:
        raise UsageError("--format", f"{name} 不能写到标准输出", "请用 -o 给出文件")
    given = [path.absolute() for path in (output, *others) if path]
    if len(set(given)) < len(given):
        raise UsageError("命令行", "几个输出写到同一个文件", "请各给一个文件名")


def client_models(name: str | None, settings: Settings) -> list[Mapping]:
    """The client model that an option names, in a list; UsageError when there is none."""
    if name is None:
        return []
    mappings = load_knowledge(settings).mappings
    if name not in mappings:
        raise UsageError("--model", f"没有客户模型 {name}", f"可用：{'、'.join(mappings)}")
    return [mappings[name]]


def _code_all(request: CodeRequest, settings: Settings) -> list[Outcome]:
    with bar("准备模型") as progress:
        engine = load_engine(settings, progress)
    sources = gather_sources(request.paths)
    outcomes = [Outcome(error.where, error=error) for error in sources.failures]
    with bar("编码", len(sources.found) or 1) as progress:
        for i, outcome in enumerate(code_sources(sources.found, request, engine, settings), 1):
            outcomes.append(outcome)
            progress(i / len(sources.found), outcome.name)
    return outcomes


def _warnings(name: str, warnings: tuple[str, ...]) -> list[str]:
    return [f"{name}：{warning}" for warning in warnings]


def _report(files: int, codings: int, warnings: list[str], failures: list[str]) -> None:
    for warning in warnings:
        say(f"注意  {warning}")
    say(f"完成 {files} 份访谈，{codings} 条编码" + (f"；{len(failures)} 个问题：" if failures else ""))
    for failure in failures:
        say(f"  {failure}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def text(file: Path) -> int:
    """打印规范文本：偏移（start、end）都以它为准。

    \b
    例：python -m coder text 访谈.docx > 访谈.txt
    """
    transcript = read_source(file, Settings.from_environ())
    sys.stdout.buffer.write(transcript.text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()
    return 0


COMMANDS = (code, text)

"""code and text: transcripts in, codings out, nothing stored."""

from __future__ import annotations

from pathlib import Path

import click

from coder import export
from coder.batch import Outcome
from coder.cli.outputs import Output, check_format, check_targets, put_all, warn_early
from coder.cli.say import bar, report, say, standard_output
from coder.cli.usage import Between, Command, Place
from coder.coding import CodeRequest, Sources, code_sources, gather_sources, read_source, suggested_codings
from coder.engine import Knowledge, load_engine, load_knowledge
from coder.errors import UsageError
from coder.model.codebook import Mapping
from coder.model.suggestion import Run
from coder.model.text import Transcript
from coder.settings import Settings

PATHS = click.argument("paths", nargs=-1, required=True, type=Place(), metavar="PATH...")
INTERVIEWEE = click.option(
    "--interviewee",
    metavar="NAME",
    help="受访者在文中的称呼，用来覆盖推断的角色；哪份里没有这个人，哪份就报错不编，其余照做",
)
GROUP = click.option("--group", default="", metavar="G", help="组别，如 优秀、普通")
FORMAT = click.option("--format", "format", metavar="F", help="csv 或 json；不给则看输出文件的扩展名")
MODEL = click.option("--model", "model", metavar="M", help="客户模型（如 gen9），在末尾加它的两列")


@click.command(cls=Command)
@PATHS
@click.option("-o", "--output", type=Place(), metavar="FILE", help="输出文件；不给则写到标准输出")
@FORMAT
@click.option("--all", "everything", is_flag=True, help="连同低于阈值的建议")
@click.option("--threshold", type=Between(float, 0, 1), help="建议的最低把握；不给则用模型自己的")
@INTERVIEWEE
@GROUP
@MODEL
@click.option("--explain", type=Place(), metavar="FILE", help="未编码的受访者句子及理由，写成 CSV")
@click.option("--interviews", type=Place(), metavar="FILE", help="每份访谈一行（有无编码都在），写成 CSV")
@click.option("--jobs", type=Between(int, 1, 64), default=1, help="同时用几个进程；不给则一个")
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

    读不了的文件不妨碍其余，末尾逐条列出，退出码为 1。

    \b
    例：python -m coder code 访谈/ -o 编码.csv --explain 未编码.csv
    """
    check_format(output, format)
    settings = Settings.from_environ()
    knowledge = load_knowledge(settings)
    models, codebook = client_models(model, knowledge), knowledge.codebook
    sources = gather_sources(paths)
    targets = [path for path in (output, explain, interviews) if path]
    unwritable = check_targets(targets, sources)
    if output and len(unwritable) == len(targets):
        return report("没有编码", [str(error) for error in (*sources.failures, *unwritable)])
    warn_early(unwritable)
    outcomes = _code_all(
        sources, CodeRequest(paths, interviewee, group, threshold, jobs), settings, knowledge
    )
    done = _done(outcomes)
    codings = suggested_codings(done, everything)
    outputs = [
        Output(output, lambda to: export.write(codings, to, codebook=codebook, models=models, format=format))
    ]
    if explain:
        outputs.append(Output(explain, lambda to: export.csv.write_uncoded(done, to)))
    if interviews:
        outputs.append(Output(interviews, lambda to: export.csv.write_interviews([t for t, _ in done], to)))
    failures = [str(outcome.error) for outcome in outcomes if outcome.error] + put_all(outputs)
    return report(f"完成 {len(done)} 份访谈，{len(codings)} 条编码", failures)


def client_models(name: str | None, knowledge: Knowledge) -> list[Mapping]:
    """The client model that an option names, in a list; UsageError when there is none."""
    if name is None:
        return []
    if name not in knowledge.mappings:
        raise UsageError("--model", f"没有客户模型 {name}", f"可用：{'、'.join(knowledge.mappings)}")
    return [knowledge.mappings[name]]


def _code_all(
    sources: Sources, request: CodeRequest, settings: Settings, knowledge: Knowledge
) -> list[Outcome]:
    """What became of each path; without anything to code, no model is needed."""
    outcomes = [Outcome(error.where, error=error) for error in sources.failures]
    if not sources.found:
        return outcomes
    with bar("准备模型") as progress:
        engine = load_engine(settings, progress, knowledge=knowledge)
    with bar("编码", len(sources.found)) as progress:
        for i, outcome in enumerate(code_sources(sources.found, request, engine, settings), 1):
            outcomes.append(outcome)
            progress(i / len(sources.found), outcome.name)
    return outcomes


def _done(outcomes: list[Outcome]) -> list[tuple[Transcript, Run]]:
    """The coded transcripts; what had to be guessed about them is said."""
    done = [(o.transcript, o.run) for o in outcomes if o.transcript and o.run]
    for transcript, _ in done:
        for warning in transcript.warnings:
            say(f"注意  {transcript.name}：{warning}")
    return done


@click.command(cls=Command)
@click.argument("file", type=Place())
def text(file: Path) -> int:
    """打印规范文本：偏移（start、end）都以它为准。

    \b
    例：python -m coder text 访谈.docx > 访谈.txt
    """
    transcript = read_source(file, Settings.from_environ())
    with standard_output() as stream:
        stream.write(transcript.text.encode("utf-8", "replace"))
    return 0


COMMANDS = (code, text)

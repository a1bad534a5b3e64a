"""import and export: transcripts into a project of the database, codings out of it."""

from __future__ import annotations

from pathlib import Path

import click

from coder import services
from coder.batch import Outcome
from coder.cli.coding import FORMAT, GROUP, INTERVIEWEE, MODEL, PATHS, client_models
from coder.cli.outputs import check_format
from coder.cli.say import bar, report, say
from coder.cli.usage import Command, Place
from coder.coding import CodeRequest, code_sources, gather_sources
from coder.engine import load_engine, load_knowledge
from coder.errors import StoreError, UsageError
from coder.export import check_target
from coder.settings import Settings
from coder.store import Store


@click.command(name="import", cls=Command)
@PATHS
@click.option("--project", required=True, metavar="NAME", help="项目名；没有就新建")
@INTERVIEWEE
@GROUP
def import_(paths: tuple[Path, ...], project: str, interviewee: str | None, group: str) -> int:
    """把访谈稿连同建议存入项目，供复核。

    项目里已有同样文字的稿子不再导入。

    \b
    例：python -m coder import 访谈/ --project 客服经理
    """
    if not project.strip():
        raise UsageError("--project", "项目名是空的", "请填一个名字")
    settings = Settings.from_environ()
    store = services.open_store(settings)
    sources = gather_sources(paths)
    failures = [str(error) for error in sources.failures]
    if not sources.found:
        return report("存入 0 份访谈", failures)
    with bar("准备模型") as progress:
        engine = load_engine(settings, progress)
    stored = 0
    request = CodeRequest(paths, interviewee, group)
    with bar("导入", len(sources.found)) as progress:
        for i, outcome in enumerate(code_sources(sources.found, request, engine, settings), 1):
            try:
                stored += _store(store, outcome, project)
            except StoreError as error:
                failures.append(f"{outcome.name}：没有存入（{error}）")
            if outcome.error:
                failures.append(str(outcome.error))
            progress(i / len(sources.found), outcome.name)
    return report(f"存入 {stored} 份访谈", failures)


def _store(store: Store, outcome: Outcome, project: str) -> int:
    """Store what was coded; gives how many were new."""
    if not (outcome.transcript and outcome.run):
        return 0
    for warning in outcome.transcript.warnings:
        say(f"注意  {outcome.name}：{warning}")
    if twin := services.find_duplicate(store, outcome.transcript.text, project):
        say(f"注意  {outcome.name}：与项目里的 {twin.name} 文字相同，未再导入")
        return 0
    services.import_interview(store, outcome.transcript, outcome.run, project)
    return 1


@click.command(cls=Command)
@click.option("--project", required=True, metavar="NAME", help="项目名")
@click.option("-o", "--output", required=True, type=Place(), metavar="FILE", help="输出文件")
@FORMAT
@MODEL
def export(project: str, output: Path, format: str | None, model: str | None) -> int:
    """把项目的编码写成文件：已裁决的是最终值，未裁决的建议状态为 suggested。

    \b
    例：python -m coder export --project 客服经理 -o 编码.csv
    """
    check_format(output, format)
    check_target(output)
    settings = Settings.from_environ()
    knowledge = load_knowledge(settings)
    models = client_models(model, knowledge)
    store = services.open_store(settings)
    count = services.export_project(store, project, output, knowledge.codebook, models, format=format)
    say(f"{output}：{count} 条编码")
    return 0


COMMANDS = (import_, export)

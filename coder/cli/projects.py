"""import and export: transcripts into a project of the database, codings out of it."""

from __future__ import annotations

from pathlib import Path

import click

from coder import services
from coder.cli.coding import PATHS, client_models
from coder.cli.say import bar, say
from coder.coding import CodeRequest, code_sources, gather_sources
from coder.engine import load_engine, load_knowledge
from coder.settings import Settings


@click.command(name="import")
@PATHS
@click.option("--project", required=True, help="项目名；没有就新建")
@click.option("--interviewee", help="受访者在文中的称呼，用来覆盖推断的角色")
@click.option("--group", default="", help="组别，如 优秀、普通")
def import_(paths: tuple[Path, ...], project: str, interviewee: str | None, group: str) -> int:
    """把访谈稿连同建议存入项目，供复核。

    \b
    例：python -m coder import 访谈/ --project 客服经理
    """
    settings = Settings.from_environ()
    store = services.open_store(settings)
    with bar("准备模型") as progress:
        engine = load_engine(settings, progress)
    request = CodeRequest(paths, interviewee, group)
    sources = gather_sources(paths)
    failures = [str(error) for error in sources.failures]
    stored = 0
    with bar("导入", len(sources.found) or 1) as progress:
        for i, outcome in enumerate(code_sources(sources.found, request, engine, settings), 1):
            if outcome.error:
                failures.append(str(outcome.error))
            elif outcome.transcript and outcome.run:
                if twin := services.find_duplicate(store, outcome.transcript.text, project):
                    failures.append(f"{outcome.name}：与项目里的 {twin.name} 文字相同；未再导入")
                else:
                    services.import_interview(store, outcome.transcript, outcome.run, project)
                    stored += 1
            progress(i / len(sources.found), outcome.name)
    say(f"存入 {stored} 份访谈" + (f"；{len(failures)} 个问题：" if failures else ""))
    for failure in failures:
        say(f"  {failure}")
    return 1 if failures else 0


@click.command()
@click.option("--project", required=True, help="项目名")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="输出文件")
@click.option("--format", "format", help="csv 或 json；不给则看扩展名")
@click.option("--model", "model", help="客户模型：gen9、csm7、hrbp6、itss26")
def export(project: str, output: Path, format: str | None, model: str | None) -> int:
    """把项目的编码写成文件：已裁决的是最终值，未裁决的建议状态为 suggested。

    \b
    例：python -m coder export --project 客服经理 -o 编码.csv
    """
    settings = Settings.from_environ()
    store = services.open_store(settings)
    models = client_models(model, settings)
    codebook = load_knowledge(settings).codebook
    count = services.export_project(store, project, output, codebook, models, format=format)
    say(f"{output}：{count} 条编码")
    return 0


COMMANDS = (import_, export)

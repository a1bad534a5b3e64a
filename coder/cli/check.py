"""check: what is wrong with lexicon, database and model, or with the corpus."""

from __future__ import annotations

from collections.abc import Sequence

import click

from coder import services
from coder.cli.say import tell
from coder.cli.usage import Command
from coder.engine import Knowledge, corpus_of, lexicon_problems, load_knowledge, load_model, wanted_model
from coder.errors import CoderError
from coder.samples import survey
from coder.settings import Settings


@click.command(cls=Command)
@click.option("--samples", is_flag=True, help="改为清点和检查训练语料：行业 × 胜任特征 × 等级")
def check(samples: bool) -> int:
    """检查词典、数据库与模型，有问题逐条列出。

    \b
    例：python -m coder check
    例：python -m coder check --samples
    """
    settings = Settings.from_environ()
    if samples:
        knowledge, _, corpus = corpus_of(settings)
        found = survey(corpus, settings.samples, knowledge.codebook.suggested_codes)
        tell(found.text)
        return _told(found.problems)
    return _told([*_lexicon(settings), *_database(settings)])


def _told(problems: Sequence[str]) -> int:
    for problem in problems:
        tell(problem)
    tell(f"{len(problems)} 个问题" if problems else "没有发现问题")
    return 1 if problems else 0


def _lexicon(settings: Settings) -> list[str]:
    try:
        knowledge = load_knowledge(settings)
        tell(
            f"编码手册 {knowledge.codebook.id} {knowledge.codebook.version}，"
            f"指标 {len(knowledge.lexicon.indicators)} 条，提示词 {len(knowledge.lexicon.cues)} 条，"
            f"客户模型 {len(knowledge.mappings)} 个"
        )
        _tell_model(knowledge, settings)
        return list(lexicon_problems(knowledge))
    except CoderError as error:
        return [str(error)]


def _tell_model(knowledge: Knowledge, settings: Settings) -> None:
    path = wanted_model(knowledge, settings)
    if path.exists():
        tell(f"模型 {path.stem}，阈值 {load_model(path, knowledge.codebook).threshold:.2f}")
    else:
        tell("模型 尚未训练（首次使用时自动训练，约一分钟）")


def _database(settings: Settings) -> list[str]:
    try:
        store = services.open_store(settings)
        projects = services.list_projects(store)
        count = sum(project.interviews for project in projects)
        tell(f"数据库 {store.where}，项目 {len(projects)} 个，访谈 {count} 份")
        return list(services.check_store(store))
    except CoderError as error:
        return [str(error)]

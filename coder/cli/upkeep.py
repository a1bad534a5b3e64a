"""train and check: the model, the data files, the database."""

from __future__ import annotations

import json
from pathlib import Path

import click

from coder import services
from coder.cli.say import bar, say
from coder.corpus import Corpus, load_corpus
from coder.engine import Knowledge, load_engine, load_knowledge, measure_quality, wanted_model
from coder.errors import CoderError
from coder.evaluate.indicators import evaluate_indicators, show_indicators
from coder.evaluate.show import show
from coder.export import replacing
from coder.match import Matcher
from coder.samples import survey
from coder.settings import Settings
from coder.tour import make_tour


@click.command()
def train() -> int:
    """用合成语料训练模型（约一分钟）；平时不必运行，首次使用会自动训练。

    \b
    例：python -m coder train
    """
    with bar("训练") as progress:
        engine = load_engine(Settings.from_environ(), progress, fresh=True)
    say(f"模型 {engine.models.version}，阈值 {engine.models.threshold:.2f}")
    return 0


@click.command()
@click.option("--samples", is_flag=True, help="改为清点和检查训练语料：行业 × 胜任特征 × 等级")
def check(samples: bool) -> int:
    """检查词典、数据库与模型，有问题逐条列出。

    \b
    例：python -m coder check
    例：python -m coder check --samples
    """
    settings = Settings.from_environ()
    if samples:
        return _check_samples(settings)
    problems: list[str] = []
    try:
        knowledge = load_knowledge(settings)
        say(
            f"编码手册 {knowledge.codebook.id} {knowledge.codebook.version}，"
            f"指标 {len(knowledge.lexicon.indicators)} 条，提示词 {len(knowledge.lexicon.cues)} 条，"
            f"客户模型 {len(knowledge.mappings)} 个"
        )
        path = wanted_model(knowledge, settings)
        say(f"模型 {path.stem}" if path.exists() else "模型 尚未训练（首次使用时自动训练）")
    except CoderError as error:
        problems.append(str(error))
    try:
        problems += services.check_store(services.open_store(settings))
    except CoderError as error:
        problems.append(str(error))
    for problem in problems:
        say(problem)
    say(f"{len(problems)} 个问题" if problems else "没有发现问题")
    return 1 if problems else 0


def _check_samples(settings: Settings) -> int:
    knowledge, _, corpus = _corpus(settings)
    found = survey(corpus, settings.samples, knowledge.codebook.suggested_codes)
    click.echo(found.text)
    for problem in found.problems:
        say(problem)
    say(f"{len(found.problems)} 个问题" if found.problems else "没有发现问题")
    return 1 if found.problems else 0


def _corpus(settings: Settings) -> tuple[Knowledge, Matcher, Corpus]:
    knowledge = load_knowledge(settings)
    matcher = Matcher(knowledge.lexicon)
    return (
        knowledge,
        matcher,
        load_corpus(settings.samples, knowledge.codebook, knowledge.lexicon.conventions, matcher),
    )


@click.command(hidden=True)
def tour() -> int:
    """重做导览的建议（samples/tour/），供开发者在语料或模型改动后使用。

    \b
    例：python -m coder tour
    """
    settings = Settings.from_environ()
    with bar("导览") as progress:
        paths = make_tour(settings, load_knowledge(settings), progress)
    say("、".join(path.name for path in paths))
    return 0


@click.command()
@click.option("--json", "target", type=click.Path(path_type=Path), help="同时把全部数字写成 JSON")
@click.option("--curve/--no-curve", default=True, help="是否算学习曲线（约多一倍时间）")
@click.option("--indicators", is_flag=True, help="改为逐条衡量行为指标的精确率与召回率")
def evaluate(target: Path | None, curve: bool, indicators: bool) -> int:
    """在没见过的行业上衡量编码质量：一致性、等级、校准，与简单基线和双编码并列。

    \b
    例：python -m coder evaluate --json 质量.json
    例：python -m coder evaluate --indicators
    """
    settings = Settings.from_environ()
    if indicators:
        knowledge, matcher, corpus = _corpus(settings)
        report = evaluate_indicators(corpus.interviews, knowledge.lexicon.indicators, matcher)
        click.echo(show_indicators(report))
    else:
        with bar("评估") as progress:
            report = measure_quality(settings, progress, curve)
        click.echo(show(report))
    if target:
        with replacing(target) as stream:
            stream.write((json.dumps(report, ensure_ascii=False, indent=1) + "\n").encode())
    return 0


COMMANDS = (train, check, evaluate, tour)

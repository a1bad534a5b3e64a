"""train, evaluate and tour: what is made from the corpus."""

from __future__ import annotations

import json
from pathlib import Path

import click

from coder.cli.say import bar, say, tell
from coder.cli.usage import Command, Place
from coder.engine import corpus_of, load_engine, load_knowledge, measure_quality
from coder.evaluate.indicators import evaluate_indicators, show_indicators
from coder.evaluate.show import show
from coder.export import check_target, replacing
from coder.settings import Settings
from coder.tour import make_tour


@click.command(cls=Command)
def train() -> int:
    """用合成语料训练模型（约一分钟）；平时不必运行，首次使用会自动训练。

    \b
    例：python -m coder train
    """
    with bar("训练") as progress:
        engine = load_engine(Settings.from_environ(), progress, fresh=True)
    say(f"模型 {engine.models.version}，阈值 {engine.models.threshold:.2f}")
    return 0


@click.command(cls=Command, hidden=True)
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


@click.command(cls=Command)
@click.option("--json", "target", type=Place(), metavar="FILE", help="同时把全部数字写成 JSON")
@click.option("--curve/--no-curve", default=True, help="是否算学习曲线（约多一倍时间）")
@click.option("--indicators", is_flag=True, help="改为逐条衡量行为指标的精确率与召回率")
def evaluate(target: Path | None, curve: bool, indicators: bool) -> int:
    """在没见过的行业上衡量编码质量：一致性、等级、校准，与简单基线和双编码并列。

    \b
    例：python -m coder evaluate --json 质量.json
    例：python -m coder evaluate --indicators
    """
    settings = Settings.from_environ()
    if target:
        check_target(target)  # before an hour of work
    if indicators:
        knowledge, matcher, corpus = corpus_of(settings)
        report = evaluate_indicators(corpus.interviews, knowledge.lexicon.indicators, matcher)
        tell(show_indicators(report))
    else:
        with bar("评估") as progress:
            report = measure_quality(settings, progress, curve)
        tell(show(report))
    if target:
        with replacing(target) as stream:
            stream.write((json.dumps(report, ensure_ascii=False, indent=1) + "\n").encode())
    return 0


COMMANDS = (train, evaluate, tour)

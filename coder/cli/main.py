"""The group of commands, and what each way of ending means to the shell."""

from __future__ import annotations

from collections.abc import Sequence

import click

from coder import __version__
from coder.cli import coding, projects, upkeep
from coder.cli.say import say
from coder.errors import CoderError, UsageError

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


@click.group(name="coder", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(version)s")
def commands() -> None:
    """中文行为事件访谈（BEI）编码：访谈稿进，胜任特征编码与等级出。

    \b
    例：python -m coder code 访谈/*.docx -o 编码.csv
    """


for command in (*coding.COMMANDS, *projects.COMMANDS, *upkeep.COMMANDS):
    commands.add_command(command)


def main(arguments: Sequence[str]) -> int:
    """Run one command; gives the exit code: 0, 1 failed, 2 wrong usage, 130 interrupted."""
    try:
        result = commands.main(args=list(arguments), prog_name="python -m coder", standalone_mode=False)
    except UsageError as error:
        say(str(error))
        return WRONG_USAGE
    except CoderError as error:
        say(str(error))
        return FAILED
    except click.UsageError as error:
        say(f"命令行：{_usage(error)}；请看 python -m coder --help")
        return WRONG_USAGE
    except (KeyboardInterrupt, click.Abort):
        say("已中断")
        return INTERRUPTED
    except BrokenPipeError:
        return FAILED
    return int(result or DONE)


def _usage(error: click.UsageError) -> str:
    """click's complaint in Chinese."""
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}"
    if isinstance(error, click.MissingParameter):
        names = error.param.make_metavar(error.ctx) if error.param and error.ctx else error.param_hint
        return f"缺少参数 {names}"
    if isinstance(error, click.BadParameter):
        return f"参数 {error.param.name if error.param else ''} 不对：{error.message}"
    return error.format_message()

"""The group of commands, and what each way of ending means to the shell."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from coder import __version__
from coder.cli import check, coding, projects, upkeep
from coder.cli.say import leave, say
from coder.cli.usage import Group, complaint
from coder.errors import CoderError, UsageError

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


@click.group(
    name="coder",
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(version)s", help="显示版本")
def commands() -> None:
    """中文行为事件访谈（BEI）编码：访谈稿进，胜任特征编码与等级出。

    退出码：0 成功；1 有文件读不了或写不出；2 用法不对；130 被中断。

    \b
    例：python -m coder code 访谈/*.docx -o 编码.csv
    """


for command in (*coding.COMMANDS, *projects.COMMANDS, *upkeep.COMMANDS, check.check):
    commands.add_command(command)


def main(arguments: Sequence[str]) -> int:
    """Run one command; gives the exit code: 0, 1 failed, 2 wrong usage, 130 interrupted."""
    try:
        return _run(arguments)
    except BrokenPipeError:
        # whoever read standard error has gone: there is nobody to tell
        leave(sys.stderr)
        return FAILED


def _run(arguments: Sequence[str]) -> int:
    try:
        result = commands.main(args=list(arguments), prog_name="python -m coder", standalone_mode=False)
    except UsageError as error:
        say(str(error))
        return WRONG_USAGE
    except CoderError as error:
        say(str(error))
        return FAILED
    except click.exceptions.NoArgsIsHelpError as error:
        say(error.format_message())
        return WRONG_USAGE
    except click.UsageError as error:
        say(complaint(error))
        return WRONG_USAGE
    except (KeyboardInterrupt, click.Abort):
        say("已中断")
        return INTERRUPTED
    return int(result or DONE)

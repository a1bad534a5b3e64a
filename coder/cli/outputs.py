"""The files that one call writes: refused before the work, or written after it, each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from coder import export
from coder.cli.say import say, standard_output
from coder.coding import Sources
from coder.errors import CoderError, ExportError, UsageError


@dataclass(frozen=True, slots=True)
class Output:
    """Where something goes (None: standard output), and what writes it there."""

    target: Path | None
    write: Callable[[export.Target], object]

    def put(self) -> None:
        """Write it; ExportError when that cannot be."""
        if self.target is not None:
            self.write(self.target)
            return
        with standard_output() as stream:
            self.write(stream)


def check_format(output: Path | None, format: str | None) -> None:
    """UsageError for a format that does not exist or cannot go to standard output."""
    name = export.format_of(output or BytesIO(), format)
    if output is None and export.FORMATS[name].BINARY:
        raise UsageError("--format", f"{name} 不能写到标准输出", "请用 -o 给出文件")


def check_targets(targets: Sequence[Path], sources: Sources) -> list[CoderError]:
    """What cannot be written; UsageError for targets that would overwrite each other or a source."""
    places = [target.resolve() for target in targets]
    if len(set(places)) < len(places):
        raise UsageError("命令行", "几个输出写到同一个文件", "请各给一个文件名")
    read = {source.path.resolve() for source, _ in sources.found}
    for target, place in zip(targets, places, strict=True):
        if place in read:
            raise UsageError(str(target), "输出会覆盖要读的访谈稿", "请另选输出文件")
    return [error for target in targets if (error := _unwritable(target))]


def _unwritable(target: Path) -> ExportError | None:
    try:
        export.check_target(target)
    except ExportError as error:
        return error
    return None


def warn_early(failures: Iterable[CoderError]) -> None:
    """Say before the work what is known to fail; it is listed again at the end."""
    for failure in failures:
        say(f"注意  {failure}")


def put_all(outputs: Iterable[Output]) -> list[str]:
    """Write each output; gives what failed."""
    failures = []
    for output in outputs:
        try:
            output.put()
        except ExportError as error:
            failures.append(str(error))
    return failures

"""Files → runs, nothing stored: what ``code`` does, on one core or several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coder import export, read, review
from coder.batch import Outcome, Work, run_all, run_parallel
from coder.engine import load_engine
from coder.errors import CoderError
from coder.model.review import Coding
from coder.model.suggestion import Run
from coder.model.text import Transcript
from coder.pipeline import Engine
from coder.read.gather import Source, gather
from coder.segment import segment
from coder.settings import Settings


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """What is asked of one call of ``code``."""

    paths: tuple[Path, ...]
    interviewee: str | None = None
    group: str = ""
    threshold: float | None = None
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Sources:
    """The transcripts under some paths, with names that tell them apart, and what failed."""

    found: tuple[tuple[Source, str], ...]
    failures: tuple[CoderError, ...]


def gather_sources(paths: Sequence[Path]) -> Sources:
    """The transcripts that files, folders and zips hold."""
    sources, failures = gather(paths, read.SUFFIXES)
    names = export.qualify([source.place for source in sources])
    return Sources(tuple(zip(sources, names, strict=True)), tuple(failures))


def read_source(path: Path, settings: Settings) -> Transcript:
    """The transcript of one file, read and not segmented."""
    return read.read_bytes(Source(path).data(settings.max_bytes), path.name, settings.max_bytes)


def code_sources(
    sources: Sequence[tuple[Source, str]], request: CodeRequest, engine: Engine, settings: Settings
) -> Iterator[Outcome]:
    """The outcome of each source, in order; one that fails does not stop the others."""
    if request.jobs > 1 and len(sources) > 1:
        arguments = (tuple(sources), request, settings)
        yield from run_parallel(_prepare_worker, arguments, len(sources), min(request.jobs, len(sources)))
    else:
        yield from run_all(_work(sources, request, engine, settings), len(sources))


def _prepare_worker(sources: Sequence[tuple[Source, str]], request: CodeRequest, settings: Settings) -> Work:
    return _work(sources, request, load_engine(settings), settings)


def _work(
    sources: Sequence[tuple[Source, str]], request: CodeRequest, engine: Engine, settings: Settings
) -> Work:
    def work(index: int) -> Outcome:
        source, name = sources[index]
        try:
            data = source.data(settings.max_bytes)
            found = read.read_bytes(data, source.place.name, settings.max_bytes)
            named = replace(found, name=name, group=request.group)
            transcript = segment(named, engine.lexicon.conventions, request.interviewee)
            return Outcome(name, transcript, engine.suggest(transcript, request.threshold))
        except CoderError as error:
            # by the name that tells it apart: two folders may each hold an unreadable 1.txt
            return Outcome(name, error=type(error)(name, error.what, error.todo))

    return work


def suggested_codings(done: Sequence[tuple[Transcript, Run]], everything: bool = False) -> tuple[Coding, ...]:
    """The runs' suggestions as codings, sorted; below the threshold only with ``everything``."""
    found: list[Coding] = []
    for transcript, run in done:
        shown = run.suggestions if everything else run.above(run.threshold)
        items = review.replay(review.by_item(shown), ())
        found += review.codings(items, transcript, run)
    return tuple(sorted(found, key=review.coding_order))

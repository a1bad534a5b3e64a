"""The tour (导览): three synthetic interviews with suggestions by a model that had not seen them.

Their runs are files (samples/tour/), so that every page shows something while the first model
trains. `python -m coder tour` makes the files anew.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from coder import services
from coder.corpus import Corpus, load_corpus, load_interview
from coder.engine import Knowledge, tokenizer_for
from coder.errors import DataError
from coder.match import Matcher
from coder.model.codebook import Label
from coder.model.suggestion import Evidence, Reason, Run, Suggestion, Uncoded
from coder.model.text import Span, Transcript
from coder.pipeline import Engine
from coder.segment import segment
from coder.services import TOUR_PROJECT
from coder.settings import Settings
from coder.store import Store
from coder.train import Progress, train

FOLDER = "tour"


def open_tour(store: Store, settings: Settings, knowledge: Knowledge) -> None:
    """Put the tour into a database that has no project yet; one that was removed stays away."""
    if services.list_projects(store) or _removed(settings).exists():
        return
    paths = sorted((settings.samples / FOLDER).glob("*.json"))
    # all are read before one is stored: half a tour would look like a whole one
    for transcript, run in [(_transcript(path, settings, knowledge), read_run(path)) for path in paths]:
        services.import_interview(store, transcript, run, TOUR_PROJECT)


def _transcript(path: Path, settings: Settings, knowledge: Knowledge) -> Transcript:
    codings, transcripts = (settings.samples / part for part in ("codings", "transcripts"))
    conventions = knowledge.lexicon.conventions
    return load_interview(codings / path.name, transcripts, knowledge.codebook, conventions).transcript


def remove_tour(store: Store, settings: Settings) -> None:
    """Delete the tour for good."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    _removed(settings).touch()
    services.delete_project(store, TOUR_PROJECT)


def _removed(settings: Settings) -> Path:
    return settings.home / "tour-removed"


def read_run(path: Path) -> Run:
    """The run of one file; DataError when it is none."""
    try:
        return _run(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(path.name, f"不是导览的建议：{error}", "请运行 python -m coder tour") from None


def make_tour(settings: Settings, knowledge: Knowledge, progress: Progress) -> tuple[Path, ...]:
    """Suggest for the tour's interviews with models that saw neither them nor their trades."""
    matcher, tokenizer = Matcher(knowledge.lexicon), tokenizer_for(knowledge.lexicon, settings)
    conventions = knowledge.lexicon.conventions
    corpus = load_corpus(settings.samples, knowledge.codebook, conventions, matcher)
    paths = tuple(sorted((settings.samples / FOLDER).glob("*.json")))
    shown = {path.stem for path in paths}
    trades = {interview.trade for interview in corpus.interviews if interview.id in shown}
    models = train(
        _without(corpus, trades), knowledge.codebook, knowledge.lexicon, tokenizer, progress=progress
    )
    engine = Engine(knowledge.codebook, knowledge.lexicon, matcher, tokenizer, models)
    for interview in corpus.interviews:
        if interview.id in shown:
            run = engine.suggest(segment(replace(interview.transcript, warnings=()), conventions))
            path = settings.samples / FOLDER / f"{interview.id}.json"
            path.write_text(json.dumps(asdict(run), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return paths


def _without(corpus: Corpus, trades: set[str]) -> Corpus:
    interviews = tuple(i for i in corpus.interviews if i.trade not in trades)
    utterances = tuple(u for u in corpus.utterances if u.trade not in trades)
    return replace(corpus, interviews=interviews, utterances=utterances)


def _run(data: dict[str, Any]) -> Run:
    suggestions = tuple(_suggestion(row) for row in data["suggestions"])
    uncoded = tuple(Uncoded(Span(**r["span"]), Reason(r["reason"]), r["detail"]) for r in data["uncoded"])
    return Run(**{**data, "suggestions": suggestions, "uncoded": uncoded})


def _suggestion(row: dict[str, Any]) -> Suggestion:
    evidence = tuple(
        Evidence(**{**e, "span": Span(**e["span"]) if e["span"] else None}) for e in row["evidence"]
    )
    alternatives = tuple((code, probability) for code, probability in row["alternatives"])
    span, label = Span(**row["span"]), Label(**row["label"])
    return Suggestion(
        **{**row, "span": span, "label": label, "evidence": evidence, "alternatives": alternatives}
    )

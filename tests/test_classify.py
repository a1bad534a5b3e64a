"""Vocabulary, contexts, features and judgements: properties, whatever the weights are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from tiny import CODES, codebook, lexicon, tokenizer

from coder.classify import Context, Featurizer, Judgement, Levels, Linear, Models, Vocabulary, contexts, shape
from coder.classify.vector import tokens
from coder.model.suggestion import Reason
from coder.model.text import Role, Transcript
from coder.segment import segment
from coder.words import fold

DOCUMENTS = st.lists(st.lists(st.sampled_from("甲乙丙丁戊"), max_size=8), min_size=1, max_size=8)
SENTENCES = (
    "我就一户一户去问,没在群里发。",
    "我当天晚上就把3月的单子一张一张核对了。",
    "一户一户问下来,问了四十多户。",
    "领导让小王去问的,我没去。",
    "一般来说我们都会去问一问。",
    "我把单子一张一张核对,核对了两遍。",
)


def featurizer(*sentences: Context) -> Featurizer:
    given_ = sentences or tuple(Context(text, signs={"cue:other": 1.0}) for text in SENTENCES)
    return Featurizer.fit(given_, tokenizer(), least=1)


def dense(own: Featurizer, *given_: Context) -> np.ndarray:  # type: ignore[type-arg]
    return np.asarray(own.matrix(given_, tokenizer()).toarray())


# ── vocabulary ────────────────────────────────────────────────────────────────────────────────────


@given(DOCUMENTS)
def test_vocabulary_rows_have_length_one_or_are_empty(documents: list[list[str]]) -> None:
    vocabulary = Vocabulary.fit(documents, least=2, most=100)
    lengths = np.sqrt(vocabulary.rows(documents).power(2).sum(axis=1)).A1
    known = [bool(set(document) & set(vocabulary.terms)) for document in documents]
    assert lengths == pytest.approx([float(knows) for knows in known], abs=1e-6)


@given(DOCUMENTS, st.integers(1, 3))
def test_vocabulary_knows_what_occurs_often_enough(documents: list[list[str]], least: int) -> None:
    counts = {term: sum(term in document for document in documents) for term in "甲乙丙丁戊"}
    wanted = {term for term, count in counts.items() if count >= least}
    assert set(Vocabulary.fit(documents, least, most=100).terms) == wanted


def test_vocabulary_keeps_the_commonest_when_there_are_too_many() -> None:
    documents = [["甲", "乙"], ["甲", "丙"], ["甲", "乙"], ["丁"]]
    assert Vocabulary.fit(documents, least=1, most=2).terms == tuple(sorted("甲乙"))


@given(DOCUMENTS)
def test_vocabulary_does_not_depend_on_the_order_of_documents(documents: list[list[str]]) -> None:
    one, other = (Vocabulary.fit(order, 1, 3) for order in (documents, documents[::-1]))
    assert one.terms == other.terms
    assert np.array_equal(one.idf, other.idf)


def test_vocabulary_weighs_rare_terms_more() -> None:
    vocabulary = Vocabulary.fit([["甲", "乙"], ["甲"], ["甲"]], least=1, most=10)
    assert vocabulary.idf[vocabulary.index["乙"]] > vocabulary.idf[vocabulary.index["甲"]]


def test_vocabulary_without_terms_gives_empty_rows() -> None:
    rows = Vocabulary((), np.zeros(0, dtype=np.float32)).rows([["甲"], []])
    assert rows.shape == (2, 0)


# ── tokens ────────────────────────────────────────────────────────────────────────────────────────


def test_tokens_hold_every_word_of_the_sentence() -> None:
    words = {word for word in tokenizer().cut("我挨户去问") if word}
    assert {f"w:{word}" for word in words} <= set(tokens("我挨户去问", tokenizer()))


def test_tokens_take_all_numbers_for_one() -> None:
    one, other = tokens("等了30天", tokenizer()), tokens("等了45天", tokenizer())
    assert "w:<数>" in one
    assert [t for t in one if t[0] in "wb"] == [t for t in other if t[0] in "wb"]


def test_tokens_have_no_characters_from_both_sides_of_a_stop() -> None:
    grams = [token[2:] for token in tokens("我去了,他没去。", tokenizer()) if token.startswith("c:")]
    assert "他没" in grams
    assert not any("了他" in gram or "," in gram or "。" in gram for gram in grams)


def test_tokens_of_nothing_are_none() -> None:
    assert tokens("", tokenizer()) == ()


# ── features ──────────────────────────────────────────────────────────────────────────────────────


def test_featurizer_names_every_column_once() -> None:
    own = featurizer()
    assert len(own.names) == len(set(own.names)) == dense(own, Context("我去问")).shape[1]


def test_featurizer_gives_neighbours_words_names_of_their_own() -> None:
    own = featurizer()
    plain = Context("我去问")
    shown = {
        block: {own.names[i] for i in np.flatnonzero(dense(own, context)[0] != dense(own, plain)[0])}
        for block, context in (
            ("before", Context("我去问", before="领导让小王去问的")),
            ("after", Context("我去问", after="领导让小王去问的")),
            ("question", Context("我去问", question="领导让小王去问的")),
        )
    }
    assert all(shown.values())
    assert not shown["before"] & shown["after"]
    assert not shown["after"] & shown["question"]
    assert not any(names & set(own.vocabulary.terms) for names in shown.values())


def test_featurizer_lets_a_neighbour_weigh_less_than_the_sentence() -> None:
    own = featurizer()
    own_length = np.linalg.norm(dense(own, Context(SENTENCES[0]))[0])
    neighbour_length = np.linalg.norm(dense(own, Context("", before=SENTENCES[0]))[0])
    assert 0 < neighbour_length < own_length


def test_featurizer_puts_a_sign_into_its_own_column() -> None:
    own = featurizer()
    row = dense(own, Context("", signs={"cue:other": 0.5}))[0]
    assert [own.names[i] for i in np.flatnonzero(row)] == ["cue:other"]


def test_featurizer_passes_over_a_sign_that_it_does_not_know() -> None:
    assert not dense(featurizer(), Context("", signs={"cue:new": 1.0})).any()


def test_featurizer_rows_do_not_depend_on_their_company() -> None:
    own = featurizer()
    given_ = [Context(text, before="我去问") for text in SENTENCES]
    together = dense(own, *given_)
    alone = np.vstack([dense(own, context) for context in given_])
    assert np.array_equal(together, alone)


def test_featurizer_gives_no_row_for_no_context() -> None:
    own = featurizer()
    assert own.matrix([], tokenizer()).shape == (0, len(own.names))


# ── contexts ──────────────────────────────────────────────────────────────────────────────────────

TALK = (
    "访谈者：您先说说。后来呢？\n"
    "受訪者：我當時就去了。我一戶一戶問。\n"
    "访谈者：结果怎么样？\n"
    "受訪者：還行吧。\n"
    "访谈者：再举一个例子？\n"
    "受訪者：那就是二〇一九年，我去找了他们经理。\n"
)


def talk() -> Transcript:
    return segment(Transcript("甲.txt", TALK), lexicon().conventions)


def test_contexts_stand_one_for_each_interviewee_sentence() -> None:
    texts = [fold(talk().of(s.span)) for s in talk().interviewee_sentences]
    assert len(texts) == 4
    assert [context.text for context in contexts(talk())] == texts


def test_contexts_see_the_interviewees_own_neighbours_only() -> None:
    first, second, third, _ = contexts(talk())
    assert (first.before, first.after) == ("", second.text)
    assert (second.before, second.after) == (first.text, "")
    assert (third.before, third.after) == ("", "")


def test_contexts_see_the_whole_question_before() -> None:
    assert [context.question for context in contexts(talk())] == [
        *("您先说说。后来呢?", "您先说说。后来呢?", "结果怎么样?", "再举一个例子?")
    ]


def test_contexts_know_first_and_last_of_an_answer() -> None:
    places = [
        {name for name in context.signs if name in ("place:first", "place:last")}
        for context in contexts(talk())
    ]
    assert places == [
        {"place:first"},
        {"place:last"},
        {"place:first", "place:last"},
        {"place:first", "place:last"},
    ]


def test_contexts_of_interviewers_alone_are_none() -> None:
    turns = segment(Transcript("甲.txt", "访谈者：您说说。\n访谈者：好的。\n"), lexicon().conventions)
    asked = [s for s in turns.sentences if s.role is Role.INTERVIEWEE]
    assert len(contexts(turns)) == len(asked)


def test_shape_does_not_take_us_for_me() -> None:
    assert "shape:i" not in shape("我们都去了", "", "")
    assert shape("我们去了,我也去了", "", "")["shape:i"] == 1.0


def test_shape_holds_no_zeros() -> None:
    assert all(shape("他去了。", "", "我没去").values())


# ── models ────────────────────────────────────────────────────────────────────────────────────────


def random_models(seed: int = 1) -> Models:
    """Models with weights by chance over the featurizer's columns."""
    own, chance = featurizer(), np.random.default_rng(seed)

    def linear(classes: tuple[str, ...]) -> Linear:
        weights = chance.normal(size=(len(classes), len(own.names))).astype(np.float32)
        return Linear(classes, weights, chance.normal(size=len(classes)).astype(np.float32))

    competency = linear(CODES)
    many = np.ones((len(CODES), 2), np.float32)
    steps, error = np.array([1, 2], np.float32), np.array([0, 1, 1], np.float32)
    levels = Levels(CODES, competency.weights, many[:, 0], many[:, 0], many, steps, error)
    reasons = linear((Reason.OTHER, Reason.HABIT))
    none = np.zeros(0, np.float32)
    return Models("v", own, linear(("yes",)), reasons, competency, levels, none, 0.5)


def judged(*texts: str, offset: int = 100) -> tuple[Judgement, ...]:
    given_ = [Context(text, before="我去问") for text in texts]
    offsets = [offset + sum(map(len, texts[:i])) for i in range(len(texts))]
    return random_models().judge(given_, offsets, tokenizer())


def test_linear_softmax_sums_to_one_for_any_score() -> None:
    model = Linear(("a", "b", "c"), np.array([[1e3], [-1e3], [0]], np.float32), np.zeros(3, np.float32))
    shares = model.softmax(sparse.csr_matrix(np.array([[1.0], [-1.0], [0.0]], np.float32)))
    assert shares.sum(axis=1) == pytest.approx([1, 1, 1])
    assert shares.argmax(axis=1)[:2].tolist() == [0, 1]


def test_linear_sigmoid_grows_from_nought_to_one_for_any_score() -> None:
    # exp() of a far score overflowed once
    model = Linear(("yes",), np.array([[1.0]], np.float32), np.zeros(1, np.float32))
    rows = sparse.csr_matrix(np.array([[-1e4], [-2.0], [0.0], [2.0], [1e4]], np.float32))
    assert model.sigmoid(rows) == pytest.approx([0, 0.1192, 0.5, 0.8808, 1], abs=1e-4)


def test_models_judge_every_competency_the_likeliest_first() -> None:
    for judgement in judged(*SENTENCES):
        shares = [vote.probability for vote in judgement.votes]
        assert {vote.competency for vote in judgement.votes} == set(CODES)
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) == pytest.approx(1)
        assert 0 <= judgement.codability.probability <= 1


def test_models_judge_words_stand_where_their_span_says() -> None:
    text = "".join(SENTENCES)
    features = [f for judgement in judged(*SENTENCES) for vote in judgement.votes for f in vote.features]
    assert features
    for feature in features:
        assert feature.span is not None
        assert text[feature.span.start - 100 : feature.span.end - 100] == feature.name


def test_models_judge_words_that_speak_for_the_competency_only() -> None:
    features = [f for judgement in judged(*SENTENCES) for vote in judgement.votes for f in vote.features]
    assert all(feature.weight > 0 for feature in features)


def test_models_judge_no_word_inside_another() -> None:
    for judgement in judged(*SENTENCES):
        for vote in judgement.votes:
            spans = [feature.span for feature in vote.features if feature.span]
            assert not any(a.contains(b) for a in spans for b in spans if a is not b)


def test_models_judge_alike_in_any_company() -> None:
    together, alone = judged(*SENTENCES), judged(SENTENCES[0])
    assert together[0].codability.probability == pytest.approx(alone[0].codability.probability, abs=1e-6)
    assert [v.competency for v in together[0].votes] == [v.competency for v in alone[0].votes]


def test_models_judge_nothing_of_nothing() -> None:
    assert random_models().judge([], [], tokenizer()) == ()


def test_models_without_training_take_all_competencies_for_equally_likely() -> None:
    (judgement,) = Models.empty(codebook()).judge([Context("我去问")], [0], tokenizer())
    codes = codebook().suggested_codes
    assert [vote.probability for vote in judgement.votes] == pytest.approx([1 / len(codes)] * len(codes))
    assert judgement.codability.probability == 0.5
    assert judgement.probability("INFO") == pytest.approx(1 / len(codes))

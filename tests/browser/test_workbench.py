"""The workbench in a real browser: keys, drafts, the way to the database and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

from conftest import Bench, Served
from desk import words
from playwright.sync_api import Page, expect

from coder import services
from coder.engine import load_knowledge
from coder.model.codebook import Label
from coder.model.review import Decision, Draft, Status, Verdict
from coder.model.text import Span
from coder.ui.pane.content import database_id

Make = Callable[..., Bench]


# ── decisions ─────────────────────────────────────────────────────────────────────────────────────


def test_workbench_accepts_amends_rejects_by_key(bench: Make) -> None:
    at = bench().press("a", "5", "a", "x").saved()
    assert at.statuses()[:3] == ["accepted", "amended", "rejected"]
    assert at.items()[1].draft.label == Label("ACH", "A", 5)


def test_workbench_takes_a_negative_level(bench: Make) -> None:
    at = bench().press("j", "-", "1", "Enter").saved()
    assert at.items()[1].draft.label.level == -1


def test_workbench_leaves_a_draft_undecided(bench: Make) -> None:
    at = bench().press("4", "j", "j", "k", "k")
    assert "有改动未裁决" in at.card()
    assert set(at.statuses()) == {"suggested"}


def test_workbench_drops_a_draft_with_escape(bench: Make) -> None:
    at = bench().press("4", "Escape", "a").saved()
    assert at.items()[0].status is Status.ACCEPTED


def test_workbench_changes_to_a_likely_competency(bench: Make) -> None:
    at = bench().press("Shift+Digit3", "3", "a").saved()
    assert at.items()[0].draft.label == Label("TW", "A", 3)


def test_workbench_asks_for_the_level_on_another_scale(bench: Make) -> None:
    at = bench().press("Shift+Digit3", "a")
    assert "按数字键选等级" in at.card()
    assert set(at.statuses()) == {"suggested"}
    at.press("Shift+Digit1", "a").saved()  # back to the one that was suggested, with its level
    assert at.items()[0].status is Status.ACCEPTED


def test_workbench_finds_a_competency_by_pinyin_initials(bench: Make) -> None:
    at = bench().press("c")
    at.page.keyboard.type("cjdx5")
    at.press("Enter", "a").saved()
    assert at.items()[0].draft.label == Label("ACH", "A", 5)


def test_workbench_moves_the_span_by_sentence_and_character(bench: Make) -> None:
    at = bench().press("]", "Alt+Shift+]", "a").saved()
    moved = at.items()[0].draft.span
    assert moved.of(at.text()) == "😀𠮷野家那次我先去了库房。我一箱一箱看了一遍"


def test_workbench_moves_the_start_over_an_emoji_in_one_step(bench: Make) -> None:
    at = bench().press("Alt+Shift+[", "a").saved()
    assert at.items()[0].draft.span.of(at.text()) == "𠮷野家那次我先去了库房。"


def test_workbench_keeps_a_memo(bench: Make) -> None:
    at = bench().press("m")
    at.page.keyboard.type("待追问：几箱？")
    at.press("Escape", "a").saved()
    assert (at.items()[0].draft.memo, at.items()[0].status) == ("待追问：几箱？", Status.ACCEPTED)


def test_workbench_undoes_and_redoes(bench: Make) -> None:
    at = bench().press("a", "x", "u").saved()
    assert at.statuses()[:2] == ["accepted", "suggested"]
    at.press("Shift+U").saved()
    assert at.statuses()[:2] == ["accepted", "rejected"]
    at.press("u", "u").saved()
    assert at.statuses()[:2] == ["suggested", "suggested"]


def test_workbench_undoes_what_an_earlier_session_decided(bench: Make) -> None:
    bench_ = bench().press("a", "x").saved()
    bench_.open().press("u").saved()
    assert bench_.statuses()[:2] == ["accepted", "suggested"]


def test_workbench_accepts_in_bulk_with_one_undo(bench: Make) -> None:
    at = bench().press("b")
    at.page.locator(".bei-box input[type=range]").fill("0.7")
    at.page.locator(".bei-box .bei-yes").click()
    at.saved()
    confident = [item for item in at.items() if item.suggestion and item.suggestion.confidence >= 0.7]
    assert confident
    assert all(item.status is Status.ACCEPTED for item in confident)
    assert sum(item.decided for item in at.items()) == len(confident)
    at.press("u").saved()
    assert not any(item.decided for item in at.items())


# ── adding ────────────────────────────────────────────────────────────────────────────────────────


def test_workbench_adds_a_selection_with_emoji(bench: Make) -> None:
    at = bench()
    at.select("😀𠮷野家")
    at.press("c")
    at.page.keyboard.type("kh")
    at.press("Enter", "3", "Enter").saved()
    [added] = [item for item in at.items() if item.status is Status.ADDED]
    assert added.draft.span.of(at.text()) == "😀𠮷野家"
    assert added.draft.label == Label("CSO", "A", 3)


def test_workbench_adds_what_the_mouse_selects(bench: Make) -> None:
    at = bench()
    first = at.page.locator(".bei-seg", has_text="我一箱一").bounding_box()
    last = at.page.locator(".bei-seg", has_text="箱看了一遍。").bounding_box()
    assert first
    assert last
    at.page.mouse.move(first["x"] + 1, first["y"] + 14)
    at.page.mouse.down()
    at.page.mouse.move(last["x"] + last["width"] - 2, last["y"] + 14, steps=8)
    at.page.mouse.up()
    expect(at.page.locator(".bei-card")).to_contain_text("选中 10 字")
    at.press("c")
    at.page.keyboard.type("ach4")
    at.press("Enter", "a").saved()
    [added] = [item for item in at.items() if item.status is Status.ADDED]
    assert added.draft.span.of(at.text()) == "我一箱一箱看了一遍。"


def test_workbench_asks_for_a_level_before_it_adds(bench: Make) -> None:
    at = bench()
    at.select("库房")
    at.press("c", "Enter", "a")
    expect(at.page.locator(".bei-toast")).to_contain_text("请先选等级")
    assert Status.ADDED not in [item.status for item in at.items()]


def test_workbench_adds_another_dimension_beside_a_suggestion(bench: Make) -> None:
    at = bench().press("j", "d", "2", "a").saved()
    [added] = [item for item in at.items() if item.status is Status.ADDED]
    assert added.draft.label == Label("ACH", "B", 2)
    assert added.draft.span == at.items()[1].draft.span


def test_workbench_sweeps_to_an_uncoded_sentence_and_codes_it(bench: Make) -> None:
    at = bench().press("n")
    assert "习惯泛述" in at.card()
    at.press("c")
    at.page.keyboard.type("info2")
    at.press("Enter", "a").saved()
    [added] = [item for item in at.items() if item.status is Status.ADDED]
    assert "第8回" in added.draft.span.of(at.text())


def test_workbench_shows_uncoded_sentences_with_their_reason(bench: Make) -> None:
    at = bench()
    assert at.page.locator(".bei-reason").count() == 0
    at.press("s")
    assert at.page.locator('.bei-reason[data-tag="习惯泛述"]').count() > 0


def test_workbench_undoes_an_addition(bench: Make) -> None:
    at = bench()
    at.select("库房")
    at.press("c")
    at.page.keyboard.type("ach4")
    at.press("Enter", "a", "u").saved()
    assert Status.ADDED not in [item.status for item in at.items()]


# ── finding one's way ─────────────────────────────────────────────────────────────────────────────


def test_workbench_orders_by_confidence(bench: Make) -> None:
    at = bench()
    at.page.locator(".bei-side select").nth(1).select_option("least")
    at.press("Escape", "Escape", "j")
    least = min(item.suggestion.confidence for item in at.items() if item.suggestion)
    assert f"把握 {least:.2f}" in at.card()


def test_workbench_filters_by_competency(bench: Make) -> None:
    at = bench().press("f")
    at.page.keyboard.type("kh")
    at.press("Enter")
    tags = at.page.locator(".bei-tag[data-item]")
    assert {tags.nth(n).get_attribute("data-tag") for n in range(tags.count())} == {"CSO A2"}


def test_workbench_searches_the_text(bench: Make) -> None:
    at = bench().press("/")
    at.page.keyboard.type("第20回")
    expect(at.page.locator(".bei-hit-on").first).to_be_in_viewport()


def test_workbench_marks_the_evidence_of_the_active_item(bench: Make) -> None:
    at = bench()
    assert "".join(at.page.locator(".bei-ev").all_inner_texts()) == "😀𠮷野家"


def test_workbench_marks_done_after_asking(bench: Make) -> None:
    at = bench()
    at.page.get_by_role("button", name="标为完成").click()
    at.page.locator(".bei-box .bei-yes").click()
    expect(at.page.get_by_role("button", name="✓ 已完成")).to_be_visible()
    at.press("?")
    at.page.wait_for_timeout(1000)
    assert services.open_interview(at.store, at.number).done


def test_workbench_never_takes_text_for_html(bench: Make) -> None:
    evil = "访谈者：请讲。\n受访者：<img src=x onerror=\"document.title='pwned'\">我去了<b>库房</b>。\n"
    at = bench(evil)
    assert at.page.locator(".bei-text img, .bei-text b:text('库房')").count() == 0
    assert "<b>库房</b>" in at.page.inner_text(".bei-text")


# ── the way to the database ───────────────────────────────────────────────────────────────────────


def test_workbench_loses_none_of_forty_fast_keys(bench: Make) -> None:
    at = bench()
    at.press(*("a" if number % 3 else "x" for number in range(40))).saved()
    wanted = ["accepted" if number % 3 else "rejected" for number in range(40)]
    assert at.statuses()[:40] == wanted
    assert sum(item.decided for item in at.items()) == 40


def test_workbench_keeps_everything_while_the_server_stands_still(bench: Make, served: Served) -> None:
    at = bench()
    served.stop_a_while()
    at.press(*"a" * 20)
    expect(at.page.locator(".bei-saved")).to_contain_text("20 条正在存")
    at.page.wait_for_timeout(5000)  # longer than the pane waits before it sends again
    served.go_on()
    at.saved()
    assert sum(item.decided for item in at.items()) == 20


def test_workbench_sends_again_after_a_reload(bench: Make) -> None:
    at = bench()
    block = "document.addEventListener('bei-send', (e) => e.stopImmediatePropagation(), true)"
    at.page.evaluate(
        f"window.addEventListener('bei-send', (e) => e.stopImmediatePropagation(), true); {block}"
    )
    at.page.on("dialog", lambda dialog: dialog.accept())  # the pane asks before it is left unsaved
    at.press("a", "x", "a")
    at.page.wait_for_timeout(1000)
    assert not any(item.decided for item in at.items())
    at.open().saved()
    assert at.statuses()[:3] == ["accepted", "rejected", "accepted"]


def test_workbench_shows_all_after_a_reload(bench: Make) -> None:
    at = bench().press("a", "4", "a", "x").saved()
    at.open()
    expect(at.page.locator(".bei-progress b")).to_have_text(f"3 / {len(at.items())}")
    assert at.page.locator(".bei-is-accepted.bei-tag").count() == 1
    assert at.page.locator(".bei-is-amended.bei-tag").count() == 1
    assert at.page.locator(".bei-is-rejected.bei-tag").count() == 1


def test_workbench_rolls_back_a_stale_decision_and_says_why(bench: Make) -> None:
    at = bench()
    item = at.items()[0]
    after = Draft(item.draft.span, Label("CO", "A", 3))
    other = Decision("x", 1, item.id, "李", Verdict.AMEND, item.draft, after, datetime.now(UTC))
    services.decide(at.store, at.number, [other], load_knowledge(at.served.settings).codebook)
    at.press("a", "k").saved()
    expect(at.page.locator(".bei-refused")).to_contain_text("已有变动")
    assert at.page.locator(".bei-tag-on").get_attribute("data-tag") == "CO A3 ✎"
    assert at.items()[0].annotator == "李"


def test_workbench_in_two_browsers_shows_both_what_is_stored(bench: Make) -> None:
    at = bench()
    second = at.page.context.new_page()
    other = Bench(second, at.served, at.store, at.number, at.project).open()
    at.press("a", "a").saved()
    other.press("j", "j", "x", "x").saved()
    assert at.statuses()[:4] == ["accepted", "accepted", "rejected", "rejected"]


def test_workbench_asks_nothing_of_the_network(bench: Make, page: Page, served: Served) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    bench().press("a").saved()
    assert [url for url in asked if not url.startswith((served.url, "blob:", "data:"))] == []


# ── speed ─────────────────────────────────────────────────────────────────────────────────────────

_TIMES = """async (keys) => {
  const times = [];
  for (const key of keys) {
    const start = performance.now();
    document.querySelector('.bei-pane').dispatchEvent(
      new KeyboardEvent('keydown', { key, code: 'Key' + key.toUpperCase(), bubbles: true }));
    document.querySelector('.bei-card').getBoundingClientRect();
    times.push(performance.now() - start);
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  }
  return times;
}"""


def test_workbench_draws_a_key_within_a_frame(bench: Make) -> None:
    filler = "那一阵子天天下雨，路也不好走，车进不来，人也不肯多待，什么都要等。" * 22
    text = words(470).replace("访谈者：后来呢？\n", f"访谈者：后来呢？{filler}\n", 40)
    at = bench(text)
    assert len(at.text()) >= 30_000
    assert len(at.items()) >= 390
    times = at.page.evaluate(_TIMES, list("jajxjaju" * 8))
    assert median(times) < 16
    at.saved()


def test_workbench_has_text_where_python_counts_it(bench: Make) -> None:
    at = bench()
    for item in at.items()[:5]:
        node = at.page.locator(f'.bei-tag[data-item="{item.id}"] + .bei-seg')
        shown = node.inner_text()
        span: Span = item.draft.span
        assert span.of(at.text()).startswith(shown)


def test_workbench_shows_only_words_that_tell_something(bench: Make) -> None:
    words_ = bench().page.locator(".bei-evidence li", has_text="用词").locator(".bei-placed")
    assert words_.all_inner_texts() == ["客户"]


def test_workbench_help_fits_and_begins_at_its_top(bench: Make) -> None:
    at = bench().press("?")
    expect(at.page.locator(".bei-keys")).to_be_visible()
    box = at.page.locator(".bei-box")
    assert box.evaluate("node => node.scrollHeight <= node.clientHeight + 1 && node.scrollTop === 0")


def test_workbench_decisions_left_behind_are_delivered_from_another_page(bench: Make) -> None:
    at = bench()
    at.served.stop_a_while()
    try:
        at.press("a", "x")
        expect(at.page.locator(".bei-saved")).to_contain_text("正在存")
        at.page.get_by_role("link", name="词典").click()
    finally:
        at.served.go_on()
    expect(at.page.get_by_role("heading", name="词典")).to_be_visible()
    at.page.wait_for_function("!Object.keys(localStorage).some((key) => key.startsWith('bei-outbox:'))")
    assert at.statuses()[:2] == ["accepted", "rejected"]


def test_workbench_tells_on_another_page_what_was_refused(bench: Make) -> None:
    at = bench()
    at.page.get_by_role("link", name="词典").click()
    expect(at.page.get_by_role("heading", name="词典")).to_be_visible()
    name = f"bei-outbox:{database_id(at.store.where)}:c"
    left = [{"client": "c", "sequence": 1, "interview": at.number, "item": "i", "verdict": "perhaps"}]
    at.page.evaluate("([name, rows]) => localStorage.setItem(name, JSON.stringify(rows))", [name, left])
    expect(at.page.locator(".bei-note")).to_contain_text("1 条裁决没有存下")
    assert at.page.evaluate("(name) => localStorage.getItem(name)", name) is None


def test_workbench_keeps_its_keys_after_a_filter_was_touched(bench: Make) -> None:
    at = bench()
    at.page.locator(".bei-side select").first.select_option("todo")
    at.page.locator(".bei-side select").first.focus()
    at.press("j", "a").saved()
    assert [status for status in at.statuses() if status != "suggested"] == ["accepted"]


def test_workbench_leaves_done_alone_when_the_page_runs_again(bench: Make) -> None:
    at = bench()
    at.page.get_by_role("button", name="标为完成").click()
    at.page.locator(".bei-box .bei-yes").click()
    at.page.wait_for_function("document.querySelector('.bei-top').textContent.includes('已完成')")
    at.page.wait_for_timeout(1500)
    assert services.open_interview(at.store, at.number).done
    services.mark_done(at.store, at.number, done=False)
    name = at.page.get_by_role("textbox", name="编码者")
    name.fill("李")
    name.press("Enter")
    expect(at.page.get_by_role("button", name="标为完成")).to_be_visible()
    assert not services.open_interview(at.store, at.number).done

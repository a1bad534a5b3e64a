// The transcript: a block a turn, cut into segments wherever a mark begins or ends.

const LANE_HEIGHT = 3;
const LANES = 4;

/** Draws the whole transcript; afterwards only turns that changed are drawn again. */
function mountText(p) {
  const blocks = document.createDocumentFragment();
  p.turnNodes = [];
  let told = 0;
  p.turns.forEach((turn, index) => {
    const before = p.text.slice(told, turn.from).trim();
    if (before) blocks.append(h("div", { class: "bei-aside" }, clip(before, 400)));
    p.events.filter((event) => event.start >= turn.from && event.start < turn.end)
      .forEach((event) => blocks.append(eventHeading(event)));
    const said = h("div", { class: "bei-said" });
    p.turnNodes.push(said);
    const who = h("div", { class: "bei-who" }, turn.speaker || roleName(turn.role), turn.time ? h("small", {}, turn.time) : null);
    blocks.append(h("div", { class: `bei-turn bei-${turn.role}`, "data-turn": turn.number }, who, said));
    told = Math.max(told, turn.end);
    drawTurn(p, index);
  });
  const after = p.text.slice(told).trim();
  if (after) blocks.append(h("div", { class: "bei-aside" }, clip(after, 400)));
  p.nodes.text.replaceChildren(blocks);
}

const roleName = (role) => ({ interviewer: "访谈者", interviewee: "受访者", other: "其他" }[role]);

function eventHeading(event) {
  return h("div", { class: "bei-event", "data-event": event.number },
    h("b", {}, `事件 ${event.number}`), event.title ? h("span", {}, event.title) : null);
}

/** What cuts a turn into segments: codings with their evidence, sentences, hits, a selection. */
function marksIn(p, turn) {
  const codings = [];
  p.items.forEach((item) => {
    const value = seen(p, item);
    if (item.gone || !overlaps(value, turn)) return;
    if (item.id !== p.active && !passes(p, item)) return;
    codings.push({ item, start: value.start, end: value.end, value });
  });
  codings.sort((a, b) => a.start - b.start || b.end - a.end);
  setLanes(codings);
  return {
    codings,
    evidence: codings.flatMap(({ item }) => item.evidence.filter((piece) => piece.end > piece.start && overlaps(piece, turn))),
    sentences: sentencesIn(p, turn),
    uncoded: p.showUncoded ? p.uncoded.filter((row) => overlaps(row, turn)) : [],
    hits: p.hits.filter((hit) => overlaps(hit, turn)),
    focus: p.focus && overlaps(p.focus, turn) ? [p.focus] : [],
  };
}

function sentencesIn(p, turn) {
  const found = [];
  for (let i = Math.max(0, lastAt(p.sentences, turn.start)); i < p.sentences.length && p.sentences[i].start < turn.end; i += 1) {
    if (overlaps(p.sentences[i], turn)) found.push(p.sentences[i]);
  }
  return found;
}

/** Gives each coding the lowest line under the text that is free where it runs. */
function setLanes(codings) {
  const ends = [];
  for (const coding of codings) {
    if (coding.item.status === "rejected") { coding.lane = 0; continue; }
    let lane = ends.findIndex((end) => end <= coding.start);
    if (lane < 0) lane = ends.length;
    ends[lane] = coding.end;
    coding.lane = lane % LANES;
  }
}

/** Cuts and fills a turn anew; what only moves about (active, focus, hit) is set by markTurn. */
function drawTurn(p, index) {
  const turn = p.turns[index];
  const marks = marksIn(p, turn);
  const cuts = new Set([turn.start, turn.end]);
  for (const rows of Object.values(marks)) {
    for (const row of rows) {
      if (row.start > turn.start) cuts.add(row.start);
      if (row.end < turn.end) cuts.add(row.end);
    }
  }
  const places = Array.from(cuts).sort((a, b) => a - b);
  const nodes = [];
  for (let i = 0; i + 1 < places.length; i += 1) drawSegment(p, turn, places[i], places[i + 1], marks, nodes);
  p.turnNodes[index].replaceChildren(...nodes);
  p.stale.add(index);
}

function drawSegment(p, turn, start, end, marks, nodes) {
  const here = (row) => row.start <= start && row.end >= end;
  const begins = (row) => row.start === start || (start === turn.start && row.start < start);
  const codings = marks.codings.filter(here);
  const uncoded = marks.uncoded.find(here);
  if (uncoded && begins(uncoded)) nodes.push(h("i", { class: "bei-tag bei-reason", "data-tag": uncoded.reason }));
  for (const coding of codings.filter(begins)) nodes.push(tag(p, coding));
  const node = h("span", { class: "bei-seg" }, p.text.slice(start, end));
  underline(p, node, codings);
  Object.assign(node, { beiStart: start, beiEnd: end, beiClass: uncoded ? "bei-seg bei-no" : "bei-seg" });
  nodes.push(node);
}

/** Sets what a turn's segments are at the moment: active, evidence, hit, focus. */
function markTurn(p, index) {
  const item = p.items.get(p.active);
  const value = item && seen(p, item);
  const over = (row, node) => row.start <= node.beiStart && row.end >= node.beiEnd;
  for (const node of p.turnNodes[index].children) {
    if (node.beiClass === undefined) {
      node.classList.toggle("bei-tag-on", Boolean(item) && node.dataset.item === item.id);
      continue;
    }
    let name = node.beiClass;
    if (value && over(value, node)) {
      name += " bei-on";
      if (value.start === node.beiStart) name += " bei-first";
      if (value.end === node.beiEnd) name += " bei-last";
    }
    if (item && item.evidence.some((piece) => piece.end > piece.start && over(piece, node))) name += " bei-ev";
    const hit = p.hits.length ? p.hits.find((row) => over(row, node)) : null;
    if (hit) name += hit === p.hits[p.hit] ? " bei-hit bei-hit-on" : " bei-hit";
    if (p.focus && !p.focus.selected && over(p.focus, node)) name += " bei-focus";
    if (node.className !== name) node.className = name;
  }
}

/** Lines under the text, one a coding: whole when decided, broken when not. */
function underline(p, node, codings) {
  const lines = codings.filter((coding) => coding.item.status !== "rejected");
  if (!lines.length) return;
  const color = (coding) => p.book.get(coding.value.code)?.color || "gray";
  const images = lines.map((coding) => (undecided(coding.item)
    ? `repeating-linear-gradient(90deg, ${color(coding)} 0 5px, transparent 5px 8px)`
    : `linear-gradient(${color(coding)}, ${color(coding)})`));
  const places = lines.map((coding) => `0 calc(100% - ${(LANES - 1 - coding.lane) * LANE_HEIGHT}px)`);
  // one text is parsed faster than three properties; colours are the codebook's, checked when it is read
  node.style.cssText = `background-image:${images.join(",")};background-position:${places.join(",")};`
    + "background-size:100% 2px;background-repeat:repeat-x";
}

/** The little sign in front of a coding: code, level, where it stands. Never part of the text. */
function tag(p, { item, value }) {
  const [name, sign] = STATUS[item.status];
  const classes = ["bei-tag", `bei-is-${item.status}`];
  if (p.drafts.has(item.id)) classes.push("bei-is-draft");
  if (pendingItem(p, item.id)) classes.push("bei-is-pending");
  const text = `${tagText(value)}${sign ? ` ${sign}` : ""}${value.memo ? " ❝" : ""}`;
  return h("i", {
    class: classes.join(" "), "data-tag": text, "data-item": item.id, color: p.book.get(value.code)?.color,
    title: `${p.book.get(value.code)?.name || value.code} · ${name}`,
  });
}

/** Brings a span into the middle part of the view unless it is well in it. */
function showSpan(p, span) {
  const view = p.nodes.text.getBoundingClientRect();
  const node = nodeAt(p, span.start);
  if (!node) return;
  const box = node.getBoundingClientRect();
  const top = box.top - view.top;
  if (top > view.height * 0.12 && top < view.height * 0.72) return;
  p.nodes.text.scrollTop += top - view.height * 0.3;
}

function nodeAt(p, place) {
  const index = lastAt(p.turns, place);
  if (index < 0) return null;
  const segments = p.turnNodes[index].querySelectorAll(".bei-seg");
  let found = null;
  for (const node of segments) if (node.beiStart <= place) found = node;
  return found || p.turnNodes[index];
}

/** The stretch of text that is selected, in UTF-16 units, inside one turn; or null. */
function selectedSpan(p) {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!p.nodes.text.contains(range.startContainer)) return null;
  const start = placeOf(p, range.startContainer, range.startOffset, 1);
  const end = placeOf(p, range.endContainer, range.endOffset, -1);
  if (start === null || end === null) return null;
  return trimmed(p, wholePairs(p, start, Math.min(end, p.turns[Math.max(0, lastAt(p.turns, start))].end)));
}

/** The place in the text of a place in the page; outside of segments the nearest one. */
function placeOf(p, node, offset, side) {
  const segment = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.(".bei-seg");
  if (segment) return segment.beiStart + (node.nodeType === Node.TEXT_NODE ? offset : (offset ? segment.textContent.length : 0));
  const probe = document.createRange();
  probe.setStart(node, offset);
  const all = Array.from(p.nodes.text.querySelectorAll(".bei-seg"));
  const after = all.findIndex((candidate) => probe.comparePoint(candidate, 0) >= 0);
  if (side > 0) return after < 0 ? null : all[after].beiStart;
  const last = all[(after < 0 ? all.length : after) - 1];
  return last ? last.beiStart + last.textContent.length : null;
}

/** No half of a surrogate pair: an emoji or 𠮷 is in or out. */
function wholePairs(p, start, end) {
  const low = (place) => /[\udc00-\udfff]/.test(p.text[place] || "");
  return { start: low(start) ? start - 1 : start, end: low(end) ? end + 1 : end };
}

function trimmed(p, span) {
  let { start, end } = span;
  while (start < end && /\s/.test(p.text[start])) start += 1;
  while (end > start && /\s/.test(p.text[end - 1])) end -= 1;
  return start < end ? { start, end } : null;
}

/** A click in the text: the coding under it (the next one on a further click), or the sentence. */
function clickText(p, event) {
  if (selectedSpan(p)) return;
  const id = event.target.dataset?.item;
  if (id) { activate(p, id, true); return; }
  const segment = event.target.closest?.(".bei-seg");
  if (!segment) return;
  const place = segment.beiStart;
  const under = Array.from(p.items.values()).filter((item) => {
    const value = seen(p, item);
    return !item.gone && item.status !== "rejected" && passes(p, item) && value.start <= place && place < value.end;
  }).sort((a, b) => (a.end - a.start) - (b.end - b.start));
  if (under.length) {
    const index = under.findIndex((item) => item.id === p.active);
    activate(p, under[(index + 1) % under.length].id, true);
    return;
  }
  const caret = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const range = caret ? null : document.caretRangeFromPoint?.(event.clientX, event.clientY);
  const exact = caret ? placeOf(p, caret.offsetNode, caret.offset, 1)
    : range ? placeOf(p, range.startContainer, range.startOffset, 1) : place;
  const sentence = p.sentences.find((row) => row.start <= exact && exact < row.end);
  if (sentence) lookAt(p, sentence, true);
}

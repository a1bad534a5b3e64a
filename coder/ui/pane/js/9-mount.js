// Keys, what they move, and the component's own function.

/** Makes an item the active one (null: none); `still` leaves the scroll position alone. */
function activate(p, id, still) {
  const old = p.items.get(p.active);
  clearFocus(p);
  p.minus = false;
  p.active = id && p.items.has(id) ? id : null;
  const item = p.items.get(p.active);
  if (old) remark(p, old);
  if (item) remark(p, item);
  if (item && !still) p.scrollTo = seen(p, item);
  if (item) dropSelection(p); // else C would still code what was selected
  if (still) refresh(p);
}

function dropSelection(p) {
  const selection = window.getSelection();
  if (selection && !selection.isCollapsed && p.nodes.text.contains(selection.anchorNode)) selection.removeAllRanges();
}

/** Marks the turns of an item and its evidence; one that the filter hides appears or goes. */
function remark(p, item) {
  if (!passes(p, item)) touch(p, item);
  for (const span of [seen(p, item), ...item.evidence]) {
    if (span.end > span.start) turnsOver(p, span).forEach((index) => p.stale.add(index));
  }
}

function clearFocus(p) {
  if (p.focus) turnsOver(p, p.focus).forEach((index) => p.stale.add(index));
  p.focus = null;
}

/** Looks at a sentence instead of an item. */
function lookAt(p, span, still) {
  activate(p, null);
  p.focus = { start: span.start, end: span.end, selected: false };
  turnsOver(p, span).forEach((index) => p.stale.add(index));
  if (!still) p.scrollTo = span;
  refresh(p);
}

function sweep(p, step) {
  const item = p.items.get(p.active);
  const place = p.focus || (item ? seen(p, item) : null);
  const from = place ? (step > 0 ? place.end : place.start) : 0;
  const sentence = nextUncoded(p, from, step);
  if (sentence) lookAt(p, sentence);
  else toast(p, "受访者的每一句都有编码");
}

/** Moves an end of the active span: by a sentence or a character, outwards or (Alt) inwards. */
function moveEnd(p, item, side, bySentence, inwards) {
  const value = seen(p, item);
  const turn = p.turns[Math.max(0, lastAt(p.turns, value.start))];
  const forward = (side === "end") !== inwards;
  const place = value[side];
  let next = bySentence ? sentenceEdge(p, place, side, forward) : nextCharacter(p.text, place, forward ? 1 : -1);
  next = Math.min(Math.max(next, turn.start), Math.max(turn.end, value.end));
  const span = { start: value.start, end: value.end, [side]: next };
  if (span.start < span.end && p.text.slice(span.start, span.end).trim()) draft(p, item, span);
}

/** The next sentence's edge on the same side, or the place itself when there is none. */
function sentenceEdge(p, place, side, forward) {
  const edges = p.sentences.map((row) => row[side]);
  if (forward) return edges.find((edge) => edge > place) ?? place;
  return edges.filter((edge) => edge < place).pop() ?? place;
}

const ACTIONS = {
  j: (p) => step(p, 1),
  k: (p) => step(p, -1),
  a: acceptActive,
  enter: acceptActive,
  x: rejectActive,
  u: undo,
  "shift+u": redo,
  c: openPicker,
  d: nextDimension,
  m: (p) => { p.nodes.card.querySelector(".bei-memo")?.focus(); },
  n: (p) => sweep(p, 1),
  "shift+n": (p) => sweep(p, -1),
  s: toggleUncoded,
  f: (p) => { p.nodes.finder.focus(); },
  b: openBulk,
  "/": (p) => { p.nodes.search.focus(); p.nodes.search.select(); },
  "?": openHelp,
  "-": (p) => { p.minus = !p.minus; },
  escape: discard,
  arrowdown: (p) => { p.nodes.text.scrollTop += 60; },
  arrowup: (p) => { p.nodes.text.scrollTop -= 60; },
};
// Held down, these would decide things nobody has looked at.
const ONCE = new Set(["a", "enter", "x", "u", "shift+u"]);

function step(p, by) {
  const next = neighbour(p, by);
  if (next) activate(p, next.id);
  else toast(p, by > 0 ? "这是最后一条" : "这是第一条");
}

function nextDimension(p) {
  const item = p.items.get(p.active);
  if (!item) return;
  const value = seen(p, item);
  const dims = p.book.get(value.code).dims.map((dim) => dim.id);
  const dim = dims[(dims.indexOf(value.dim) + 1) % dims.length];
  if (item.status === "new") draft(p, item, { dim });
  else if (dims.length > 1) addNew(p, value, value.code, null, dim);
}

function discard(p) {
  const item = p.items.get(p.active);
  if (item && item.status === "new") rejectActive(p);
  else if (item && p.drafts.has(item.id)) { touch(p, item); p.drafts.delete(item.id); } else activate(p, null);
}

/** The action that a key press names, or null. */
function actionOf(event) {
  if (["?", "？"].includes(event.key)) return ACTIONS["?"];
  const bracket = { BracketLeft: "start", BracketRight: "end" }[event.code];
  if (bracket) return (p) => { const item = p.items.get(p.active); if (item) moveEnd(p, item, bracket, !event.shiftKey, event.altKey); };
  if (event.altKey) return null;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
  if (digit && event.shiftKey && event.code.startsWith("Digit")) return digit >= "1" && digit <= "3" ? (p) => choose(p, Number(digit) - 1) : null;
  if (digit) return (p) => setLevel(p, Number(digit));
  if (event.code === "NumpadSubtract" || event.key === "−" || event.key === "－") return ACTIONS["-"];
  if (event.code === "Slash") return ACTIONS[event.shiftKey ? "?" : "/"];
  // under a Chinese input method the key is "Process": the code still says which one it was
  const letter = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : /^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase();
  const name = letter || event.key.toLowerCase();
  const action = ACTIONS[event.shiftKey && letter ? `shift+${name}` : name];
  return event.repeat && ONCE.has(event.shiftKey && letter ? `shift+${name}` : name) ? () => {} : action || null;
}

function setLevel(p, digit) {
  const item = p.items.get(p.active);
  if (!item) return;
  const level = p.minus ? -digit : digit;
  p.minus = false;
  const value = seen(p, item);
  if (levelsOf(p, value).includes(level)) draft(p, item, { level });
  else toast(p, `${value.code} ${value.dim} 没有等级 ${levelText(level)}`);
}

function choose(p, index) {
  const item = p.items.get(p.active);
  const code = item?.alts?.[index]?.[0];
  if (code) recode(p, item, code);
}

function onKey(p, event) {
  if (event.ctrlKey || event.metaKey || !p.root.isConnected || p.overlay) return;
  const target = event.target instanceof Element ? event.target : document.body;
  const inside = p.root.contains(target);
  const own = inside && target.matches("select, input[type=checkbox], input[type=range]"); // they need no letters
  if (!own && target.closest("input, textarea, select, [contenteditable=true], [role=combobox]")) {
    if (inside && event.key === "Escape") { p.root.focus(); event.preventDefault(); }
    return;
  }
  if (document.querySelector("[role=dialog]:not(.bei-box), [data-baseweb=popover] [role=listbox]")) return;
  if (["Enter", " "].includes(event.key) && target.closest("button, a, label, summary, input, select")) return;
  if (own && event.key.startsWith("Arrow")) return;
  const action = actionOf(event);
  if (!action) return;
  event.preventDefault();
  event.stopPropagation(); // streamlit has shortcuts of its own
  action(p);
  refresh(p);
}

/** Brings the moving marks up to date; leaves nodes, and so a selection, where they are. */
function remarkTurns(p) {
  p.stale.forEach((index) => markTurn(p, index));
  p.stale.clear();
}

/** Draws what has changed, before the next frame. */
function refresh(p) {
  p.dirty.forEach((index) => drawTurn(p, index));
  p.dirty.clear();
  remarkTurns(p);
  drawHead(p);
  drawSide(p);
  drawCard(p);
  // all writing is done: what is measured from here on costs one layout, which the frame needs anyway
  if (p.scrollTo) showSpan(p, p.scrollTo);
  if (p.cardTop) p.nodes.card.scrollTop = 0;
  p.scrollTo = null;
  p.cardTop = false;
}

function onSelect(p) {
  const span = p.root.isConnected && !p.overlay ? selectedSpan(p) : null;
  if (!span) return;
  activate(p, null);
  clearFocus(p);
  p.focus = { ...span, selected: true };
  // drawing the turn again would drop the selection: only marks and card change
  remarkTurns(p);
  drawCard(p);
}

/** The pane's skeleton, made once for one content. */
function build(p, parent) {
  p.nodes = {
    head: h("header", { class: "bei-top" }),
    side: h("nav", { class: "bei-side", "aria-label": "事件与筛选" }),
    text: h("div", { class: "bei-text", role: "region", "aria-label": "访谈稿", lang: "zh" }),
    card: h("aside", { class: "bei-card", "aria-label": "建议" }),
    live: h("div", { class: "bei-live", role: "status", "aria-live": "polite" }),
    toasts: h("div", { class: "bei-toasts", role: "status", "aria-live": "polite" }),
  };
  p.root = h("div", { class: "bei-pane", tabindex: "0", "aria-label": `复核工作台：${p.content.name}` },
    p.nodes.head, p.nodes.side, p.nodes.text, p.nodes.card, p.nodes.live, p.nodes.toasts);
  parent.querySelectorAll(".bei-pane").forEach((node) => node.remove());
  parent.append(p.root);
  p.nodes.text.addEventListener("click", (event) => { clickText(p, event); });
  // after a click (not after Enter on a button) the keys are the workbench's again
  p.root.addEventListener("click", (event) => {
    if (event.detail && event.target.closest("button") && !p.overlay) p.root.focus();
  });
  p.nodes.text.addEventListener("keyup", (event) => { if (event.shiftKey) onSelect(p); });
}

function listen(p) {
  const key = (event) => onKey(p, event);
  const answer = (event) => { acknowledge(p, event.detail); refresh(p); };
  const ready = () => { clearTimeout(p.sent); p.sent = null; flush(p); };
  const size = () => p.root.style.setProperty("--bei-top", `${Math.max(0, p.root.getBoundingClientRect().top + scrollTop())}px`);
  const scrollTop = () => document.querySelector("[data-testid=stMain]")?.scrollTop || 0;
  window.addEventListener("keydown", key, true);
  const select = () => setTimeout(() => onSelect(p), 0);
  const leave = (event) => { if (p.outbox.length) event.preventDefault(); };
  window.addEventListener("mouseup", select);
  window.addEventListener("beforeunload", leave);
  window.addEventListener("resize", size);
  document.addEventListener("bei-answer", answer);
  document.addEventListener("bei-ready", ready);
  size();
  setTimeout(size, 300);
  p.stop = () => {
    window.removeEventListener("keydown", key, true);
    window.removeEventListener("mouseup", select);
    window.removeEventListener("beforeunload", leave);
    window.removeEventListener("resize", size);
    document.removeEventListener("bei-answer", answer);
    document.removeEventListener("bei-ready", ready);
    clearTimeout(p.sent);
    p.root.remove();
  };
}

const PANES = new WeakMap();

/** Called by streamlit at mount and whenever data or theme change; the text is built once a version. */
export default function pane({ data, parentElement }) {
  let p = PANES.get(parentElement);
  if (p && p.root.isConnected && p.content.version === data.version) {
    data.items.forEach((row) => restate(p, row));
    relist(p);
    refresh(p);
  } else {
    p?.stop();
    p = { dirty: new Set(), stale: new Set(), hits: [], hit: 0, added: 0, wish: null, showUncoded: false, allLevels: false, overlay: null };
    load(p, data);
    openOutbox(p);
    openHistory(p);
    build(p, parentElement);
    mountHead(p);
    mountSide(p);
    mountText(p);
    listen(p);
    PANES.set(parentElement, p);
    const first = p.list.find(undecided);
    if (first) activate(p, first.id);
    refresh(p);
    p.root.focus({ preventScroll: true });
    flush(p);
  }
  // streamlit also calls this when a newer call has overtaken: only a pane that is gone is stopped
  return () => { if (!p.root.isConnected) p.stop(); };
}

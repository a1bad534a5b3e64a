// The card: the active item with its anchors, evidence and likeliest competencies; or the sentence
// or selection that is looked at.

function drawCard(p) {
  const item = p.items.get(p.active);
  const card = p.nodes.card;
  const typing = card.contains(document.activeElement) && document.activeElement.tagName === "TEXTAREA";
  if (typing && item && p.cardOf === item.id) return;
  if (p.cardOf !== (item ? item.id : null)) p.cardTop = true;
  p.cardOf = item ? item.id : null;
  put(p.nodes.live, item ? spoken(p, item) : "");
  card.replaceChildren(...(item ? itemCard(p, item) : p.focus ? placeCard(p) : emptyCard(p)));
}

/** What a screen reader says of the active item. */
function spoken(p, item) {
  const value = seen(p, item);
  return `${STATUS[item.status][0]} ${p.book.get(value.code)?.name || value.code} ${value.dim}${levelText(value.level)}：${clip(p.text.slice(value.start, value.end), 80)}`;
}

function itemCard(p, item) {
  const value = seen(p, item);
  const row = p.book.get(value.code);
  return [
    refusal(p, item),
    h("div", { class: "bei-head", color: row?.color },
      h("b", { class: "bei-code" }, value.code),
      h("button", { class: "bei-name", title: "换一个胜任特征（C）", onclick: () => openPicker(p) }, row?.name || value.code),
      h("span", { class: "bei-level" }, `${value.dim}${levelText(value.level)}${p.minus ? " −?" : ""}`)),
    h("div", { class: "bei-line" }, stateChip(p, item), confidence(item), byWhom(p, item)),
    row ? h("p", { class: "bei-def" }, row.definition) : null,
    dimensionTabs(p, item, value),
    anchors(p, item, value),
    likeliest(p, item, value),
    evidence(p, item),
    memo(p, item, value),
    h("div", { class: "bei-acts" },
      act(p, acceptLabel(p, item), "A", "bei-yes", () => acceptActive(p)),
      act(p, "改编码", "C", "", () => openPicker(p)),
      act(p, item.status === "new" ? "放弃" : item.orig ? "拒绝" : "删去", "X", "", () => rejectActive(p))),
  ].filter(Boolean);
}

function refusal(p, item) {
  const why = p.refusals.get(item.id);
  return why ? h("p", { class: "bei-refused", role: "alert" }, `没有存下，已恢复原状：${why}`) : null;
}

function stateChip(p, item) {
  const [name, sign] = STATUS[item.status];
  const drafted = p.drafts.has(item.id) && item.status !== "new";
  const pending = pendingItem(p, item.id);
  return h("span", { class: `bei-chip bei-is-${item.status}` }, `${sign} ${name}`.trim(),
    drafted ? "，有改动未裁决" : "", pending ? " · 正在存" : "");
}

function confidence(item) {
  if (item.conf === null || item.conf === undefined) return h("span", { class: "bei-dim" }, "人工编码");
  const bar = h("i", { class: "bei-bar" }, h("i", {}));
  bar.firstChild.style.width = `${Math.round(item.conf * 100)}%`;
  return h("span", { class: "bei-conf", title: "程序的把握，0–1" }, `把握 ${percent(item.conf)}`, bar);
}

const byWhom = (p, item) => (item.by && item.by !== p.content.annotator ? h("span", { class: "bei-dim" }, item.by) : null);

function acceptLabel(p, item) {
  if (item.status === "new") return "确定";
  if (p.drafts.has(item.id)) return "改后接受";
  return undecided(item) || item.status === "rejected" ? "接受" : "保持";
}

function act(p, label, key, extra, todo) {
  return h("button", { class: `bei-act ${extra}`, onclick: () => { todo(); refresh(p); p.root.focus(); } }, label, h("kbd", {}, key));
}

/** The scales: a new coding may take any; beside a suggestion the others are added as codings. */
function dimensionTabs(p, item, value) {
  const row = p.book.get(value.code);
  if (!row || row.dims.length < 2) return null;
  return h("div", { class: "bei-tabs", role: "group", "aria-label": "维度" }, row.dims.map((dim) => {
    const current = dim.id === value.dim;
    const adds = !current && item.status !== "new";
    const todo = () => {
      if (current) return;
      if (adds) addNew(p, seen(p, item), value.code, null, dim.id);
      else draft(p, item, { dim: dim.id });
      refresh(p);
      p.root.focus();
    };
    return h("button", { class: current ? "bei-tab bei-tab-on" : "bei-tab", "aria-pressed": String(current), onclick: todo,
      title: adds ? `在同一处另加 ${dim.id} 维：${dim.name}` : dim.name }, `${adds ? "＋" : ""}${dim.id} ${dim.name}`);
  }));
}

/** The anchors of the level, one below and one above; all of them when asked for or when none is set. */
function anchors(p, item, value) {
  const levels = (dimensionOf(p, value)?.levels || []).filter((row) => row[0]);
  const index = levels.findIndex((row) => row[0] === value.level);
  const all = index < 0 || p.allLevels;
  const shown = all ? levels : levels.slice(Math.max(0, index - 1), index + 2);
  const rows = shown.map(([level, anchor, known]) => {
    const current = level === value.level;
    return h("button", {
      class: current ? "bei-anchor bei-anchor-on" : "bei-anchor", "aria-pressed": String(current),
      onclick: () => { draft(p, item, { level }); refresh(p); p.root.focus(); },
    }, h("b", {}, `${value.dim}${levelText(level)}`), h("span", {}, anchor, known === "verified" ? null : h("small", {}, "转述")));
  });
  const more = index < 0 ? h("p", { class: "bei-dim" }, "按数字键选等级")
    : h("button", { class: "bei-more", onclick: () => { p.allLevels = !p.allLevels; refresh(p); } },
      p.allLevels ? "只看相邻等级" : `看全部 ${levels.length} 级`);
  return h("div", { class: "bei-anchors" }, rows, more);
}

function likeliest(p, item, value) {
  if (!item.alts?.length) return null;
  const row = p.book.get(value.code);
  return h("section", {}, h("h4", {}, "最可能的胜任特征"), item.alts.slice(0, 3).map(([code, share], index) => {
    const other = p.book.get(code);
    const difference = row?.neighbours.find((near) => near[0] === code)?.[1];
    return h("button", {
      class: code === value.code ? "bei-alt bei-alt-on" : "bei-alt", color: other?.color,
      onclick: () => { recode(p, item, code); refresh(p); p.root.focus(); },
    }, h("kbd", {}, `⇧${index + 1}`), h("b", {}, code), ` ${other?.name || ""} `, h("small", {}, percent(share)),
    difference ? h("span", { class: "bei-diff" }, `区别：${difference}`) : null);
  }));
}

const KINDS = { indicator: "行为指标", blocked: "被挡指标", cue: "提示词", words: "用词", neighbour: "前后文", codability: "可编码性" };

/** The reasons by kind: indicators and cues a line each, the words that spoke for it in one line. */
function evidence(p, item) {
  if (!item.evidence.length) return null;
  const lines = new Map();
  for (const piece of item.evidence) {
    const kind = piece.kind === "word" ? "words" : piece.kind;
    const text = piece.text.replace(/^(?:被挡指标|指标|提示|词|可编码性)[：:\s]*/, "");
    const single = kind === "words" || kind === "codability";
    const key = single ? kind : `${kind} ${text}`;
    const line = lines.get(key) || { kind, pieces: new Map() };
    if (kind !== "codability" || !line.pieces.size) line.pieces.set(text, piece);
    lines.set(key, line);
  }
  const order = Object.keys(KINDS);
  const sorted = Array.from(lines.values()).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return h("section", {}, h("h4", {}, "依据"), h("ul", { class: "bei-evidence" }, sorted.map((line) => h("li", {},
    h("small", {}, KINDS[line.kind] || line.kind), Array.from(line.pieces, ([text, piece]) => reason(p, text, piece))))));
}

/** One reason; one that stands in the text brings it into view. */
function reason(p, text, piece) {
  if (piece.end <= piece.start) return h("span", {}, text);
  return h("button", { class: "bei-placed", title: "在原文中看", onclick: () => { showSpan(p, piece); p.root.focus(); } }, text);
}

function memo(p, item, value) {
  const field = h("textarea", { class: "bei-memo", rows: "2", placeholder: "备注（M）", "aria-label": "备注", maxlength: "4000" });
  field.value = value.memo || "";
  field.addEventListener("input", () => { draft(p, item, { memo: field.value }); refresh(p); });
  field.addEventListener("blur", () => { refresh(p); });
  return field;
}

/** The card of a sentence without a code, or of selected text. */
function placeCard(p) {
  const words = p.text.slice(p.focus.start, p.focus.end);
  const reason = p.uncoded.find((row) => overlaps(row, p.focus));
  const size = Array.from(words).length;
  return [
    h("div", { class: "bei-head" }, h("b", {}, p.focus.selected ? `选中 ${size} 字` : "未编码句")),
    h("blockquote", { class: "bei-quote" }, clip(words, 160)),
    reason && !p.focus.selected ? h("p", { class: "bei-why" }, h("b", {}, reason.reason), reason.detail ? ` ${reason.detail}` : "") : null,
    roleAt(p, p.focus.start) === "interviewer" ? h("p", { class: "bei-why" }, "这是访谈者的话，一般不编码。") : null,
    h("div", { class: "bei-acts" },
      act(p, p.focus.selected ? "编码" : "仍要编码", "C", "bei-yes", () => openPicker(p)),
      act(p, "下一句", "N", "", () => sweep(p, 1))),
  ].filter(Boolean);
}

const roleAt = (p, place) => p.turns[Math.max(0, lastAt(p.turns, place))]?.role;

function emptyCard(p) {
  const [decided, total] = progress(p);
  const lines = total
    ? [`${total} 条建议，${total - decided} 条待裁决。`, "按 J 看下一条；选中文字后按 C 补充编码。"]
    : ["这份访谈没有建议。", "选中文字后按 C 编码，按 N 逐句看未编码句。"];
  return [h("div", { class: "bei-empty" }, lines.map((line) => h("p", {}, line)),
    h("button", { class: "bei-act", onclick: () => openHelp(p) }, "全部按键", h("kbd", {}, "?")))];
}

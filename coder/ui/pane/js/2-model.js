// What is on the desk: content, items, drafts, order and filter. Nothing here touches the page.

/** Takes over an interview's content; the same version again only refreshes the items. */
function load(p, content) {
  p.content = content;
  p.text = content.text;
  p.tables = offsetTables(content.text);
  const at = (place) => p.tables.unit[place];
  p.turns = content.turns.map(([number, speaker, role, start, end, time, from]) => (
    { number, speaker, role, start: at(start), end: at(end), time, from: at(from) }));
  p.sentences = content.sentences.map(([start, end, role, event]) => (
    { start: at(start), end: at(end), role, event }));
  p.events = content.events.map(([number, start, end, title]) => (
    { number, start: at(start), end: at(end), title }));
  p.uncoded = content.uncoded.map(([start, end, reason, detail]) => (
    { start: at(start), end: at(end), reason, detail }));
  p.book = new Map(content.codebook.competencies.map((row) => [row.code, row]));
  p.items = new Map();
  content.items.forEach((row) => { p.items.set(row.id, itemOf(p, row)); });
  p.done = content.done;
  p.drafts = new Map();
  p.refusals = new Map();
  p.filter = { codes: new Set(), status: "all", min: 0, event: null, memo: false };
  p.order = "text";
  p.focus = null;
  p.hits = [];
  p.minus = false;
  p.active = null;
  relist(p);
}

const WORD = /^词\s*[\p{L}\p{N}]{2,}$/u;

/** A row from the server as an item, in UTF-16 units. */
function itemOf(p, row) {
  const at = (place) => p.tables.unit[place];
  const item = { ...row, start: at(row.start), end: at(row.end) };
  item.orig = row.orig && { ...row.orig, start: at(row.orig.start), end: at(row.orig.end) };
  // a single character or a stop as evidence tells nobody anything
  const telling = (row.evidence || []).filter(([kind, text]) => kind !== "word" || WORD.test(text));
  item.evidence = telling.map(([kind, text, span, weight]) => (
    { kind, text, weight, start: span ? at(span[0]) : 0, end: span ? at(span[1]) : 0 }));
  return item;
}

/** The values an item has on screen: its draft's, or its own. */
const seen = (p, item) => p.drafts.get(item.id) || item;
const undecided = (item) => UNDECIDED.has(item.status);
const values = (source) => Object.fromEntries(FIELDS.map((name) => [name, source[name]]));
const same = (a, b, names = FIELDS) => names.every((name) => a[name] === b[name]);
const dimensionOf = (p, value) => p.book.get(value.code)?.dims.find((dim) => dim.id === value.dim);
const levelsOf = (p, value) => (dimensionOf(p, value)?.levels || []).map((row) => row[0]).filter((level) => level);

/** Changes an item's draft; a draft equal to the item is no draft. */
function draft(p, item, change) {
  const next = { ...values(seen(p, item)), ...change };
  const levels = levelsOf(p, next);
  if (!levels.includes(next.level)) next.level = null;
  touch(p, item);
  if (same(next, item) && item.status !== "new") p.drafts.delete(item.id);
  else p.drafts.set(item.id, next);
  touch(p, item);
}

/** Drafts another competency. Its scale is another: the level is chosen anew, unless it was coded so before. */
function recode(p, item, code, level) {
  const known = [seen(p, item), item, item.orig].find((row) => row && row.code === code);
  draft(p, item, { code, dim: known?.dim ?? "A", level: level ?? known?.level ?? null });
}

/** Marks the turns under an item as to be drawn again. */
function touch(p, item) {
  for (const span of [item, p.drafts.get(item.id)]) {
    if (span) turnsOver(p, span).forEach((index) => p.dirty.add(index));
  }
}

/** The indexes of the turns that a span runs over. */
function turnsOver(p, span) {
  const found = [];
  for (let i = Math.max(0, lastAt(p.turns, span.start)); i < p.turns.length; i += 1) {
    if (p.turns[i].start >= span.end && span.end > span.start) break;
    if (p.turns[i].end > span.start || p.turns[i].end === span.end) found.push(i);
  }
  return found;
}

function passes(p, item) {
  const { codes, status, min, event, memo } = p.filter;
  const value = seen(p, item);
  if (item.gone) return false;
  if (codes.size && !codes.has(value.code)) return false;
  if (event !== null && eventAt(p, value.start)?.number !== event) return false;
  if (memo && !value.memo) return false;
  if (item.status === "suggested" && item.conf < min) return false;
  if (status === "todo") return undecided(item) || p.drafts.has(item.id);
  if (status === "decided") return !undecided(item);
  if (status === "all") return true;
  return item.status === status;
}

function eventAt(p, place) {
  const index = lastAt(p.events, place);
  return index >= 0 && place < p.events[index].end ? p.events[index] : null;
}

const ORDERS = {
  text: (p) => (a, b) => seen(p, a).start - seen(p, b).start || seen(p, a).end - seen(p, b).end,
  least: () => (a, b) => (a.conf ?? 2) - (b.conf ?? 2) || a.start - b.start,
  most: () => (a, b) => (b.conf ?? -1) - (a.conf ?? -1) || a.start - b.start,
};

/** Sets the list that J and K walk through. */
function relist(p) {
  const items = Array.from(p.items.values()).filter((item) => passes(p, item));
  p.list = items.sort(ORDERS[p.order](p));
}

/** The item `step` places after the active one, or after the place being looked at. */
function neighbour(p, step) {
  const index = p.list.findIndex((item) => item.id === p.active);
  if (index >= 0) return p.list[index + step] || null;
  const place = p.focus ? p.focus.start : 0;
  const after = p.list.findIndex((item) => seen(p, item).start >= place);
  return step > 0 ? p.list[after] || null : p.list[(after < 0 ? p.list.length : after) - 1] || null;
}

/** The undecided item that comes after `id` in the list; after the end the first one. */
function nextUndecided(p, id) {
  const index = p.list.findIndex((item) => item.id === id);
  const rest = p.list.slice(index + 1).concat(p.list.slice(0, Math.max(index, 0)));
  return rest.find((item) => item.id !== id && undecided(item)) || null;
}

/** Decided and all items: progress. */
function progress(p) {
  let decided = 0;
  let total = 0;
  p.items.forEach((item) => {
    if (item.gone || item.status === "new") return;
    total += 1;
    if (!undecided(item)) decided += 1;
  });
  return [decided, total];
}

/** The next sentence of the interviewee without any code; `from` is where the search starts. */
function nextUncoded(p, from, step) {
  const coded = Array.from(p.items.values()).filter((item) => !item.gone && item.status !== "rejected");
  const free = p.sentences.filter((row) => row.role === "interviewee"
    && !coded.some((item) => overlaps(seen(p, item), row)));
  if (step > 0) return free.find((row) => row.start >= from) || free[0] || null;
  const before = free.filter((row) => row.end <= from);
  return before[before.length - 1] || free[free.length - 1] || null;
}

/** The competencies that a query finds: code, name, variant, pinyin or its initials; best first. */
function findCompetencies(p, query) {
  const wanted = query.trim().toLowerCase().replace(/\s+/g, "");
  const rows = p.content.codebook.competencies;
  if (!wanted) return rows.slice();
  const rank = (row) => {
    const code = row.code.toLowerCase();
    if (code === wanted) return 0;
    if (row.initials.some((text) => text === wanted)) return 1;
    if (code.startsWith(wanted) || row.name.startsWith(wanted)) return 2;
    if (row.initials.some((text) => text.startsWith(wanted))) return 3;
    if (row.name.includes(wanted) || row.pinyin.some((text) => text.startsWith(wanted))) return 4;
    if (row.variants.some((text) => text.includes(wanted))) return 5;
    return row.initials.some((text) => text.includes(wanted)) ? 6 : 9;
  };
  return rows.map((row) => [rank(row), row]).filter(([place]) => place < 9)
    .sort((a, b) => a[0] - b[0]).map(([, row]) => row);
}

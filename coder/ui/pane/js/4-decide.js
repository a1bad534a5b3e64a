// Accept, amend, reject, add, undo, redo. Each changes the screen at once and goes into the outbox.

const STATES = FIELDS.concat(["status", "last", "undone", "by", "at", "gone"]);
const snapshot = (item) => Object.fromEntries(STATES.map((name) => [name, item[name]]));

/** The steps of earlier sessions that can be undone or redone, oldest first. */
function openHistory(p) {
  p.history = [];
  p.redos = [];
  p.items.forEach((item) => remember(p, item));
}

/** Lets an item's last stored decision be undone, and its last undone one be redone. */
function remember(p, item) {
  const known = (steps, key) => steps.some((step) => step.some((part) => part.key.join("/") === key.join("/")));
  if (item.last && item.by === p.content.annotator && !known(p.history, item.last)) {
    insert(p.history, { id: item.id, key: item.last, from: null, to: snapshot(item), at: item.at });
  }
  if (item.undone && item.undone_by === p.content.annotator && !known(p.redos, item.undone)) {
    insert(p.redos, { id: item.id, key: item.undone, from: snapshot(item), to: null, at: item.undone_at });
  }
}

function insert(steps, part) {
  const place = steps.findIndex((step) => step[0].at > part.at);
  steps.splice(place < 0 ? steps.length : place, 0, [part]);
}

/** What a decision makes of an item: the same rule as the database's replay. */
function statusAfter(item, verdict, value) {
  if (verdict === "reject") return "rejected";
  if (!item.orig) return "added";
  return same(value, item.orig, ["start", "end", "code", "dim", "level"]) ? "accepted" : "amended";
}

/** Decides one item; gives the step for the history, or null when there is nothing to decide. */
function decide(p, item, verdict, after) {
  const from = snapshot(item);
  const adding = item.status === "new";
  if (adding) from.gone = true;
  const key = post(p, item, {
    verdict: adding ? "add" : verdict,
    before: adding ? null : values(item),
    after,
    before_status: adding ? null : item.status,
  });
  touch(p, item);
  const status = statusAfter(item, verdict, after || item);
  Object.assign(item, after || {}, { status, last: key, undone: null, by: p.content.annotator, at: new Date().toISOString() });
  p.drafts.delete(item.id);
  touch(p, item);
  return { id: item.id, key, from, to: snapshot(item), at: item.at };
}

function record(p, parts) {
  const step = parts.filter(Boolean);
  if (!step.length) return;
  p.history.push(step);
  p.redos = [];
  flush(p);
}

/** Accepts the active item as it is drafted, and moves on. */
function acceptActive(p) {
  const item = p.items.get(p.active);
  if (!item) return;
  const value = values(seen(p, item));
  if (value.level === null) { toast(p, "请先选等级（1–9，负等级先按 -）"); return; }
  const changed = !same(value, item);
  if (changed || undecided(item) || item.status === "rejected") {
    const recoded = !same(value, item, ["start", "end", "code", "dim", "level"]);
    const verdict = recoded || !undecided(item) && item.status !== "rejected" ? "amend" : "accept";
    record(p, [decide(p, item, verdict, changed || item.status === "new" ? value : null)]);
  }
  moveOn(p, item.id);
}

/** Rejects the active item (a new one is thrown away), and moves on. */
function rejectActive(p) {
  const item = p.items.get(p.active);
  if (!item) return;
  if (item.status === "new") {
    touch(p, item);
    p.drafts.delete(item.id);
    p.items.delete(item.id);
    relist(p);
    activate(p, null);
    return;
  }
  if (item.status !== "rejected") record(p, [decide(p, item, "reject", null)]);
  moveOn(p, item.id);
}

function moveOn(p, id) {
  const next = nextUndecided(p, id);
  relist(p);
  if (next) activate(p, next.id);
  else {
    const [decided, total] = progress(p);
    toast(p, decided === total ? `${total} 条都已裁决。没有漏掉的？按 N 逐句看未编码句；看完可标为完成。` : "筛选范围内都已裁决。");
    activate(p, id);
  }
}

/** Undoes (or redoes) the last step, the one of an earlier session too. */
function undo(p) {
  const step = p.history.pop();
  if (!step) { toast(p, "没有可撤销的裁决"); return; }
  const undone = step.map((part) => revert(p, part, part.from || beginning(p, part)));
  p.redos.push(undone);
  afterRevert(p, step);
}

function redo(p) {
  const step = p.redos.pop();
  if (!step) { toast(p, "没有可重做的裁决"); return; }
  const redone = step.map((part) => ({ ...revert(p, part, part.to), key: part.original || part.key }));
  p.history.push(redone);
  afterRevert(p, step);
}

/** Voids a decision by a further one; gives the part that would void that in turn. */
function revert(p, part, target) {
  const item = p.items.get(part.id);
  const now = snapshot(item);
  const key = post(p, item, { verdict: "undo", before: null, after: null, undoes: part.key });
  touch(p, item);
  p.drafts.delete(item.id);
  if (target) Object.assign(item, target);
  touch(p, item);
  return { id: part.id, key, original: part.key, from: now, to: now, at: new Date().toISOString() };
}

/** An item before its first decision; what lay between is corrected by the server's answer. */
function beginning(p, part) {
  const item = p.items.get(part.id);
  if (!item.orig) return { ...snapshot(item), gone: true };
  return { ...snapshot(item), ...item.orig, memo: "", status: "suggested", last: null, by: "" };
}

function afterRevert(p, step) {
  flush(p);
  relist(p);
  const item = p.items.get(step[step.length - 1].id);
  activate(p, item && !item.gone ? item.id : null);
}

/** Accepts every undecided suggestion at or above a confidence, as one step. */
function acceptAbove(p, least) {
  const wanted = bulkItems(p, least);
  record(p, wanted.map((item) => decide(p, item, "accept", null)));
  relist(p);
  toast(p, `接受了 ${wanted.length} 条；按 U 可以一次撤销。`);
}

const bulkItems = (p, least) => p.list.filter((item) => (
  item.status === "suggested" && item.conf >= least && !p.drafts.has(item.id)));

/** Puts a new coding on the desk, still to be decided: over a span, with a competency. */
function addNew(p, span, code, level, dim) {
  const id = `add-${p.client.slice(0, 13)}-${p.added += 1}`;
  const item = {
    id, start: span.start, end: span.end, code, dim: dim || "A", level: null, memo: "", conf: null,
    status: "new", evidence: [], alts: [], orig: null, last: null, undone: null, by: "", at: "", gone: false,
  };
  if (level !== null && levelsOf(p, item).includes(level)) item.level = level;
  p.items.set(id, item);
  p.drafts.set(id, values(item));
  relist(p);
  if (!p.list.includes(item)) p.list.push(item);
  activate(p, id);
}

// Decisions on their way to the database. One is pending until the server has said that the
// database holds it (or refuses it); till then it is kept in the browser's storage and sent again.

const STORAGE = "bei-outbox:";
const RETRY_MS = 4000;

/** Takes over what earlier pages of this browser could not deliver. */
function openOutbox(p) {
  p.client = uuid();
  p.sequence = 0;
  p.outbox = [];
  p.sent = null;
  p.store = STORAGE + p.content.database + ":";
  for (const name of Object.keys(localStorage).filter((key) => key.startsWith(p.store)).sort()) {
    try {
      p.outbox.push(...JSON.parse(localStorage.getItem(name)));
    } catch { /* not ours to read */ }
  }
  p.adopted = new Set(p.outbox.map(keyOf));
}

const keyOf = (entry) => `${entry.client}/${entry.sequence}`;
const nameOf = (p, client) => p.store + client;

function keep(p, client) {
  const rows = p.outbox.filter((entry) => entry.client === client);
  try {
    if (rows.length) localStorage.setItem(nameOf(p, client), JSON.stringify(rows));
    else localStorage.removeItem(nameOf(p, client));
  } catch { /* storage full or forbidden: the queue in memory still works */ }
}

/** Puts a decision into the outbox and gives its key. */
function post(p, item, decision) {
  p.sequence += 1;
  const point = (value) => value && { ...values(value), start: p.tables.point[value.start], end: p.tables.point[value.end] };
  const entry = {
    client: p.client,
    sequence: p.sequence,
    interview: p.content.interview,
    fingerprint: p.content.fingerprint,
    annotator: p.content.annotator,
    item: item.id,
    verdict: decision.verdict,
    before: point(decision.before),
    after: point(decision.after),
    before_status: decision.before_status || null,
    undoes: decision.undoes || null,
    at: new Date().toISOString(),
  };
  p.outbox.push(entry);
  p.refusals.delete(item.id);
  keep(p, p.client);
  return [p.client, p.sequence];
}

const pendingItem = (p, id) => p.outbox.some((entry) => entry.item === id && entry.interview === p.content.interview);

/** Sends what is unacknowledged; one message is under way at a time, so nothing is overtaken. */
function flush(p) {
  if (p.sent || (!p.outbox.length && p.wish === null)) return;
  p.nonce = uuid();
  p.sent = setTimeout(() => { p.sent = null; flush(p); }, RETRY_MS);
  const message = { nonce: p.nonce, interview: p.content.interview, done: p.wish, entries: p.outbox };
  document.dispatchEvent(new CustomEvent("bei-send", { detail: message }));
}

/** Takes the server's answer: what the database holds, what it refused, how the items stand. */
function acknowledge(p, answer) {
  const settled = new Map();
  answer.stored.forEach(([client, sequence]) => settled.set(`${client}/${sequence}`, ""));
  answer.refused.forEach(([client, sequence, why]) => settled.set(`${client}/${sequence}`, why));
  const gone = p.outbox.filter((entry) => settled.has(keyOf(entry)));
  p.outbox = p.outbox.filter((entry) => !settled.has(keyOf(entry)));
  new Set(gone.map((entry) => entry.client)).forEach((client) => keep(p, client));
  if (answer.nonce === p.nonce) {
    clearTimeout(p.sent);
    p.sent = null;
  }
  if (answer.interview === p.content.interview) {
    if (answer.done !== null && answer.done !== undefined) {
      p.done = answer.done;
      if (answer.nonce === p.nonce) p.wish = null;
    }
    gone.filter((entry) => settled.get(keyOf(entry))).forEach((entry) => refuse(p, entry, settled.get(keyOf(entry))));
    answer.items.forEach((row) => restate(p, row));
    gone.forEach((entry) => { if (p.items.has(entry.item)) touch(p, p.items.get(entry.item)); });
    relist(p);
  }
  flush(p);
}

/** Shows why a decision was refused and forgets what rested on it. */
function refuse(p, entry, why) {
  p.refusals.set(entry.item, why);
  const key = keyOf(entry);
  const rests = (step) => step.some((part) => part.key.join("/") === key);
  p.history = p.history.filter((step) => !rests(step));
  p.redos = p.redos.filter((step) => !rests(step));
  toast(p, `没有存下：${why}`, true);
  const item = p.items.get(entry.item);
  if (item && entry.verdict === "add") item.gone = true;
}

/** Brings an item to the state that the database has, unless something later is under way. */
function restate(p, row) {
  if (pendingItem(p, row.id)) return;
  const old = p.items.get(row.id);
  if (row.gone) {
    if (old) { touch(p, old); old.gone = true; old.last = null; old.undone = row.undone; }
    return;
  }
  if (old) touch(p, old);
  const item = itemOf(p, row);
  p.items.set(row.id, item);
  touch(p, item);
  remember(p, item);
}

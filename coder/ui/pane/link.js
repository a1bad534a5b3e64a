// Carries the pane's messages to Python and Python's answers back. It is a component of its own so
// that an answer does not send the transcript again; the two talk by events of the document.
// It is on every page: where no pane is, it delivers what the pane left in the browser's storage.

const OUTBOX = "bei-outbox:";
const AGAIN_MS = 4000;
let set = null;
let answered = null;
let database = "";
let place = null;
let sentAt = 0;
let refused = "";

document.addEventListener("bei-send", (event) => set?.("queue", event.detail));
document.addEventListener("bei-answer", (event) => { if (!paneIsHere()) settle(event.detail); });
setInterval(deliver, 1000);

const paneIsHere = () => Boolean(document.querySelector(".bei-pane"));

/** The storage's names and the decisions under each. */
function left() {
  const found = new Map();
  if (!database) return found;
  try {
    for (const name of Object.keys(localStorage).filter((key) => key.startsWith(`${OUTBOX}${database}:`)).sort()) {
      const rows = JSON.parse(localStorage.getItem(name));
      if (Array.isArray(rows) && rows.length) found.set(name, rows);
    }
  } catch { /* storage forbidden, or not ours to read */ }
  return found;
}

/** Sends what is left, and says so, while no pane does it. */
function deliver() {
  if (paneIsHere()) { refused = ""; say(""); return; }
  const entries = Array.from(left().values()).flat();
  say(entries.length ? `● ${entries.length} 条裁决正在存` : refused);
  if (!entries.length || !set || Date.now() - sentAt < AGAIN_MS) return;
  sentAt = Date.now();
  set("queue", { nonce: `link-${sentAt}-${Math.random()}`, interview: entries[0].interview, done: null, entries });
}

/** Forgets what the database holds or refuses. */
function settle(answer) {
  const keys = [...answer.stored, ...answer.refused].map(([client, sequence]) => `${client}/${sequence}`);
  left().forEach((rows, name) => {
    const rest = rows.filter((entry) => !keys.includes(`${entry.client}/${entry.sequence}`));
    if (rest.length) localStorage.setItem(name, JSON.stringify(rest));
    else localStorage.removeItem(name);
  });
  if (answer.refused.length) refused = `${answer.refused.length} 条裁决没有存下：${answer.refused[0][2]}`;
  sentAt = 0;
  deliver();
}

function say(words) {
  if (!place?.isConnected) return;
  let note = place.querySelector(".bei-note");
  if (!words) { note?.remove(); return; }
  if (!note) {
    note = document.createElement("div");
    note.className = "bei-note";
    note.setAttribute("role", "status");
    place.append(note);
  }
  if (note.textContent !== words) note.textContent = words;
}

export default function link({ data, parentElement, setStateValue }) {
  const first = set === null;
  set = setStateValue;
  place = parentElement;
  database = data.database;
  const { answer } = data;
  if (answer?.nonce && answer.nonce !== answered) {
    answered = answer.nonce;
    document.dispatchEvent(new CustomEvent("bei-answer", { detail: answer }));
  }
  if (first) document.dispatchEvent(new CustomEvent("bei-ready"));
  return () => { if (set === setStateValue) set = null; };
}

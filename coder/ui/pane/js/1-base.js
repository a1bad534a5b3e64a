// The review workbench. The files of this folder are joined in the order of their names into one
// module (pane.py); each holds functions over one state object, `p`, made in 9-mount.js.
//
// Offsets: Python counts code points, JavaScript UTF-16 units. They are converted when content
// arrives and when a decision leaves, and nowhere else. Text enters the page as text nodes only.

const STATUS = {
  new: ["新增", "＋"],
  suggested: ["未裁决", ""],
  accepted: ["已接受", "✓"],
  amended: ["已修改", "✎"],
  rejected: ["已拒绝", "✗"],
  added: ["补充", "＋"],
};
const UNDECIDED = new Set(["suggested", "new"]);
const FIELDS = ["start", "end", "code", "dim", "level", "memo"];

/** A DOM node; strings among the children become text nodes. */
function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "color") node.style.setProperty("--c", value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** Sets a node's text, touching the page only when it differs. */
function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Tables from code points to UTF-16 units and back; the inside of a pair rounds down. */
function offsetTables(text) {
  const unit = new Uint32Array(text.length + 1);
  const point = new Uint32Array(text.length + 1);
  let count = 0;
  for (let i = 0; i < text.length; count += 1) {
    const size = text.codePointAt(i) > 0xffff ? 2 : 1;
    unit[count] = i;
    point[i] = count;
    if (size === 2) point[i + 1] = count;
    i += size;
  }
  unit[count] = text.length;
  point[text.length] = count;
  return { unit, point };
}

/** The next place a caret may stand: a whole visible character further (step 1) or back (-1). */
function nextCharacter(text, place, step) {
  if (step > 0) {
    const rest = text.slice(place, place + 40);
    return place + (firstGrapheme(rest) || 0);
  }
  const head = text.slice(Math.max(0, place - 40), place);
  const parts = graphemes(head);
  return place - (parts.length ? parts[parts.length - 1].length : 0);
}

const SEGMENTER = typeof Intl !== "undefined" && Intl.Segmenter ? new Intl.Segmenter("zh") : null;

function graphemes(text) {
  return SEGMENTER ? Array.from(SEGMENTER.segment(text), (part) => part.segment) : Array.from(text);
}

function firstGrapheme(text) {
  const parts = graphemes(text);
  return parts.length ? parts[0].length : 0;
}

/** A uuid also where crypto.randomUUID is missing (plain http on a local network). */
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const percent = (share) => share.toFixed(2);
const levelText = (level) => (level === null || level === undefined ? "?" : String(level).replace("-", "−"));
const tagText = (values) => `${values.code} ${values.dim}${levelText(values.level)}`;
const clip = (text, size) => (text.length > size ? `${text.slice(0, size)}……` : text);

/** The index of the last row whose `start` is at or before `place`, or -1. */
function lastAt(rows, place) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].start <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const overlaps = (a, b) => a.start < b.end && b.start < a.end;

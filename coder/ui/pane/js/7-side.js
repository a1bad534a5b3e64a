// The head (progress, search, saved or not, 完成) and the left column (events, filters, orders).

const HINTS = [["J K", "走"], ["A", "接受"], ["X", "拒绝"], ["1–9", "等级"], ["C", "换特征"], ["U", "撤销"], ["N", "漏编"]];

function mountHead(p) {
  const n = p.nodes;
  n.count = h("b", {}, "");
  n.meter = h("i", {});
  n.saved = h("span", { class: "bei-saved", role: "status" }, "");
  n.found = h("span", { class: "bei-dim" }, "");
  n.search = h("input", { class: "bei-search", type: "search", placeholder: "在原文中查找（/）", "aria-label": "在原文中查找" });
  n.search.addEventListener("input", () => { search(p, n.search.value); refresh(p); });
  n.search.addEventListener("keydown", (event) => searchKey(p, event));
  n.doneButton = h("button", { class: "bei-act", onclick: () => toggleDone(p) }, "");
  n.head.replaceChildren(
    h("span", { class: "bei-progress", title: "已裁决 / 全部" }, n.count, h("i", { class: "bei-bar" }, n.meter)),
    n.saved, h("span", { class: "bei-hint" }, HINTS.map(([key, what]) => [h("kbd", {}, key), ` ${what}　`])), n.found, n.search, n.doneButton,
    h("button", { class: "bei-act", title: "全部按键（?）", onclick: () => openHelp(p) }, "?"),
  );
}

function drawHead(p) {
  const [decided, total] = progress(p);
  put(p.nodes.count, `${decided} / ${total}`);
  p.nodes.meter.style.width = total ? `${(100 * decided) / total}%` : "0";
  const waiting = p.outbox.length;
  put(p.nodes.saved, waiting ? `● ${waiting} 条正在存` : "✓ 已存");
  p.nodes.saved.classList.toggle("bei-waiting", waiting > 0);
  put(p.nodes.doneButton, p.done ? "✓ 已完成" : "标为完成");
  p.nodes.doneButton.classList.toggle("bei-yes", !p.done && decided === total && total > 0);
  put(p.nodes.found, p.hits.length ? `${p.hit + 1} / ${p.hits.length}` : p.nodes.search.value ? "没有找到" : "");
}

function mountSide(p) {
  const n = p.nodes;
  n.events = new Map();
  n.codes = new Map();
  n.finder = h("input", { class: "bei-search", placeholder: "筛选能力（F）", "aria-label": "筛选能力" });
  n.finder.addEventListener("input", () => drawSide(p));
  n.finder.addEventListener("keydown", (event) => finderKey(p, event));
  n.status = select("状态", [["all", "全部"], ["todo", "待裁决"], ["decided", "已裁决"], ["accepted", "已接受"],
    ["amended", "已修改"], ["added", "补充"], ["rejected", "已拒绝"]], (value) => { p.filter.status = value; filterChanged(p); });
  n.order = select("顺序", [["text", "按讲述顺序"], ["least", "把握小的在前"], ["most", "把握大的在前"]], (value) => {
    p.order = value;
    filterChanged(p);
  });
  n.min = h("input", { type: "range", min: "0", max: "1", step: "0.05", value: "0", "aria-label": "把握不低于" });
  n.minText = h("span", {}, "");
  n.min.addEventListener("input", () => { p.filter.min = Number(n.min.value); filterChanged(p); });
  n.uncoded = h("input", { type: "checkbox" });
  n.uncoded.addEventListener("change", () => toggleUncoded(p));
  n.eventList = h("div", { class: "bei-list" }, p.events.map((event) => eventButton(p, event)));
  n.codeList = h("div", { class: "bei-list" }, p.content.codebook.competencies.map((row) => codeButton(p, row)));
  n.clear = h("button", { class: "bei-more", onclick: () => clearFilter(p) }, "清除筛选");
  n.bulk = h("button", { class: "bei-more", onclick: () => openBulk(p) }, "批量接受……");
  n.side.replaceChildren(
    p.events.length ? h("section", {}, h("h4", {}, "事件"), n.eventList) : "",
    h("section", {}, h("h4", {}, "筛选与顺序"),
      h("label", {}, "状态", n.status), h("label", {}, "顺序", n.order),
      h("label", { class: "bei-range" }, h("span", {}, "把握 ≥ ", n.minText), n.min),
      h("label", { class: "bei-check" }, n.uncoded, `未编码句（${p.uncoded.length}）`), n.bulk),
    h("section", { class: "bei-grow" }, h("h4", {}, "能力", n.clear), n.finder, n.codeList),
  );
}

function select(name, options, todo) {
  const node = h("select", { "aria-label": name }, options.map(([value, text]) => h("option", { value }, text)));
  node.addEventListener("change", () => todo(node.value));
  return node;
}

function eventButton(p, event) {
  const count = h("small", {}, "");
  const button = h("button", { class: "bei-row", title: event.title, onclick: () => jumpEvent(p, event) },
    h("span", {}, `${event.number} ${event.title}`.trim()), count);
  p.nodes.events.set(event.number, { button, count });
  return button;
}

function codeButton(p, row) {
  const count = h("small", {}, "");
  const button = h("button", { class: "bei-row", color: row.color, title: `${row.cluster_name} · ${row.definition}`, onclick: () => toggleCode(p, row.code) },
    h("i", { class: "bei-dot" }), h("span", {}, h("b", {}, row.code), ` ${row.name}`), count);
  p.nodes.codes.set(row.code, { button, count });
  return button;
}

/** Brings numbers and pressed states up to date, touching only what differs. */
function drawSide(p) {
  const byEvent = new Map();
  const byCode = new Map();
  p.items.forEach((item) => {
    if (item.gone || item.status === "rejected") return;
    const value = seen(p, item);
    const add = (map, key) => {
      const pair = map.get(key) || [0, 0];
      map.set(key, [pair[0] + (undecided(item) ? 1 : 0), pair[1] + 1]);
    };
    add(byCode, value.code);
    const event = eventAt(p, value.start);
    if (event) add(byEvent, event.number);
  });
  const found = p.nodes.finder.value ? new Set(findCompetencies(p, p.nodes.finder.value).map((row) => row.code)) : null;
  const show = (map, rows, on) => rows.forEach(({ button, count }, key) => {
    const [todo, total] = map.get(key) || [0, 0];
    put(count, total ? (todo ? `${total - todo}/${total}` : `✓ ${total}`) : "");
    button.classList.toggle("bei-row-on", on(key));
    button.setAttribute("aria-pressed", String(on(key)));
    if (map === byCode) button.hidden = found ? !found.has(key) : !total && !on(key);
  });
  show(byEvent, p.nodes.events, (number) => p.filter.event === number);
  show(byCode, p.nodes.codes, (code) => p.filter.codes.has(code));
  p.nodes.clear.hidden = !p.filter.codes.size && p.filter.event === null && p.filter.status === "all" && !p.filter.min;
  put(p.nodes.minText, percent(p.filter.min));
  p.nodes.uncoded.checked = p.showUncoded;
}

function filterChanged(p) {
  relist(p);
  p.turns.forEach((turn, index) => p.dirty.add(index));
  const item = p.items.get(p.active);
  if (item && !p.list.includes(item)) activate(p, null);
  refresh(p);
}

function toggleCode(p, code) {
  if (!p.filter.codes.delete(code)) p.filter.codes.add(code);
  filterChanged(p);
}

function clearFilter(p) {
  p.filter = { codes: new Set(), status: "all", min: 0, event: null, memo: false };
  p.nodes.status.value = "all";
  p.nodes.min.value = "0";
  p.nodes.finder.value = "";
  filterChanged(p);
}

function jumpEvent(p, event) {
  p.filter.event = p.filter.event === event.number ? null : event.number;
  filterChanged(p);
  if (p.filter.event === null) return;
  activate(p, p.list[0]?.id || null);
  p.nodes.text.querySelector(`[data-event="${event.number}"]`)?.scrollIntoView({ block: "start" });
  refresh(p);
}

function toggleUncoded(p) {
  p.showUncoded = !p.showUncoded;
  p.uncoded.forEach((row) => turnsOver(p, row).forEach((index) => p.dirty.add(index)));
  refresh(p);
}

function finderKey(p, event) {
  if (event.isComposing) return;
  if (event.key === "Enter" && p.nodes.finder.value) {
    const [best] = findCompetencies(p, p.nodes.finder.value);
    if (best) toggleCode(p, best.code);
    p.nodes.finder.value = "";
    drawSide(p);
    p.root.focus();
  } else if (event.key === "Escape") { p.nodes.finder.value = ""; drawSide(p); p.root.focus(); } else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Finds words in the whole text, the interviewer's too. */
function search(p, wanted) {
  const mark = () => p.hits.forEach((hit) => turnsOver(p, hit).forEach((index) => p.dirty.add(index)));
  mark();
  p.hits = [];
  const text = p.text.toLowerCase();
  const word = wanted.toLowerCase();
  for (let at = word ? text.indexOf(word) : -1; at >= 0 && p.hits.length < 2000; at = text.indexOf(word, at + word.length)) {
    p.hits.push({ start: at, end: at + word.length });
  }
  p.hit = 0;
  mark();
  if (p.hits.length) p.scrollTo = p.hits[0];
}

function searchKey(p, event) {
  if (event.isComposing) return;
  if (event.key === "Enter" && p.hits.length) {
    const old = p.hits[p.hit];
    p.hit = (p.hit + (event.shiftKey ? p.hits.length - 1 : 1)) % p.hits.length;
    for (const hit of [old, p.hits[p.hit]]) turnsOver(p, hit).forEach((index) => p.stale.add(index));
    p.scrollTo = p.hits[p.hit];
  } else if (event.key === "Escape") {
    p.nodes.search.value = "";
    search(p, "");
    p.root.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
  refresh(p);
}

function toggleDone(p) {
  const [decided, total] = progress(p);
  const wish = () => { p.wish = !p.done; p.done = p.wish; flush(p); refresh(p); p.root.focus(); };
  if (!p.done && decided < total) {
    confirmFirst(p, `还有 ${total - decided} 条没有裁决。仍标为完成？`, "标为完成", wish);
  } else wish();
}

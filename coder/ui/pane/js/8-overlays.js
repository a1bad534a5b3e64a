// What lies over the pane for a moment: picker, help, bulk accept, questions, notices.

function openOverlay(p, label, ...children) {
  closeOverlay(p);
  const box = h("div", { class: "bei-box", role: "dialog", "aria-modal": "true", "aria-label": label }, children);
  p.overlay = h("div", { class: "bei-overlay", onclick: (event) => { if (event.target === p.overlay) closeOverlay(p); } }, box);
  p.overlay.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); closeOverlay(p); }
    event.stopPropagation();
  });
  p.root.append(p.overlay);
  return box;
}

function closeOverlay(p) {
  if (!p.overlay) return;
  p.overlay.remove();
  p.overlay = null;
  p.root.focus();
}

/** Type to find a competency; digits at the end set the level: `cjdx5`. */
function openPicker(p) {
  const span = selectedSpan(p);
  const item = span ? null : p.items.get(p.active);
  const place = span || (item ? null : p.focus);
  if (!item && !place) { toast(p, "先选中文字，或用 J、N 走到一条建议、一个句子"); return; }
  const input = h("input", { class: "bei-pick", placeholder: "代码、名称或拼音首字母，后面可跟等级：cjdx5", "aria-label": "查找胜任特征",
    role: "combobox", "aria-expanded": "true", "aria-controls": "bei-options", autocomplete: "off", spellcheck: "false" });
  const list = h("div", { class: "bei-options", id: "bei-options", role: "listbox" });
  openOverlay(p, "选择胜任特征", input, list);
  const choose = (row) => {
    const level = levelIn(input.value);
    closeOverlay(p);
    window.getSelection()?.removeAllRanges();
    if (item) recode(p, item, row.code, level);
    else addNew(p, place, row.code, level);
    refresh(p);
  };
  runPicker(p, input, list, choose);
}

const levelIn = (text) => {
  const found = /([-−]?)([0-9])$/.exec(text.trim());
  return found ? Number(found[2]) * (found[1] ? -1 : 1) : null;
};

function runPicker(p, input, list, choose) {
  let rows = [];
  let at = 0;
  const mark = () => Array.from(list.children).forEach((node, index) => {
    node.classList.toggle("bei-option-on", index === at);
    node.setAttribute("aria-selected", String(index === at));
    if (index === at) { node.scrollIntoView({ block: "nearest" }); input.setAttribute("aria-activedescendant", node.id); }
  });
  const draw = () => {
    rows = findCompetencies(p, input.value.replace(/[-−]?[0-9]$/, ""));
    at = 0;
    list.replaceChildren(...rows.map((row, index) => h("button", {
      class: "bei-option", id: `bei-option-${index}`, role: "option", tabindex: "-1", color: row.color, onclick: () => choose(row),
    }, h("i", { class: "bei-dot" }), h("b", {}, row.code), ` ${row.name}`, h("small", {}, row.definition))));
    if (!rows.length) list.append(h("p", { class: "bei-dim" }, "没有这样的胜任特征"));
    mark();
  };
  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") at = Math.min(at + 1, rows.length - 1);
    else if (event.key === "ArrowUp") at = Math.max(at - 1, 0);
    else if (event.key === "Enter") { if (rows[at]) choose(rows[at]); } else return;
    event.preventDefault();
    mark();
  });
  draw();
  input.focus();
}

const KEYS = [
  ["J / K", "下一条 / 上一条"], ["A 或 Enter", "接受（改过的按改后接受），到下一条"], ["X", "拒绝，到下一条"],
  ["1–9", "等级；先按 - 为负等级"], ["⇧1 ⇧2 ⇧3", "换成最可能的三个胜任特征"], ["C", "按代码、名称、拼音首字母选胜任特征"],
  ["[ 与 ]", "区间起点往前、终点往后一句（加 Alt 收回）"], ["{ 与 }", "同上，一个字"], ["D", "换维度（新增的编码）"], ["M", "写备注，Esc 离开"],
  ["选中文字，C", "补充编码"], ["N / ⇧N", "下一个 / 上一个没有编码的受访者句子"], ["S", "显示或隐去未编码句及理由"],
  ["U / ⇧U", "撤销 / 重做"], ["/", "在原文中查找，Enter 下一处"], ["F", "筛选能力"], ["B", "按把握批量接受"], ["Esc", "放弃改动，离开"], ["?", "这张表"],
];

function openHelp(p) {
  const close = h("button", { class: "bei-act bei-yes", onclick: () => closeOverlay(p) }, "知道了");
  openOverlay(p, "全部按键", h("h3", {}, "按键"),
    h("dl", { class: "bei-keys" }, KEYS.map(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)])),
    h("p", { class: "bei-dim" }, "等级、胜任特征、区间、备注的改动先成草稿，按 A 才作数；J、K 走开时草稿留着。"), close);
  p.overlay.firstChild.classList.add("bei-wide");
  close.focus();
}

function confirmFirst(p, question, label, todo) {
  const yes = h("button", { class: "bei-act bei-yes", onclick: () => { closeOverlay(p); todo(); } }, label);
  const no = h("button", { class: "bei-act", onclick: () => closeOverlay(p) }, "取消");
  openOverlay(p, question, h("p", {}, question), h("div", { class: "bei-acts" }, yes, no));
  yes.focus();
}

/** Accepting above a confidence: how many it would be, which ones, then one step that U undoes. */
function openBulk(p) {
  const range = h("input", { type: "range", min: "0.3", max: "1", step: "0.01", value: "0.8", "aria-label": "把握不低于" });
  const told = h("p", {}, "");
  const list = h("ul", { class: "bei-preview" });
  const yes = h("button", { class: "bei-act bei-yes", onclick: () => { closeOverlay(p); acceptAbove(p, Number(range.value)); refresh(p); } }, "");
  const no = h("button", { class: "bei-act", onclick: () => closeOverlay(p) }, "取消");
  const draw = () => {
    const rows = bulkItems(p, Number(range.value));
    put(told, `筛选范围内把握不低于 ${percent(Number(range.value))} 的未裁决建议：${rows.length} 条。`);
    put(yes, `接受 ${rows.length} 条`);
    yes.disabled = !rows.length;
    list.replaceChildren(...rows.map((item) => h("li", { color: p.book.get(item.code)?.color },
      h("b", {}, tagText(item)), ` ${percent(item.conf)} `, clip(p.text.slice(item.start, item.end), 46))));
  };
  range.addEventListener("input", draw);
  openOverlay(p, "批量接受", h("h3", {}, "批量接受"), told, range, list, h("div", { class: "bei-acts" }, yes, no));
  draw();
  range.focus();
}

/** A line that goes away by itself; read out by screen readers. */
function toast(p, text, bad) {
  const node = h("div", { class: bad ? "bei-toast bei-bad" : "bei-toast" }, text);
  p.nodes.toasts.append(node);
  while (p.nodes.toasts.children.length > 3) p.nodes.toasts.firstChild.remove();
  setTimeout(() => node.remove(), bad ? 12000 : 4500);
}

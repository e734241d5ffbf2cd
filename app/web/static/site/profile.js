// The profile: parts open, are saved and move in their place. Without script each is a page.

const parts = () => document.querySelector("[data-parts]");
const tell = (text) => document.dispatchEvent(new CustomEvent("site:tell", { detail: text }));
document.documentElement.classList.add("scripted");

// What was typed and is not saved yet.
const isDirty = (form) =>
  "unsaved" in form.dataset ||
  [...form.elements].some((each) =>
    each.type === "checkbox" || each.type === "radio"
      ? each.checked !== each.defaultChecked
      : "defaultValue" in each && each.type !== "hidden" && each.value !== each.defaultValue,
  );
const unsaved = (within = document) => [...within.querySelectorAll("form.editor")].filter(isDirty);
let isLeaving = false;
addEventListener("beforeunload", (event) => {
  if (!isLeaving && unsaved().length) event.preventDefault();
});

// Letters left, once there are few.
function count(field) {
  const each = Number(field.dataset.mostEach);
  const longest = each ? Math.max(...field.value.split("\n").map((line) => line.length)) : field.value.length;
  const left = (each || Number(field.dataset.most)) - longest;
  const most = each || Number(field.dataset.most);
  let told = field.parentElement.querySelector(".left");
  if (left > Math.max(20, most / 5)) return told?.remove();
  if (!told) {
    told = document.createElement("p");
    told.className = "left";
    told.setAttribute("role", "status");
    field.after(told);
  }
  told.classList.toggle("over", left < 0);
  told.textContent = left < 0 ? `${-left} too many` : `${left} left${each ? " in the longest line" : ""}`;
}
// A field as high as its text.
function grow(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}
document.addEventListener("input", ({ target }) => {
  if (target.dataset?.most || target.dataset?.mostEach) count(target);
  if (target.dataset && "grows" in target.dataset) grow(target);
});

// What others have open stays open; of what was saved here meanwhile it takes the version over.
function keepOpen(fresh, own) {
  for (const open of parts().querySelectorAll("[data-open]")) {
    const place = fresh.querySelector(`#${CSS.escape(open.id)}`);
    if (open.id === own || !place) continue;
    const [was, is] = [Number(open.dataset.version), Number(place.dataset.version)];
    if (is === was + 1) {
      open.dataset.version = is;
      for (const field of open.querySelectorAll("[name=version]")) field.value = is;
    }
    place.replaceWith(open);
  }
}

function show(doc, own) {
  const fresh = document.adoptNode(doc.querySelector("[data-parts]"));
  keepOpen(fresh, own);
  parts().replaceWith(fresh);
  const notices = doc.querySelector("[data-notices]");
  document.querySelector("[data-notices]").replaceChildren(...(notices?.children ?? []));
  document.title = doc.title;
  fresh.querySelectorAll("[data-grows]").forEach(grow);
}

function focus(id) {
  const part = document.getElementById(id);
  const first = part?.querySelector("[data-trouble]") ??
    part?.querySelector("form.editor :is(input:not([type=hidden]), textarea)") ??
    part?.querySelector("[data-edit]") ?? document.querySelector("[data-undo] button");
  first?.focus();
  (part ?? first)?.scrollIntoView({ block: "nearest" });
}

async function fetched(address, options) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch {
    tell("There is no connection. Nothing was saved; try again.");
    return null;
  }
  const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (doc.querySelector("[data-parts]")) return [doc, answer];
  if (answer.redirected) {
    location.assign(answer.url);
    return null;
  }
  tell(doc.querySelector("main")?.innerText.trim() || "That did not work. Try again.");
  return null;
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-part], a[data-edit]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const own = link.dataset.part ?? link.hash.slice(1);
  const form = link.closest("form.editor");
  if ("leaves" in link.dataset && form && isDirty(form) && !confirm("Leave what you wrote here?")) return;
  const found = await fetched(link.href);
  if (!found) return;
  show(found[0], own);
  focus(own);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.part || event.defaultPrevented) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  const own = form.dataset.part;
  const button = event.submitter;
  form.setAttribute("aria-busy", "true");
  button?.setAttribute("aria-busy", "true");
  const body = new URLSearchParams(new FormData(form, button));
  const found = await fetched(button?.hasAttribute("formaction") ? button.formAction : form.action, { method: "post", body });
  form.removeAttribute("aria-busy");
  button?.removeAttribute("aria-busy");
  if (!found) return;
  show(found[0], own);
  if (document.querySelector("[data-undo]")) document.querySelector("[data-undo] button").focus();
  else focus(found[1].ok ? parts().dataset.shown || own : own);
}, true);

// Moving rows: by buttons that keep the focus, or by their grips.
const said = document.querySelector("[data-said]");
const rowsOf = (list) => [...list.children];
const idOf = (row) => row.id.slice(row.id.indexOf("-") + 1);
const labelOf = (row) => row.querySelector("[data-edit] .unseen").textContent.trim();
let saving = null;

function settle(list) {
  const rows = rowsOf(list);
  rows.forEach((row, index) => {
    for (const [move, at] of [["up", 0], ["down", rows.length - 1]]) {
      const button = row.querySelector(`.icon[name=${move}]`);
      if (index === at) button?.setAttribute("aria-disabled", "true");
      else button?.removeAttribute("aria-disabled");
    }
  });
}

async function save(list) {
  if (saving) return (saving.again = true);
  saving = { again: false };
  const form = document.getElementById(list.dataset.rows);
  const body = new URLSearchParams(new FormData(form));
  for (const row of rowsOf(list)) body.append("ids", idOf(row));
  const found = await fetched(form.action, { method: "post", body });
  const { again } = saving;
  saving = null;
  const now = document.querySelector(`[data-rows="${list.dataset.rows}"]`);
  if (again) {
    if (found) versions(found[0]);
    return save(now);
  }
  const active = document.activeElement?.closest("[data-rows] > li")?.id;
  const move = document.activeElement?.name;
  const page = found ?? (await fetched("/profile"));
  if (!page) return;
  show(page[0], "");
  if (active && move) document.querySelector(`#${CSS.escape(active)} .icon[name=${move}]`)?.focus();
}

function versions(doc) {
  for (const row of doc.querySelectorAll("[data-rows] > li")) {
    const here = document.getElementById(row.id);
    if (here && Number(row.dataset.version) === Number(here.dataset.version) + 1) {
      here.dataset.version = row.dataset.version;
      for (const field of here.querySelectorAll("[name=version]")) field.value = row.dataset.version;
    }
  }
}

function moved(row) {
  const list = row.parentElement;
  settle(list);
  const place = rowsOf(list).indexOf(row) + 1;
  said.textContent = `“${labelOf(row)}” is at place ${place} of ${list.children.length}.`;
  save(list);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-rows] .icon");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("li");
  const other = button.name === "up" ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (button.name === "up") other.before(row);
  else other.after(row);
  button.focus();
  row.scrollIntoView({ block: "nearest" });
  moved(row);
});

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest(".grip");
  if (!grip || event.button) return;
  const row = grip.closest("li");
  const list = row.parentElement;
  const before = rowsOf(list);
  const stop = new AbortController();
  event.preventDefault();
  row.classList.add("dragged");
  const end = (isKept) => {
    stop.abort();
    row.classList.remove("dragged");
    if (!isKept) list.replaceChildren(...before);
    else if (rowsOf(list).some((each, index) => each !== before[index])) moved(row);
  };
  const on = (name, act) => addEventListener(name, act, { signal: stop.signal });
  on("pointermove", ({ clientY }) => {
    const under = rowsOf(list).find((each) => {
      const box = each.getBoundingClientRect();
      return each !== row && clientY > box.top && clientY < box.bottom;
    });
    if (clientY < 60) scrollBy(0, -12);
    if (clientY > innerHeight - 60) scrollBy(0, 12);
    if (!under) return;
    const box = under.getBoundingClientRect();
    const isBelow = row.compareDocumentPosition(under) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (isBelow && clientY > box.bottom - Math.min(box.height, row.offsetHeight)) under.after(row);
    else if (!isBelow && clientY < box.top + Math.min(box.height, row.offsetHeight)) under.before(row);
  });
  on("pointerup", () => end(true));
  on("pointercancel", () => end(false));
  on("keydown", ({ key }) => key === "Escape" && end(false));
});

parts()?.querySelectorAll("[data-grows]").forEach(grow);
parts()?.querySelector("[data-trouble]")?.focus();

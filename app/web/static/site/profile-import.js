// Importing: a file is dropped and sent with its progress shown; fields and their places on the page
// light each other up. Without script the same forms lead the same way.

document.documentElement.classList.add("scripted");

// Sending the file.
const upload = document.querySelector("[data-upload]");
upload?.addEventListener("submit", (event) => {
  const form = event.target;
  const [file] = form.elements.file.files;
  if (!file) return;
  event.preventDefault();
  event.stopPropagation();
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  const told = form.querySelector("[data-progress]");
  const doing = form.querySelector("[data-doing]");
  const bar = form.querySelector("progress");
  told.hidden = false;
  doing.textContent = "Sending the file …";
  const request = new XMLHttpRequest();
  request.open("post", form.action);
  request.responseType = "document";
  request.upload.onprogress = ({ loaded, total }) => (bar.value = loaded / total);
  request.upload.onload = () => {
    doing.textContent = "Reading it …";
    bar.removeAttribute("value");
  };
  const rest = () => {
    told.hidden = true;
    form.removeAttribute("aria-busy");
  };
  request.onerror = () => {
    rest();
    const detail = "There is no connection. Nothing was sent; try again.";
    document.dispatchEvent(new CustomEvent("site:tell", { detail }));
  };
  request.onload = () => {
    if (request.responseURL !== form.action) return location.assign(request.responseURL);
    rest();
    const fresh = request.response?.querySelector("main");
    if (!fresh?.querySelector("[data-upload]")) return document.querySelector("main").replaceChildren(...fresh.childNodes);
    const again = document.adoptNode(fresh.querySelector("[role=alert]"));
    upload.querySelector("[role=alert]")?.remove();
    form.before(again);
    if (fresh.querySelector("details[open]")) form.querySelector("details").open = true;
    document.title = request.response.title;
    again.focus();
  };
  request.send(new FormData(form));
}, true);

const drop = document.querySelector("[data-drop]");
if (drop) {
  for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
  addEventListener("dragover", () => drop.classList.add("over"));
  for (const name of ["dragleave", "drop"]) addEventListener(name, () => drop.classList.remove("over"));
  addEventListener("drop", ({ dataTransfer }) => {
    if (!dataTransfer.files.length) return;
    const input = drop.querySelector("input");
    input.files = dataTransfer.files;
    input.focus();
  });
}

// The review: a field and where it was read.
const sheets = document.querySelector("[data-sheets]");
const marksOf = (key) =>
  sheets ? [...sheets.querySelectorAll("[data-for]")].filter(({ dataset }) => dataset.for === key || dataset.for.startsWith(`${key}.`)) : [];
function light(key, isToBeSeen) {
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  if (!key) return;
  const marks = marksOf(key);
  for (const mark of marks) mark.classList.add("lit");
  document.querySelector(`[data-at="${CSS.escape(key)}"]`)?.classList.add("lit");
  if (!isToBeSeen || !marks.length) return;
  const [mark, whole] = [marks[0].getBoundingClientRect(), sheets.getBoundingClientRect()];
  if (mark.top < whole.top || mark.bottom > whole.bottom)
    sheets.scrollTo({ top: sheets.scrollTop + mark.top - whole.top - whole.height / 3 });
}
const keyOf = (target) =>
  target.closest?.("[data-at]")?.dataset.at ?? target.closest?.("[data-for]")?.dataset.for ??
  (target.closest?.("summary, input") ? target.closest("[data-within]")?.dataset.within : undefined);
function reach(key) {
  const field = document.getElementById(key);
  if (!field) return;
  const entry = field.closest("details");
  if (entry) entry.open = true;
  field.focus();
  field.scrollIntoView({ block: "center" });
}

if (document.querySelector(".review")) {
  let focused;
  document.addEventListener("focusin", ({ target }) => {
    focused = keyOf(target);
    light(focused, true);
  });
  // A page that scrolls beneath a pointer at rest points at nothing.
  let pointed;
  document.addEventListener("pointermove", ({ target, movementX, movementY }) => {
    if (target === pointed || !(movementX || movementY)) return;
    pointed = target;
    const key = keyOf(target);
    light(key ?? focused, Boolean(key) && !target.closest("[data-for]"));
  });
  document.addEventListener("click", (event) => {
    const goto = event.target.closest("[data-goto]")?.dataset.goto;
    const mark = event.target.closest("[data-for]")?.dataset.for;
    if (!goto && !mark) return;
    event.preventDefault();
    reach(goto ?? mark);
  });
  // A drop or an edit that is not sent yet.
  const form = document.querySelector(".review form");
  let isChanged = false;
  form.addEventListener("input", () => (isChanged = true));
  form.addEventListener("submit", () => (isChanged = false));
  addEventListener("beforeunload", (event) => isChanged && event.preventDefault());
}

// What every page of the site gains by script; without it, all but copying works as well.

/** Say something to who looks and to who listens, without moving the focus. */
function tell(text, kind = "fault") {
  const said = document.createElement("p");
  said.className = `notice ${kind}`;
  said.textContent = text;
  document.querySelector("[data-notices]").replaceChildren(said);
  said.scrollIntoView({block: "nearest"});
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    label.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
    label.textContent = "Selected";
  }
  setTimeout(() => (label.textContent = before), 2000);
});

// A form goes only once the server has answered, or what was typed would give way to an error page of
// the browser. Parts of the profile and files are sent by scripts of their own, which tell it, too.
let sure = null;
async function answers() {
  try {
    const {href} = document.querySelector("link[rel=icon]");
    return (await fetch(href, {method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(10_000)})).ok;
  } catch {
    return false;
  }
}
const reached = (detail) => document.dispatchEvent(new CustomEvent("site:reached", {detail}));
document.addEventListener("site:when-reached", async ({detail: act}) => {
  const isThere = await answers();
  reached(isThere);
  if (isThere) act();
});
document.addEventListener("submit", async (event) => {
  const {target: form, submitter} = event;
  if (form === sure) return (sure = null);
  if (form.method !== "post" || form.dataset.part || form.closest("[data-upload]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.getAttribute("aria-busy") === "true") return;
  for (const each of [form, submitter]) each?.setAttribute("aria-busy", "true");
  const isThere = await answers();
  for (const each of [form, submitter]) each?.removeAttribute("aria-busy");
  reached(isThere);
  if (!isThere) return tell("The server can’t be reached just now. Nothing was sent, and what you typed is still here: try again in a moment.");
  sure = form;
  form.requestSubmit(submitter);
}, true);

// A form is sent once, however often it is clicked. One that brings a file leaves the page here.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
  event.submitter?.setAttribute("aria-busy", "true");
});
// Who signs out leaves nothing in the tab: the console of the developer page may keep a credential.
document.addEventListener("submit", ({ target }) => {
  if (target.getAttribute("action") === "/sign-out") sessionStorage.clear();
});
addEventListener("pageshow", () => {
  for (const busy of document.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
});

// Told again once the page stands: a live region says only what comes into it.
const told = document.querySelector("[data-notices]");
if (told?.firstElementChild) {
  const said = [...told.children];
  requestAnimationFrame(() => told.replaceChildren(...said));
}

// Where a row of places is wider than the screen, the one we are at shall be seen.
for (const here of document.querySelectorAll(".places [aria-current], .side [aria-current], .tabs [aria-current]")) {
  here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 40;
}

// Without a network nothing can be reached; with one, scripts tell whether the server can.
const offline = document.querySelector("[data-offline]");
const words = offline.textContent;
let isReached = true;
function show() {
  offline.hidden = navigator.onLine && isReached;
  offline.textContent = navigator.onLine ? "The server can’t be reached just now. What you see may be out of date." : words;
}
for (const name of ["online", "offline"]) addEventListener(name, show);
document.addEventListener("site:reached", ({detail}) => {
  isReached = detail;
  show();
});
show();

document.addEventListener("site:tell", (event) => tell(event.detail));

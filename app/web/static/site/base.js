// What every page of the site gains by script; without it, all but copying works as well.

/** Say something to who looks and to who listens, without moving the focus. */
function tell(text, kind = "fault") {
  const said = document.createElement("p");
  said.className = `notice ${kind}`;
  said.textContent = text;
  document.querySelector("[data-notices]").replaceChildren(said);
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

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
});

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

const offline = document.querySelector("[data-offline]");
const show = () => (offline.hidden = navigator.onLine);
addEventListener("online", show);
addEventListener("offline", show);
show();

document.addEventListener("site:tell", (event) => tell(event.detail));

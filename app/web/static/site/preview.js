// The real first page beside the form: asked for a moment after the last change. An answer to what
// is no longer asked is dropped, and the last picture stays until the next one is there.
const form = document.querySelector("[data-preview]");
const sheet = form.querySelector("[data-sheet]");
const veil = form.querySelector("[data-veil]");
const color = form.querySelector("[data-color]");
const price = form.querySelector("b[data-price]");
let asked = null;
let timer = 0;
let shown = "";

function tell(text) {
  veil.textContent = text;
  veil.hidden = !text;
}

function address() {
  const query = new URLSearchParams(new FormData(form));
  query.delete("form_token");
  query.delete("request_id");
  return `${form.dataset.preview}?${query}`;
}

async function show() {
  const wanted = address();
  if (wanted === shown) return;
  asked?.abort();
  const mine = (asked = new AbortController());
  sheet.setAttribute("aria-busy", "true");
  const slow = setTimeout(() => tell("Setting your first page …"), 400);
  try {
    const answer = await fetch(wanted, {headers: {"x-by-script": "true"}, signal: mine.signal});
    if (answer.ok) {
      await draw(await answer.blob());
      shown = wanted;
      color.textContent = answer.headers.get("x-color") ?? "";
      tell("");
    } else {
      await refused(answer);
    }
  } catch (error) {
    if (mine.signal.aborted) return;
    tell(navigator.onLine ? "The preview could not be made just now." : "No connection, no preview.");
  } finally {
    clearTimeout(slow);
    if (asked === mine) sheet.removeAttribute("aria-busy");
  }
}

async function refused(answer) {
  if (answer.status === 401 || answer.headers.has("x-go-to")) return location.reload();
  const wait = Number(answer.headers.get("retry-after"));
  if (answer.status === 429) {
    tell("That were many previews at once. The next one comes in a moment.");
    plan(1000 * (wait || 10));
  } else if (answer.status >= 500) {
    tell("There is no preview just now. The PDF can be made all the same.");
  } else {
    tell(await answer.text());
  }
}

async function draw(blob) {
  const picture = new Image(840, 1188);
  picture.src = URL.createObjectURL(blob);
  picture.alt = "The first page as it would be";
  await picture.decode();
  const before = sheet.firstElementChild;
  before.replaceWith(picture);
  if (before.src) URL.revokeObjectURL(before.src);
}

function plan(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(show, milliseconds);
}

form.addEventListener("input", (event) => {
  const field = event.target;
  if (field.name === "own_color") form.querySelector("#c-own").checked = true;
  if (field.name === "template") price.textContent = field.dataset.price;
  if (field.name === "page_size") sheet.className = `sheet ${field.value}`;
  plan(350);
});
addEventListener("online", () => plan(0));
plan(0);

// The page as it would be follows the choices; sections are moved by dragging or by their buttons,
// and nothing is sent until it is saved.
const frame = document.querySelector("[data-frame]");
const forms = [document.getElementById("theme"), document.getElementById("layout")];
const order = document.querySelector(".order");
const moved = document.querySelector("[data-moved]");
let timer = 0;

function show() {
  const query = new URLSearchParams();
  for (const form of forms) for (const [name, value] of new FormData(form)) query.append(name, value);
  query.delete("form_token");
  // Or the frame would show an error page of the browser's.
  const act = () => frame.contentWindow.location.replace(`/appearance/preview?${query}`);
  document.dispatchEvent(new CustomEvent("site:when-reached", {detail: act}));
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(show, 250);
}

for (const form of forms)
  form.addEventListener("input", (event) => {
    if (event.target.name === "own_accent") document.getElementById("f-accent-own").checked = true;
    plan();
  });

order.addEventListener("click", (event) => {
  const button = event.target.closest("[name=move]");
  if (!button) return;
  event.preventDefault();
  const item = button.closest("li");
  if (button.value.startsWith("up:")) item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  button.focus();
  tell(item);
});

let held = null;
order.addEventListener("dragstart", (event) => {
  held = event.target.closest("li");
  held?.setAttribute("data-held", "");
  event.dataTransfer.effectAllowed = "move";
});
order.addEventListener("dragover", (event) => {
  const over = event.target.closest("li");
  if (!held || !over) return;
  event.preventDefault();
  if (over === held) return;
  const box = over.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) over.before(held);
  else over.after(held);
});
order.addEventListener("drop", (event) => event.preventDefault());
order.addEventListener("dragend", () => {
  if (!held) return;
  held.removeAttribute("data-held");
  tell(held);
  held = null;
});

function tell(item) {
  const all = [...order.children];
  const name = item.querySelector("label").textContent.trim();
  moved.textContent = `${name} is number ${all.indexOf(item) + 1} of ${all.length}.`;
  plan();
}

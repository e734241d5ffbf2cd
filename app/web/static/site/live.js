// What is being made shows how it stands by itself: told of a change, or else now and then, the
// page is fetched anew and its live parts are put in the place of the old ones.
const said = document.querySelector("[data-live-said]");
const live = () => [...document.querySelectorAll("[data-live]")];
const waits = () => live().length > 0 || document.querySelector("[data-poll]") !== null;
let fetching = null;

const reached = (detail) => document.dispatchEvent(new CustomEvent("site:reached", {detail}));

async function refresh() {
  const answer = await fetch(location.href, {headers: {accept: "text/html"}});
  reached(answer.status < 500);
  if (answer.redirected || answer.status === 404) return location.reload();
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Each answer masks the token of forms anew, and that alone is no news.
  const token = document.querySelector("[name=form_token]").getAttribute("value");
  for (const field of fresh.querySelectorAll("[name=form_token]")) field.setAttribute("value", token);
  for (const old of document.querySelectorAll("[data-live], [data-poll]")) {
    const next = fresh.getElementById(old.id);
    if (next && next.outerHTML !== old.outerHTML) put(next, old);
  }
}

function put(next, old) {
  const had = old.contains(document.activeElement);
  old.replaceWith(document.adoptNode(next));
  const words = next.querySelector("[data-said], h2");
  if (said && words && !("live" in next.dataset)) said.textContent = words.textContent;
  if (had) document.getElementById("main").focus({preventScroll: true});
}

const look = () => (fetching ??= refresh().catch(() => reached(false)).finally(() => (fetching = null)));

function listen() {
  const ids = live().map((each) => each.dataset.live).slice(0, 6);
  if (ids.length === 0) return;
  const events = new EventSource(`/resumes/events?${ids.map((id) => `job=${id}`).join("&")}`);
  const ended = () => {
    if (live().length === 0) events.close();
  };
  events.addEventListener("changed", () => look().then(ended));
  events.addEventListener("error", () => look().then(ended));
  addEventListener("pagehide", () => events.close(), {once: true});
}

listen();
const timer = setInterval(() => (waits() ? document.hidden || look() : clearInterval(timer)), 4000);

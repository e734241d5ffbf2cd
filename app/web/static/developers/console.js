// Runs an example with the reader's own credential, which goes to this origin's API and nowhere
// else: in memory, or in this tab's session storage when the reader says so. No cookie is sent.

const STORED = "console-credential";
const TOLD = /^(content-type|etag|location|retry-after|x-request-id|ratelimit|idempotent-replayed|mcp-session-id|www-authenticate|link|sunset)/;
const LONGEST = 200_000; // characters that are shown; all of it can be saved

const form = document.querySelector(".console");
const field = (name) => form.elements[name];
const result = form.querySelector(".result");
const shown = form.querySelector("pre");
const saved = form.querySelector(".saved");
const stop = form.querySelector("button[value=stop]");
const ask = form.querySelector("dialog");
let running = null;

if (field("secret")) {
  const kept = sessionStorage.getItem(STORED);
  if (kept !== null) {
    field("secret").value = kept;
    field("keep").checked = true;
  }
  const keep = () =>
    field("keep").checked && field("secret").value
      ? sessionStorage.setItem(STORED, field("secret").value)
      : sessionStorage.removeItem(STORED);
  field("keep").addEventListener("change", keep);
  field("secret").addEventListener("input", keep);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (form.dataset.destroys === "yes" && !(await agreed())) return;
  let request;
  try {
    request = built();
  } catch (problem) {
    say(problem.message);
    return;
  }
  await send(...request);
});
stop.addEventListener("click", () => running?.abort());

function agreed() {
  ask.returnValue = "";
  ask.showModal();
  return new Promise((resolve) => {
    const done = (yes) => {
      ask.close();
      resolve(yes);
    };
    ask.querySelector("[value=yes]").onclick = () => done(true);
    ask.querySelector("[value=no]").onclick = () => done(false);
    ask.oncancel = () => resolve(false);
  });
}

// The fields whose names begin with `kind:`, as pairs of name and element.
function fields(kind) {
  return [...form.elements]
    .filter((one) => one.name.startsWith(`${kind}:`))
    .map((one) => [one.name.slice(kind.length + 1), one]);
}

function built() {
  const { method, path } = form.dataset;
  const parts = Object.fromEntries(fields("path").map(([name, one]) => [name, one.value]));
  const address = path.replace(/\{(\w+)\}/g, (whole, name) =>
    name in parts ? encodeURIComponent(parts[name]) : whole,
  );
  const url = new URL(address, location.origin);
  for (const [name, { value }] of fields("query")) if (value) url.searchParams.set(name, value);

  const headers = new Headers({ Accept: "application/json, */*;q=0.5" });
  for (const [name, { value }] of fields("header")) if (value) headers.set(name, value);
  if (field("secret")?.value) {
    const [name, start] = field("kind").value.split(": ");
    headers.set(name, start + field("secret").value.trim());
  }
  let body = field("body")?.value;
  if (body) headers.set("Content-Type", "application/json");
  const encoded = fields("form");
  if (encoded.length) body = new URLSearchParams(encoded.map(([name, one]) => [name, one.value]));
  const files = fields("file").filter(([, one]) => one.files.length);
  if (files.length) {
    body = new FormData();
    for (const [name, one] of files) body.append(name, one.files[0]);
  }
  for (const line of field("headers").value.split("\n")) {
    if (!line.trim()) continue;
    const at = line.indexOf(":");
    if (at < 1) throw new Error(result.dataset.badHeader);
    headers.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return [url, { method, headers, body: body || undefined }];
}

async function send(url, options) {
  running = new AbortController();
  stop.disabled = false;
  saved.hidden = shown.hidden = true;
  say(result.dataset.waiting);
  const began = performance.now();
  try {
    const answer = await fetch(url, {
      ...options,
      credentials: "omit",
      cache: "no-store",
      redirect: "manual",
      referrerPolicy: "no-referrer",
      signal: running.signal,
    });
    tell(answer, performance.now() - began);
    await show(answer);
  } catch (problem) {
    if (problem.name === "AbortError") note(result.dataset.stopped);
    else say(result.dataset.failed);
  } finally {
    stop.disabled = true;
    running = null;
  }
}

function say(text) {
  result.replaceChildren(paragraph(text));
}

function note(text) {
  result.append(paragraph(text));
}

function paragraph(text, className = "") {
  const made = document.createElement("p");
  made.textContent = text;
  made.className = className;
  return made;
}

function tell(answer, milliseconds) {
  const status = answer.status ? `${answer.status} ${answer.statusText}`.trim() : "3xx";
  const line = paragraph(`${status} · ${Math.round(milliseconds)} ms`, "outcome");
  line.dataset.ok = answer.ok ? "yes" : "no";
  const list = document.createElement("ul");
  for (const [name, value] of answer.headers) {
    if (!TOLD.test(name)) continue;
    const item = document.createElement("li");
    item.textContent = `${name}: ${value}`;
    list.append(item);
  }
  result.replaceChildren(line, list);
}

async function show(answer) {
  const type = answer.headers.get("content-type") ?? "";
  const code = shown.querySelector("code");
  code.textContent = "";
  if (type.startsWith("text/event-stream")) {
    shown.hidden = false;
    for await (const piece of pieces(answer.body)) code.append(piece);
    return;
  }
  const blob = await answer.blob();
  if (!blob.size) return;
  const isText = /json|^text\/|xml|yaml/.test(type);
  if (isText) {
    const text = await blob.text();
    code.textContent = pretty(text, type).slice(0, LONGEST);
    shown.hidden = false;
  }
  offer(blob, answer);
}

async function* pieces(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function pretty(text, type) {
  if (!type.includes("json")) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function offer(blob, answer) {
  const link = saved.querySelector("a");
  if (link.href.startsWith("blob:")) URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(blob);
  const named = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "");
  link.download = named?.[1] ?? "answer";
  saved.hidden = false;
}

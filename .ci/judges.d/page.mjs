// Pages in Chromium: axe's rules, and what the browser itself complains about, on a desktop, a
// phone, in the dark, on paper and without script, by which a question on a profile is answered too.
// Usage: page.mjs BROWSER URL ... Prints one finding a line; "note: …" last.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [executablePath, ...urls] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const views = {
  desktop: { viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  phone: { viewport: { width: 360, height: 740 }, colorScheme: "light", hasTouch: true },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
  paper: { viewport: { width: 794, height: 1123 }, colorScheme: "light" },
  scriptless: { viewport: { width: 360, height: 740 }, javaScriptEnabled: false },
};
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
args.push("--disable-background-networking", "--disable-component-update", "--disable-sync");
const browser = await chromium.launch({ executablePath, args });
const findings = new Set();
let checks = 0;

// On paper and without script only what owners publish is looked at.
const profiles = urls.filter((url) => new URL(url).pathname.startsWith("/u/"));
const contexts = {};
for (const [view, options] of Object.entries(views)) {
  contexts[view] = await browser.newContext(options);
}
const queue = Object.keys(views).flatMap((view) =>
  (["paper", "scriptless"].includes(view) ? profiles : urls).map((url) => [view, url]),
);
await Promise.all([lane(), lane()]);

async function lane() {
  for (let next; (next = queue.shift()); ) {
    const [view, url] = next;
    await look(await contexts[view].newPage(), view, url);
  }
}

async function look(page, view, url) {
  const { origin, pathname } = new URL(url);
  const find = (finding) => findings.add(`${pathname}: ${finding}`);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) find(`console ${message.text()}`);
  });
  page.on("requestfailed", (request) => find(`not loaded ${request.url()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(origin)) find(`outside ${request.url()}`);
  });
  let told = 0;
  page.on("response", (response) => {
    if (response.url().endsWith("/seen") && response.status() === 204) told += 1;
  });
  if (view === "paper") await page.emulateMedia({ media: "print" });
  const answer = await page.goto(url, { waitUntil: "load" });
  if (!answer.ok()) find(`status ${answer.status()}`);
  await judge(page, view, find);
  const question = page.getByLabel("Your question");
  if (profiles.includes(url) && ["phone", "scriptless"].includes(view)) {
    await question.fill("Which languages does she speak?");
    await question.press("Enter");
    const shown = page.getByRole("status").getByText("French").first();
    await shown.waitFor({ timeout: 15_000 }).catch(() => find(`${view}: no answer is shown`));
    await judge(page, view, find);
  }
  if (profiles.includes(url) && view === "desktop") {
    for (let tries = 0; tries < 100 && !told; tries += 1) await page.waitForTimeout(100);
    if (!told) find("what was read is not told");
  }
  await page.close();
}

async function judge(page, view, find) {
  const [inner, scrolled] = await page.evaluate(() => [innerWidth, document.body.scrollWidth]);
  if (scrolled > inner) find(`${view} is ${scrolled} pixels wide on a screen of ${inner}`);
  if (view === "scriptless") return;
  // The page's own policy allows no script: axe comes in by the debugger, which it does not bind.
  await page.evaluate(axe);
  const result = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ["violations", "passes"] }),
  );
  checks += result.passes.length + result.violations.length;
  for (const { id, help, nodes } of result.violations) {
    find(`axe ${id} ${view}: ${help} (${nodes.length}, as ${nodes[0].target[0]})`);
  }
}

await browser.close();
for (const finding of findings) console.log(finding);
console.log(`note: ${checks} rules over ${urls.length} pages, ${Object.keys(views).join(", ")}`);

// The sign-in and consent pages of OAuth in Chromium, with script off and on: from a client's request
// to a token and a call with it, by an owner who mistypes the password, denies, and then allows.
// Usage: consent.mjs BROWSER URL [FOLDER for pictures]. Prints one finding a line; "note: …" last.
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [executablePath, url, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const views = {
  desktop: { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  phone: { viewport: { width: 360, height: 740 }, colorScheme: "light", hasTouch: true },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
};
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
args.push("--disable-background-networking", "--disable-component-update", "--disable-sync");
const password = "judged by others, again and again";
const name = `judge-${randomBytes(6).toString("hex")}`;
const findings = new Set();
let steps = 0;
let rules = 0;

const expect = (what, found) => {
  steps += 1;
  if (!found) findings.add(what);
};
const json = (body) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

// A client on this computer: it listens for the browser to come back.
const callbacks = [];
const listener = createServer((request, response) => {
  if (request.url.startsWith("/callback")) callbacks.push(new URL(request.url, "http://127.0.0.1"));
  response.setHeader("content-type", "text/plain");
  response.end("You can close this window.");
});
await new Promise((ready) => listener.listen(0, "127.0.0.1", ready));
const redirect = `http://127.0.0.1:${listener.address().port}/callback`;

const account = { username: name, email: `${name}@example.com`, password, full_name: "A Judge" };
const registered = await fetch(`${url}/v1/auth/register`, json(account));
expect("the account was not made", registered.ok);
const server = await (await fetch(`${url}/.well-known/oauth-authorization-server`)).json();
const client = await (
  await fetch(
    server.registration_endpoint,
    json({ client_name: "Judging Client", redirect_uris: [redirect], application_type: "native" }),
  )
).json();

const browser = await chromium.launch({ executablePath, args });
for (const [view, options] of Object.entries(views)) {
  // Without script first, as it must work; axe can't, so it looks the second time.
  for (const script of [false, true]) {
    const context = await browser.newContext({ ...options, javaScriptEnabled: script });
    await connect(await context.newPage(), view, script);
    await refuse(await context.newPage(), view, script);
    await context.close();
  }
}
await browser.close();
listener.close();

async function connect(page, view, script) {
  const find = (finding) => findings.add(`${view}: ${finding}`);
  page.on("console", (message) => {
    // What a status of 4xx is, the page says itself.
    const expected = message.text().includes("422");
    if (["error", "warning"].includes(message.type()) && !expected) find(`console ${message.text()}`);
  });
  page.on("requestfailed", (request) => find(`not loaded ${request.url()}`));
  const verifier = randomBytes(48).toString("base64url");
  const asked = request(verifier, view);
  await page.goto(asked);
  await look(page, view, "sign-in", script);
  await page.getByLabel("Username").fill(name);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  expect(`${view}: a wrong password is not told`, await seen(page.getByRole("alert")));
  await look(page, view, "sign-in-again", script);
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
  expect(`${view}: the owner is not named`, await seen(page.getByText(`${name}@example.com`)));
  await look(page, view, "consent", script);

  await page.getByRole("button", { name: "Deny" }).click();
  await page.waitForURL(`${redirect}**`);
  expect(`${view}: denied otherwise`, answer(view)?.get("error") === "access_denied");

  await page.goto(asked);
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(`${redirect}**`);
  const said = answer(view);
  expect(`${view}: another issuer`, said?.get("iss") === server.issuer);
  await use(view, said?.get("code") ?? "", verifier);

  await page.goto(asked);
  await page.getByRole("button", { name: "Sign in as somebody else" }).click();
  expect(`${view}: still signed in`, await seen(page.getByLabel("Password")));
}

/** Whether `locator` comes to be seen. */
async function seen(locator) {
  return locator.waitFor({ timeout: 15_000 }).then(
    () => true,
    () => false,
  );
}

async function use(view, code, verifier) {
  const form = { grant_type: "authorization_code", code, client_id: client.client_id };
  const body = new URLSearchParams({ ...form, redirect_uri: redirect, code_verifier: verifier });
  const tokens = await (await fetch(server.token_endpoint, { method: "POST", body })).json();
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  const me = await (await fetch(`${url}/v1/auth/me`, { headers })).json();
  expect(`${view}: the token is not the owner's`, me.principal?.username === name);
  const hello = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "judge", version: "1" },
    },
  };
  const posted = json(hello);
  Object.assign(posted.headers, headers);
  const mcp = await fetch(`${url}/v1/mcp`, posted);
  expect(`${view}: the token is not good for MCP`, mcp.ok);
}

async function refuse(page, view, script) {
  await page.goto(`${url}/oauth/authorize?client_id=nobody`);
  await look(page, view, "refused", script);
  expect("an unknown client leads on", page.url().startsWith(url));
}

function request(verifier, state) {
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const query = {
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: redirect,
    code_challenge: challenge,
    code_challenge_method: "S256",
    state,
    resource: `${server.issuer}/v1/mcp`,
    scope: "mcp:connect tools:invoke resume:generate chat:run",
  };
  return `${server.authorization_endpoint}?${new URLSearchParams(query)}`;
}

function answer(state) {
  const said = callbacks.pop()?.searchParams;
  expect(`${state}: the state came back otherwise`, said?.get("state") === state);
  return said;
}

async function look(page, view, what, script) {
  const find = (finding) => findings.add(`${what} ${view}: ${finding}`);
  const [inner, scrolled] = await page.evaluate(() => [innerWidth, document.body.scrollWidth]);
  if (scrolled > inner) find(`${scrolled} pixels wide on a screen of ${inner}`);
  if (script) await judge(page, find);
  else if (pictures) {
    await page.screenshot({ path: `${pictures}/${what}-${view}.png`, fullPage: true });
  }
}

async function judge(page, find) {
  // The pages' own policy allows no script: axe comes in by the debugger, which it does not bind.
  await page.evaluate(axe);
  const result = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ["violations", "passes"] }),
  );
  rules += result.passes.length + result.violations.length;
  for (const { id, help, nodes } of result.violations) {
    find(`axe ${id}: ${help} (${nodes.length}, as ${nodes[0].target[0]})`);
  }
}

for (const finding of findings) console.log(finding);
console.log(`note: ${steps} steps and ${rules} rules on desktop, phone and in the dark, without script too`);
